"""From when until when a rental can be taken, and what that costs: each day by the rule that holds for it.

A stay is a run of rows that follow each other: nights or days, or hours of one day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby, islice, pairwise
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import PriceRule, Rental, Step, Weekday
from bot.domain.errors import Gone, Refusal, SoldOut
from bot.domain.ids import InventoryId
from bot.domain.money import Money

DAY = timedelta(days=1)


class Why(StrEnum):
    """Why a stay cannot be taken."""

    BACKWARDS = "backwards"  # it ends before it begins
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    ARRIVAL = "arrival"  # stays do not begin on such a weekday
    DEPARTURE = "departure"  # nor end
    PAST = "past"
    BEYOND = "beyond"  # further ahead than one can book
    CLOSED = "closed"  # one of its days is not let
    NO_END = "no_end"  # from this day on, none of the allowed stays has room


@dataclass(eq=False)
class NoStay(Refusal):
    """This cannot be taken. `day` is the one that stands in the way, where there is one, and `at` its hour."""

    why: Why
    terms: Rental
    day: date | None = None
    horizon_days: int = 0
    at: datetime | None = None


@dataclass(eq=False)
class DayTaken(SoldOut):
    """One of the days, or the hour `at`, has fewer units left than were asked for."""

    day: date = date.min
    at: datetime | None = None


@dataclass(frozen=True)
class Length:
    """How long a stay is, for people to read."""

    step: Step
    count: int


@dataclass(frozen=True)
class LetRow:
    """The inventory row of a night, a day or an hour. Instants are aware, `day` is that of the place."""

    inventory_id: InventoryId
    day: date
    starts_at: datetime
    ends_at: datetime
    left: int
    closed: bool


@dataclass(frozen=True)
class Letting:
    """What is to let: the rows that there are, by their start, and until when and how far ahead they can be booked."""

    terms: Rental
    base: Money
    rows: tuple[LetRow, ...] = field(repr=False)
    time_zone: str
    closes_minutes_before: int
    horizon_days: int

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def last(self, now: datetime) -> date:
        """The last day that can be booked."""
        return self.today(now) + DAY * self.horizon_days

    def late(self, row: LetRow, now: datetime) -> bool:
        """Whether booking of a stay that begins with this row has ended."""
        return now >= row.starts_at - timedelta(minutes=self.closes_minutes_before)

    def on(self, day: date) -> tuple[LetRow, ...]:
        """The rows of a day: one, or each of its hours."""
        return self._by_day.get(day, ())

    def run(self, first: InventoryId) -> Iterator[LetRow]:
        """The rows from one on for as long as each follows the one before; raises Gone where it is none of these."""
        place = self._places.get(first)
        if place is None:
            raise Gone
        yield self.rows[place]
        for before, row in pairwise(islice(self.rows, place, None)):
            if not _follows(self.terms, before, row):
                return
            yield row

    def freed(self, units: Mapping[InventoryId, int]) -> "Letting":
        """The same, if so many units more were left of these rows."""
        rows = tuple(replace(row, left=row.left + units.get(row.inventory_id, 0)) for row in self.rows)
        return replace(self, rows=rows)

    @cached_property
    def _places(self) -> Mapping[InventoryId, int]:
        return {row.inventory_id: place for place, row in enumerate(self.rows)}

    @cached_property
    def _by_day(self) -> Mapping[date, tuple[LetRow, ...]]:
        return {day: tuple(rows) for day, rows in groupby(self.rows, key=lambda row: row.day)}


def _follows(terms: Rental, before: LetRow, row: LetRow) -> bool:
    if terms.step is Step.HOUR:
        return row.day == before.day and row.starts_at == before.ends_at
    return row.day == before.day + DAY


def departure(terms: Rental, last: date) -> date:
    """The day on which a stay ends whose last row is this day's: after a night, the next one."""
    return last + DAY if terms.step is Step.NIGHT else last


def reach(terms: Rental, first: date) -> date:
    """The last day whose rows can matter to a stay that begins on that day."""
    return first if terms.step is Step.HOUR else first + DAY * terms.longest


def steps_until(terms: Rental, first: date, end: date) -> int:
    """How many nights or days a stay has that ends on that day; less than one if it ends before it begins."""
    days = (end - first).days
    return days if terms.step is Step.NIGHT else days + 1


def price_of(letting: Letting, day: date) -> Money:
    """What one unit costs for that step: by the first rule that holds, else as the fare says."""
    rule = next((rule for rule in letting.terms.prices if _holds(rule, day)), None)
    return letting.base if rule is None else Money(rule.price, letting.base.currency)


def lowest_price(terms: Rental, base: Money) -> Money:
    """What the cheapest step costs."""
    return min([base, *(Money(rule.price, base.currency) for rule in terms.prices)])


def grouped(prices: Iterable[Money]) -> tuple[tuple[int, Money], ...]:
    """So many steps at each price, the price that comes first before the others."""
    counts: dict[Money, int] = {}
    for price in prices:
        counts[price] = counts.get(price, 0) + 1
    return tuple((count, price) for price, count in counts.items())


