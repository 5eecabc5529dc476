"""One process's part of the inputs, on one sort of database, with an eye on the memory that it takes."""

import gc
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from storage.database import Database, engine
from tests.database import postgres_server, quick, sqlite_template, sqlite_url
from tests.fuzz.running import BUNCH, Tally, open_fuzz

WARM_UP = 10 * BUNCH


@dataclass(frozen=True)
class Part:
    """What one process has done, on one sort of database. `growth`: megabytes since the warm-up."""

    database: str
    inputs: int
    complaints: Sequence[str]
    tally: Tally
    growth: float


def play_part(sort: str, numbers: Sequence[int]) -> Part:
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it speaks of each transaction that fails, as some must
    return uvloop.run(_played(sort, numbers))


async def _played(sort: str, numbers: Sequence[int]) -> Part:
    with database_url(sort) as url:
        database = Database(quick(engine(url)))
        async with open_fuzz(database) as fuzz:
            complaints = await fuzz.play(numbers[:WARM_UP])
            before = _megabytes()
            for start in range(WARM_UP, len(numbers), WARM_UP):
                complaints += await fuzz.play(numbers[start : start + WARM_UP])
                sys.stdout.write(f"{sort}: {min(start + WARM_UP, len(numbers))} of {len(numbers)}\n")
                sys.stdout.flush()
            growth = _megabytes() - before
        await database.close()
    return Part(sort, len(numbers), complaints, fuzz.tally, growth)


def _megabytes() -> float:
    """The memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


@contextmanager
def database_url(sort: str) -> Iterator[str]:
    if sort == "postgres":
        with postgres_server() as server, server.database() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield sqlite_url(sqlite_template(Path(folder)))
