"""Sets figures in columns of fixed width that fit a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

WIDTH = 32


@dataclass(frozen=True)
class Figures:
    """One line: what it counts, the figure now and before, and how much it has changed."""

    label: str
    now: str
    before: str = ""
    change: str = ""


def table(lines: Sequence[Figures]) -> list[str] | None:
    """The lines in columns; None if they are wider than a phone."""
    label, now, before, change = (max(map(width, column)) for column in _columns(lines))
    gaps = 1 + 2 * bool(before) + bool(change)
    spare = WIDTH - (label + now + before + change + gaps)
    if spare < 0:
        return None
    return [
        _left(line.label, label)
        + _right(line.now, now + 1 + spare)
        + (_right(line.before, before + 2) if before else "")
        + (_right(line.change, change + 1) if change else "")
        for line in lines
    ]


def pair(label: str, figure: str) -> str:
    """A name and its figure at the two edges; the name gives way."""
    room = WIDTH - width(figure) - 2
    return _left(shortened(label, room), room + 2) + figure


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis to so many columns."""
    if width(text) <= most:
        return text
    kept = text
    while kept and width(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def width(text: str) -> int:
    """How many columns a text takes: wide signs take two, accents none."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _columns(lines: Sequence[Figures]) -> tuple[list[str], list[str], list[str], list[str]]:
    return (
        [line.label for line in lines],
        [line.now for line in lines],
        [line.before for line in lines],
        [line.change for line in lines],
    )


def _left(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text
