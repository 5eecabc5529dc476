"""Stretches of days that staff ask about, in their words and on the shop's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal

EARLIEST = date(2000, 1, 1)
LATEST = date(MAXYEAR - 1, 12, 31)

TODAY = frozenset({"today", "aujourd'hui", "aujourdhui", "day", "jour"})
TOMORROW = frozenset({"tomorrow", "demain"})
YESTERDAY = frozenset({"yesterday", "hier"})
WEEK = frozenset({"week", "semaine"})
MONTH = frozenset({"month", "mois"})


@dataclass(eq=False)
class BadPeriod(Refusal):
    """Words that name no day, month or stretch of days."""

    text: str


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SPAN = "span"


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included; weeks run from Monday to Sunday. Raises BadPeriod beyond the calendar."""

    kind: Kind
    first: date
    last: date

    def __post_init__(self) -> None:
        if not EARLIEST <= self.first <= self.last <= LATEST:
            raise BadPeriod(f"{self.first} {self.last}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """The one that ends the day before this one starts."""
        day = self.first - timedelta(days=1)
        return Period(Kind.SPAN, self._back(), day) if self.kind is Kind.SPAN else period_with(self.kind, day)

    @property
    def next(self) -> "Period":
        day = self.last + timedelta(days=1)
        return Period(Kind.SPAN, day, self._ahead()) if self.kind is Kind.SPAN else period_with(self.kind, day)

    def compared(self, today: date) -> "Period":
        """What this period is measured against: the one before, cut to as many days when this one still runs."""
        before = self.previous
        if not self.first <= today < self.last:
            return before
        passed = min(before.days, (today - self.first).days + 1)
        return Period(Kind.SPAN, before.first, before.first + timedelta(days=passed - 1))

    def _back(self) -> date:
        if self.days > (self.first - EARLIEST).days:
            raise BadPeriod(f"{self.first} {self.last}")
        return self.first - timedelta(days=self.days)

    def _ahead(self) -> date:
        if self.days > (LATEST - self.last).days:
            raise BadPeriod(f"{self.first} {self.last}")
        return self.last + timedelta(days=self.days)


def period_with(kind: Kind, day: date) -> Period:
    """The day, calendar week or calendar month that the day lies in; a span of that day alone."""
    match kind:
        case Kind.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(kind, monday, monday + timedelta(days=6))
        case Kind.MONTH:
            first = day.replace(day=1)
            return Period(kind, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        case Kind.DAY | Kind.SPAN:
            return Period(kind, day, day)


def parse_period(words: Sequence[str], today: date) -> Period:
    """What staff mean by `week`, `2026-11`, `2026-11-01 2026-11-15` and the like; no word means today.

    Raises BadPeriod.
    """
    match [_plain(word) for word in words]:
        case []:
            return period_with(Kind.DAY, today)
        case [word]:
            return _named(word, today) or _dated(word)
        case [first, last]:
            return Period(Kind.SPAN, _iso_day(first), _iso_day(last))
        case _:
            raise BadPeriod(" ".join(words))


def parse_day(words: Sequence[str], today: date) -> date:
    """One day: today by default, `tomorrow`, `yesterday` or `2026-11-20`; raises BadPeriod."""
    match [_plain(word) for word in words]:
        case [word] if word in TOMORROW:
            return today + timedelta(days=1)
        case [] | [_]:
            period = parse_period(words, today)
            if period.kind is Kind.DAY:
                return period.first
    raise BadPeriod(" ".join(words))


def _plain(word: str) -> str:
    return word.strip().casefold().replace("’", "'")


def _named(word: str, today: date) -> Period | None:
    if word in TODAY:
        return period_with(Kind.DAY, today)
    if word in YESTERDAY:
        return period_with(Kind.DAY, today - timedelta(days=1))
    if word in WEEK:
        return period_with(Kind.WEEK, today)
    return period_with(Kind.MONTH, today) if word in MONTH else None


def _dated(word: str) -> Period:
    if len(word) == len("2026-11"):
        return period_with(Kind.MONTH, _iso_day(f"{word}-01"))
    return period_with(Kind.DAY, _iso_day(word))


def _iso_day(word: str) -> date:
    """A date as 2026-11-20 and nothing else: ISO 8601 knows other spellings, people mistype them."""
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise BadPeriod(word) from error
    if day.isoformat() != word or not EARLIEST <= day <= LATEST:
        raise BadPeriod(word)
    return day
