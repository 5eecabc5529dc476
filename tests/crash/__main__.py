"""python -m tests.crash --runs 200: kills the shop at every point and says whether all was well in the end."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tests.crash.cases import Case, first
from tests.crash.commands import stock
from tests.crash.points import POINTS
from tests.crash.process import context
from tests.crash.running import Outcome, play


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--point", default="", help="only runs of points whose name begins so")
    parser.add_argument("--bug", default="", help="plant one of the simulation's bugs, to see that it is found")
    asked = parser.parse_args()
    named = [case for case in first(asked.runs) if case.point.name.startswith(asked.point)]
    chosen = [replace(case, bug=asked.bug) for case in named]
    outcomes = asyncio.run(_all(chosen, asked.at_once))
    for line in _table(outcomes):
        _say(line)
    return 0 if all(outcome.fine for outcome in outcomes) else 1


async def _all(chosen: list[Case], at_once: int) -> list[Outcome]:
    source, free = context(), asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory(prefix="guichet-crash-") as folder:
        stocked = await stock(source, Path(folder))
        return await asyncio.gather(*(_one(source, stocked, case, free) for case in chosen))


async def _one(source: ForkServerContext, stocked: Path, case: Case, free: asyncio.Semaphore) -> Outcome:
    async with free:
        outcome = await play(source, stocked, case)
    _say(f"{'fine' if outcome.fine else 'BROKEN'}  {case}  ({outcome.seconds:.1f} s)")
    for broken in outcome.broken:
        _say(f"        {broken}")
    if not outcome.fired:
        _say("        it did not end there")
    return outcome


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _table(outcomes: list[Outcome]) -> Iterator[str]:
    yield f"\n{'while':9} {'point':36} {'rows':8} {'runs':>5} {'fine':>5}"
    for point in POINTS:
        runs = [outcome for outcome in outcomes if outcome.case.point is point]
        if runs:
            fine = sum(outcome.fine for outcome in runs)
            yield f"{point.where:9} {point.name:36} {', '.join(map(str, point.rows)):8} {len(runs):>5} {fine:>5}"
    yield f"\n{sum(outcome.fine for outcome in outcomes)} of {len(outcomes)}"


if __name__ == "__main__":
    sys.exit(main())