def stay(letting: Letting, first: InventoryId, steps: int, units: int, now: datetime) -> tuple[LetRow, ...]:
    """The rows of a stay for so many units; raises NoStay, or DayTaken where a row has too few units left."""
    _check_length(letting, steps)
    rows = tuple(islice(letting.run(first), steps))
    _check_first(letting, rows[0], now)
    for row in rows:
        _check(letting, row, now)
    if len(rows) < steps:
        raise _no_row_after(letting, rows[-1], now)
    for row in rows:
        if row.left < units:
            raise DayTaken(left=min(each.left for each in rows), day=row.day, at=_hour(letting, row.starts_at))
    end = departure(letting.terms, rows[-1].day)
    if not _changes_over(letting.terms, end):
        raise _no(letting, Why.DEPARTURE, end)
    return rows


def lengths(letting: Letting, first: InventoryId, now: datetime) -> tuple[int, ...]:
    """How many steps a stay from that row on can have, shortest first; none if it cannot begin with it."""
    return tuple(_lengths(letting, first, now))


def beginnings(letting: Letting, day: date, now: datetime) -> tuple[LetRow, ...]:
    """The rows of that day with which a stay can begin."""
    return tuple(row for row in letting.on(day) if any(_lengths(letting, row.inventory_id, now)))


def first_refusal(letting: Letting, day: date, now: datetime) -> Refusal | None:
    """Why no stay can begin on that day; None: one can."""
    rows = letting.on(day)
    if not rows:
        return _no_rows_on(letting, day, now)
    if beginnings(letting, day, now):
        return None
    barred = [(row, _barred(letting, row, now)) for row in rows]
    possible = [row for row, why in barred if why is None]
    if not possible:
        return _no(letting, barred[-1][1] or Why.CLOSED, day)
    if not any(row.left for row in possible):
        return DayTaken(left=0, day=day)
    return _no(letting, Why.NO_END, day)


def _barred(letting: Letting, row: LetRow, now: datetime) -> Why | None:
    """Why no stay could begin with this row even if all were free."""
    try:
        _check_first(letting, row, now)
    except NoStay as refusal:
        return refusal.why
    return None


def _lengths(letting: Letting, first: InventoryId, now: datetime) -> Iterator[int]:
    for steps, row in enumerate(islice(letting.run(first), letting.terms.longest), start=1):
        try:
            (_check_first if steps == 1 else _check)(letting, row, now)
        except NoStay:
            return
        if row.left < 1:
            return
        if steps >= letting.terms.shortest and _changes_over(letting.terms, departure(letting.terms, row.day)):
            yield steps


def _check_length(letting: Letting, steps: int) -> None:
    if steps < 1:
        raise _no(letting, Why.BACKWARDS)
    if steps < letting.terms.shortest:
        raise _no(letting, Why.TOO_SHORT)
    if steps > letting.terms.longest:
        raise _no(letting, Why.TOO_LONG)


def _check_first(letting: Letting, row: LetRow, now: datetime) -> None:
    if letting.late(row, now):
        raise _no(letting, Why.PAST, row.day, row.starts_at)
    _check(letting, row, now)
    if not _changes_over(letting.terms, row.day):
        raise _no(letting, Why.ARRIVAL, row.day)


def _check(letting: Letting, row: LetRow, now: datetime) -> None:
    if row.day > letting.last(now):
        raise _no(letting, Why.BEYOND, row.day)
    if row.closed:
        raise _no(letting, Why.CLOSED, row.day, row.starts_at)


def _no_row_after(letting: Letting, row: LetRow, now: datetime) -> NoStay:
    if letting.terms.step is Step.HOUR:
        return _no(letting, Why.CLOSED, row.day, row.ends_at)
    return _no_rows_on(letting, row.day + DAY, now)


def _no_rows_on(letting: Letting, day: date, now: datetime) -> NoStay:
    if day < letting.today(now):
        return _no(letting, Why.PAST, day)
    return _no(letting, Why.BEYOND if day > letting.last(now) else Why.CLOSED, day)


def _changes_over(terms: Rental, day: date) -> bool:
    return not terms.changeover or Weekday(day.weekday()) in terms.changeover


def _holds(rule: PriceRule, day: date) -> bool:
    if (rule.since and day < rule.since) or (rule.until and day > rule.until):
        return False
    if rule.season and not _in_season(day, *rule.season):
        return False
    return not rule.weekdays or Weekday(day.weekday()) in rule.weekdays


def _in_season(day: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Also where the year turns within it."""
    this = (day.month, day.day)
    return first <= this <= last if first <= last else this >= first or this <= last


def _no(letting: Letting, why: Why, day: date | None = None, at: datetime | None = None) -> NoStay:
    return NoStay(why, letting.terms, day, letting.horizon_days, None if at is None else _hour(letting, at))


def _hour(letting: Letting, at: datetime) -> datetime | None:
    """On the clock of the place; of days and nights the hour says nothing."""
    return at.astimezone(ZoneInfo(letting.time_zone)) if letting.terms.step is Step.HOUR else None
