"""From which day to which a rental can be taken, and what that costs: each day by the rule that holds for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import PriceRule, Rental, Step, Weekday
from bot.domain.errors import Refusal, SoldOut
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
    """These days cannot be taken. `day` is the one that stands in the way, where there is one."""

    why: Why
    terms: Rental
    day: date | None = None
    horizon_days: int = 0


@dataclass(eq=False)
class DayTaken(SoldOut):
    """One of the days has fewer units left than were asked for."""

    day: date = date.min


@dataclass(frozen=True)
class Length:
    """How long a stay is, for people to read."""

    step: Step
    count: int


@dataclass(frozen=True)
class LetDay:
    """A day's inventory row. Instants are aware."""

    inventory_id: InventoryId
    day: date
    starts_at: datetime
    ends_at: datetime
    left: int
    closed: bool


@dataclass(frozen=True)
class Letting:
    """What is to let: the days that there are, and until when and how far ahead they can be booked."""

    terms: Rental
    base: Money
    days: Mapping[date, LetDay] = field(repr=False)
    time_zone: str
    closes_minutes_before: int
    horizon_days: int

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def last(self, now: datetime) -> date:
        """The last day that can be booked."""
        return self.today(now) + DAY * self.horizon_days

    def late(self, row: LetDay, now: datetime) -> bool:
        """Whether booking of a stay that begins with this day has ended."""
        return now >= row.starts_at - timedelta(minutes=self.closes_minutes_before)

    def freed(self, units: Mapping[InventoryId, int]) -> "Letting":
        """The same, if so many units more were left of these rows."""
        days = {day: replace(row, left=row.left + units.get(row.inventory_id, 0)) for day, row in self.days.items()}
        return replace(self, days=days)


def departure(terms: Rental, last: date) -> date:
    """The day on which a stay ends whose last row is this day's: after a night, the next one."""
    return last + DAY if terms.step is Step.NIGHT else last


def steps_until(terms: Rental, first: date, end: date) -> int:
    """How many steps a stay has that ends on that day; less than one if it ends before it begins."""
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


def stay(letting: Letting, first: date, steps: int, units: int, now: datetime) -> tuple[LetDay, ...]:
    """The days of a stay for so many units; raises NoStay, or DayTaken where a day has too few units left."""
    _check_length(letting, first, steps)
    _check_first(letting, first, now)
    days = tuple(_day(letting, first + DAY * offset, now) for offset in range(steps))
    for row in days:
        if row.left < units:
            raise DayTaken(left=min(each.left for each in days), day=row.day)
    end = departure(letting.terms, days[-1].day)
    if not _changes_over(letting.terms, end):
        raise _no(letting, Why.DEPARTURE, end)
    return days


def lengths(letting: Letting, first: date, now: datetime) -> tuple[int, ...]:
    """How many steps a stay from that day on can have, shortest first; none if it cannot begin then."""
    return tuple(_lengths(letting, first, now))


def first_refusal(letting: Letting, first: date, now: datetime) -> Refusal | None:
    """Why no stay can begin on that day; None: one can."""
    try:
        _check_first(letting, first, now)
        if _day(letting, first, now).left < 1:
            return DayTaken(left=0, day=first)
    except NoStay as refusal:
        return refusal
    return None if lengths(letting, first, now) else _no(letting, Why.NO_END, first)


def _lengths(letting: Letting, first: date, now: datetime) -> Iterator[int]:
    try:
        _check_first(letting, first, now)
    except NoStay:
        return
    for steps in range(1, letting.terms.longest + 1):
        day = first + DAY * (steps - 1)
        row = letting.days.get(day)
        if row is None or row.closed or row.left < 1 or day > letting.last(now):
            return
        if steps >= letting.terms.shortest and _changes_over(letting.terms, departure(letting.terms, day)):
            yield steps


def _check_length(letting: Letting, first: date, steps: int) -> None:
    if steps < 1:
        raise _no(letting, Why.BACKWARDS, first)
    if steps < letting.terms.shortest:
        raise _no(letting, Why.TOO_SHORT)
    if steps > letting.terms.longest:
        raise _no(letting, Why.TOO_LONG)


def _check_first(letting: Letting, first: date, now: datetime) -> None:
    if first < letting.today(now) or letting.late(_day(letting, first, now), now):
        raise _no(letting, Why.PAST, first)
    if not _changes_over(letting.terms, first):
        raise _no(letting, Why.ARRIVAL, first)


def _day(letting: Letting, day: date, now: datetime) -> LetDay:
    if day > letting.last(now):
        raise _no(letting, Why.BEYOND, day)
    row = letting.days.get(day)
    if row is None or row.closed:
        raise _no(letting, Why.CLOSED, day)
    return row


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


def _no(letting: Letting, why: Why, day: date | None = None) -> NoStay:
    return NoStay(why, letting.terms, day, letting.horizon_days)
