"""Puts lists with answers of guests on pages, so that staff can read every answer in full."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from handlers import markup

ROOM = markup.TEXT - 300
"""Units of a page; the rest is for its title."""
MOST_LINES = 40

Item = TypeVar("Item")
Cost = tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """A line of a list, below it what was answered; `under` is the heading of all in its group."""

    group: int
    under: str
    line: str
    answers: tuple[str, ...] = ()


def fit_together(lines: Sequence[str]) -> bool:
    """Whether a message shows all of these in full."""
    return len(lines) <= MOST_LINES and _units(lines) <= ROOM


def paged(entries: Iterable[Entry], at_most: int) -> list[list[str]]:
    """The blocks of each page, with so many entries at most.

    A heading stands again on each page, and so does the line of an entry whose answers need several. Below answers
    an entry stands apart.
    """
    pieces = (piece for entry in entries for piece in _pieces(entry))
    return [_blocks(page) for page in _runs(pieces, _cost, (at_most, MOST_LINES, ROOM))]


def _pieces(entry: Entry) -> Iterator[Entry]:
    """The entry, or several of it that are short enough for a page each."""
    if not entry.answers:
        yield entry
    room = (MOST_LINES - 1, ROOM - _units([entry.under, entry.line]))
    for answers in _runs(entry.answers, lambda answer: (1, _units([answer])), room):
        yield replace(entry, answers=tuple(answers))


def _cost(entry: Entry) -> Cost:
    return 1, 1 + len(entry.answers), _units([entry.under, entry.line, *entry.answers])


def _runs(items: Iterable[Item], cost: Callable[[Item], Cost], most: Cost) -> Iterator[list[Item]]:
    """The items in their order, as many together as cost no more than this; one by itself may."""
    run: list[Item] = []
    spent = (0,) * len(most)
    for item in items:
        spent = tuple(before + more for before, more in zip(spent, cost(item), strict=True))
        if run and any(sum_ > limit for sum_, limit in zip(spent, most, strict=True)):
            yield run
            run, spent = [], cost(item)
        run.append(item)
    if run:
        yield run


def _blocks(page: Sequence[Entry]) -> list[str]:
    blocks: list[str] = []
    above: Entry | None = None
    for entry in page:
        if above is None or entry.group != above.group:
            blocks += [markup.gap(entry.under), entry.line, *entry.answers]
        else:
            blocks += [markup.gap(entry.line) if above.answers else entry.line, *entry.answers]
        above = entry
    return blocks


def _units(lines: Iterable[str]) -> int:
    """With the end of each line, and of an empty one above."""
    return sum(markup.units(line) + 2 for line in lines)
