"""Reads tables that a person wrote and notes every mistake instead of stopping at the first."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from bot.domain.catalogue_entries import CatalogueMistake, Texts

_FEW = 30
_SLUG = re.compile(r"[a-z0-9-]{1,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PICTURE = re.compile(r"(?!/)(?!.*(^|/)\.\.(/|$))[^\\]+\.(jpe?g|png)", re.IGNORECASE)


@dataclass(frozen=True)
class ShopRules:
    """What the settings say about the shop whose file is read."""

    currency: str
    decimals: int
    time_zone: str
    languages: Sequence[str]
    time_zones: frozenset[str]


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: the known one most like it, or what is known if that is not much."""
    names = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), names, n=1, cutoff=0.5)
    if close:
        return f'did you mean "{names[close[0]]}"?'
    return f"known: {', '.join(names.values()) or 'none'}" if len(names) <= _FEW else "nothing known is near it"


class Table:
    """One table of the file. Every key that is asked for is thereby known; `finish` reports the others.

    A mistake is noted and answered with a neutral value, so that reading goes on to the next one.
    """

    def __init__(self, values: object, path: str, mistakes: list[CatalogueMistake]) -> None:
        self._path = path
        self._mistakes = mistakes
        self._known: list[str] = []
        self._values: dict[str, object] = {}
        if isinstance(values, Mapping):
            self._values = {str(key): value for key, value in values.items()}
        else:
            self.wrong("", "a table")
            self._mistakes = []  # what follows from this one is not worth telling

    def wrong(self, key: str, expected: str) -> None:
        path = ".".join(part for part in (self._path, key) if part) or "file"
        self._mistakes.append(CatalogueMistake(path, expected))

    def has(self, key: str) -> bool:
        self._known.append(key)
        return key in self._values

    def value(self, key: str) -> object:
        self._known.append(key)
        return self._values.get(key)

    def finish(self) -> None:
        for key in self._values:
            if key not in self._known:
                self.wrong(key, f"no such key here; {nearest(key, dict.fromkeys(self._known))}")

    def refuse(self, keys: Iterable[str], expected: str) -> None:
        """Keys that exist in the format but have no place in this table."""
        for key in keys:
            if self.has(key):
                self.wrong(key, expected)

    def table(self, key: str) -> "Table":
        found = self.value(key)
        return Table({} if found is None else found, self._join(key), self._mistakes)

    def tables(self, key: str, *, least: int = 0) -> "list[Table]":
        found = self.value(key)
        rows = [] if found is None else found
        if not isinstance(rows, list) or len(rows) < least:
            self.wrong(key, f"{'at least one table' if least else 'tables'}, each under [[{_bare(self._join(key))}]]")
            return []
        return [Table(row, f"{self._join(key)}[{index}]", self._mistakes) for index, row in enumerate(rows)]

    def string(self, key: str, expected: str, pattern: re.Pattern[str] | None = None, *, longest: int = 200) -> str:
        found = self.value(key)
        fits = isinstance(found, str) and found.strip() and len(found) <= longest
        if isinstance(found, str) and fits and (pattern is None or pattern.fullmatch(found)):
            return found
        self.wrong(key, expected)
        return ""

    def slug(self, taken: set[str]) -> str:
        found = self.string("slug", 'at most 40 of a-z, 0-9 and "-"', _SLUG)
        if found and found in taken:
            self.wrong("slug", f'a slug of its own; "{found}" stands above already')
        taken.add(found)
        return found

    def picture(self, key: str) -> str:
        return self.string(key, "the path of a .jpg or .png, relative to this file and inside its folder", _PICTURE)

    def choice(self, key: str, known: Collection[str]) -> str:
        found = self.value(key)
        if isinstance(found, str) and found in known:
            return found
        self.wrong(key, f"a known value; {nearest(str(found or ''), known)}")
        return ""

    def integer(self, key: str, *, least: int = 1, most: int = 1_000_000, default: int | None = None) -> int:
        if default is not None and not self.has(key):
            return default
        found = self.value(key)
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.wrong(key, f"a whole number from {least} to {most}")
        return most

    def optional_number(self, key: str, expected: str, *, least: float, most: float) -> float | None:
        """A number with a point or without; None where there is none or it is wrong."""
        if not self.has(key):
            return None
        found = self.value(key)
        if isinstance(found, int | float) and not isinstance(found, bool) and least <= found <= most:
            return float(found)
        self.wrong(key, expected)
        return None

    def strings(self, key: str, expected: str) -> tuple[str, ...]:
        found = self.value(key)
        if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
            return tuple(str(each) for each in found)
        self.wrong(key, expected)
        return ()

    def day(self, key: str) -> date | None:
        found = self.value(key)
        day = as_day(found)
        if found is not None and day is None:
            self.wrong(key, "a date such as 2026-12-25")
        return day

    def texts(self, key: str, languages: Sequence[str], *, longest: int) -> Texts:
        """The same text in every language of the shop; further languages may stand beside them."""
        inner = self.table(key)
        expected = f"a text of at most {longest} characters"
        return {language: inner.string(language, expected, longest=longest) for language in inner.languages(languages)}

    def optional_texts(self, key: str, languages: Sequence[str], *, longest: int) -> Texts:
        return self.texts(key, languages, longest=longest) if self.has(key) else {}

    def languages(self, required: Sequence[str]) -> list[str]:
        spare = [key for key in self._values if key not in required and _LANGUAGE.fullmatch(key)]
        for key in self._values:
            if key not in required and key not in spare:
                self.wrong(key, f"a language such as {', '.join(required)}; {nearest(key, required)}")
        return [*required, *spare]

    def _join(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def as_day(value: object) -> date | None:
    """A date of the file, written bare or as a string."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _bare(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)
