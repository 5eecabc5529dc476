"""`python -m tests.fuzz --inputs 100000 [--start S]` against the web server; `--input K` for one, with its bytes."""

import argparse
import asyncio
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from storage.database import Database, engine
from tests.database import SORTS, quick
from tests.fuzz.parts import Part, database_url, play_part
from tests.fuzz.running import open_fuzz

MOST_GROWTH = 32.0
MOST_SHOWN = 20
SHARES = (("sqlite", (1, 3, 5, 7, 9)), ("sqlite", (2, 4, 6, 8)), ("postgres", (0,)))
"""The database of each process, and how the numbers end that it plays."""


def main() -> int:
    options = _options()
    if options.input is not None:
        return _one(options.input, options.database)
    return _many(range(options.start, options.start + options.inputs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many to send")
    parser.add_argument("--start", type=int, default=1, help="the number of the first")
    parser.add_argument("--input", type=int, help="send one and show it")
    parser.add_argument("--database", choices=SORTS, default=SORTS[0], help="where to send that one")
    return parser.parse_args()


def _one(number: int, sort: str) -> int:
    async def play() -> Sequence[str]:
        with database_url(sort) as url:
            database = Database(quick(engine(url)))
            async with open_fuzz(database) as fuzz:
                _say(repr(fuzz.show(number)))
                found = await fuzz.together([number])
            await database.close()
        return found

    found = asyncio.run(play())
    _say("\n".join(found) or f"input {number} did no harm")
    return 1 if found else 0


def _many(numbers: range) -> int:
    """Side by side; PostgreSQL, which is slower here, gets the smallest share."""
    began, parts = time.monotonic(), list[Part]()
    with ProcessPoolExecutor(len(SHARES), multiprocessing.get_context("spawn")) as pool:
        shares = [(sort, [number for number in numbers if number % 10 in last]) for sort, last in SHARES]
        for done in as_completed([pool.submit(play_part, sort, share) for sort, share in shares if share]):
            parts.append(done.result())
            _say(_told(parts[-1]))
    complaints = [line for part in parts for line in part.complaints]
    bad = sum(map(_guilty, parts))
    _say("\n".join(complaints[:MOST_SHOWN]))
    _say(f"{len(numbers) - bad} of {len(numbers)}, {time.monotonic() - began:.0f} s")
    return 1 if bad or complaints or any(part.growth >= MOST_GROWTH for part in parts) else 0


def _guilty(part: Part) -> int:
    return len({line.partition(":")[0] for line in part.complaints})


def _told(part: Part) -> str:
    counted = {"sent": part.tally.sorts, "answered": part.tally.answers, "stored": part.tally.ends}
    lines = [
        f"  {name}: {', '.join(f'{count} {what}' for what, count in each.most_common())}"
        for name, each in counted.items()
    ]
    return "\n".join([f"{part.database}: memory {part.growth:+.1f} MB", *lines])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
