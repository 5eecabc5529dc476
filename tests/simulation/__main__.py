"""`python -m tests.simulation --seeds N [--start S]`, `--seed K` for one with its trace, `--teeth` for planted bugs."""

import argparse
import sys
import time

from tests.simulation.play import Played, play
from tests.simulation.running import Tally, play_all, prepared
from tests.simulation.teeth import bite_all

LONGEST_TRACE = 400


def main() -> int:
    options = _options()
    if options.teeth:
        return _teeth(options.processes)
    if options.seed is not None:
        return _one(options.seed)
    return _many(options.start, options.seeds, options.processes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many seeds to play")
    parser.add_argument("--start", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="play one seed and show its trace")
    parser.add_argument("--processes", type=int, help="how many at once (as many as there are processors)")
    parser.add_argument("--teeth", action="store_true", help="find every planted bug instead")
    return parser.parse_args()


def _one(seed: int) -> int:
    played = play(prepared(), seed)
    _say("\n".join(played.lines))
    _say(f"seed {seed} hash {played.hash}")
    for violation in played.violations:
        _say(f"BROKEN {violation}")
    return 1 if played.violations else 0


def _many(start: int, seeds: int, processes: int | None) -> int:
    tally, began = Tally(), time.monotonic()
    for played in play_all(range(start, start + seeds), processes):
        tally.add(played)
        if played.violations:
            _say(_failure(played))
        if tally.seeds % 100 == 0:
            _say(f"{tally.seeds} of {seeds} seeds, {len(tally.failed)} failed, {time.monotonic() - began:.0f} s")
    _say("\n".join(f"{count:8} {kind}" for kind, count in sorted(tally.faults.items())))
    for kind in tally.never_happened:
        _say(f"never happened: {kind}")
    _say(f"{tally.seeds} seeds, {len(tally.failed)} failed: {[played.seed for played in tally.failed]}")
    return 1 if tally.failed or tally.never_happened else 0


def _teeth(processes: int | None) -> int:
    missed = 0
    for bite in bite_all(processes=processes):
        missed += bite.seed is None
        found = "not found" if bite.seed is None else f"seed {bite.seed}: {bite.violation[:120]}"
        _say(f"{bite.bug:40} {found}")
    return 1 if missed else 0


def _failure(played: Played) -> str:
    shown = played.lines[-LONGEST_TRACE:]
    broken = "\n".join(f"BROKEN {violation}" for violation in played.violations)
    replay = f"replay: python -m tests.simulation --seed {played.seed}"
    return "\n".join((*shown, broken, replay))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
