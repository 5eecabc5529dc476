"""Plays many seeds, on all processors, and gathers what was found."""

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.simulation.play import Played, play
from tests.simulation.weather import KINDS
from tests.simulation.workshop import Workshop, open_workshop

CHUNK = 10
ENOUGH = 300
"""So many seeds, and every kind of fault must have happened."""


@dataclass
class Tally:
    """What a run of many seeds has found so far."""

    seeds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    failed: list[Played] = field(default_factory=list)

    def add(self, played: Played) -> None:
        self.seeds += 1
        self.faults += played.faults
        if played.violations:
            self.failed.append(played)

    @property
    def never_happened(self) -> list[str]:
        """Kinds of fault that did not happen, if so many seeds were played that each should have."""
        return missing(self.faults) if self.seeds >= ENOUGH else []


def missing(faults: Counter[str]) -> list[str]:
    every = [f"{service}.{kind}" for service, kinds in KINDS.items() for kind in kinds]
    return [kind for kind in every if not faults[kind]]


def prepared(*, guarded: bool = True) -> Workshop:
    """A workshop, and a process that does not look at what was there before it again and again."""
    workshop = open_workshop(guarded=guarded)
    play(workshop, 0)
    gc.collect()
    gc.freeze()
    return workshop


def play_chunk(seeds: Sequence[int]) -> list[Played]:
    """In a process of its own."""
    workshop = _workshop()
    return [_light(play(workshop, seed)) for seed in seeds]


def play_all(seeds: Iterable[int], processes: int | None = None) -> Iterator[Played]:
    """Every seed, in the order of their numbers."""
    numbers = list(seeds)
    chunks = [numbers[first : first + CHUNK] for first in range(0, len(numbers), CHUNK)]
    count = min(processes or os.cpu_count() or 1, len(chunks))
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        for chunk in pool.imap(play_chunk, chunks):
            yield from chunk


_KEPT: list[Workshop] = []


def _workshop() -> Workshop:
    if not _KEPT:
        _KEPT.append(prepared())
    return _KEPT[0]


def _light(played: Played) -> Played:
    """Without the lines of a run that was fine."""
    return played if played.violations else Played(played.seed, played.hash, (), played.faults, ())
