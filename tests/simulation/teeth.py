"""Proves that the simulation finds what it is there to find: every planted bug, within so many seeds."""

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.simulation.bugs import BUGS, UNGUARDED
from tests.simulation.play import play
from tests.simulation.running import prepared

MOST = 2000


@dataclass(frozen=True)
class Bite:
    """Which seed found a bug, and by what; None: nobody did."""

    bug: str
    seed: int | None
    violation: str = ""


def bite(bug: str, most: int = MOST) -> Bite:
    """Play seeds with a planted bug until one finds it."""
    workshop = prepared(guarded=bug not in UNGUARDED)
    with BUGS[bug]():
        for seed in range(1, most + 1):
            played = play(workshop, seed)
            if played.violations:
                return Bite(bug, seed, played.violations[0])
    return Bite(bug, None)


def bite_all(bugs: Sequence[str] = tuple(BUGS), processes: int | None = None) -> Iterator[Bite]:
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(bite, bugs, chunksize=1)
