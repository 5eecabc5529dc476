"""Which dates one sees who wants to move a booking: all where they are few, else those of a month, or of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.availability import Month, month_bounds
from bot.domain.bookings import BookingView
from bot.domain.catalogue import DayState, MonthView
from bot.domain.moving import OtherDate

FEW = 8
"""So many dates, or fewer, are read faster in a list than found in a calendar."""

ByDay = Mapping[date, tuple[OtherDate, ...]]


@dataclass(frozen=True)
class Dates:
    """Some of the dates to which a booking can be moved: those of a `day`, of a `month`, or all there are.

    `earlier` and `later`: the nearest months beside that one which have any.
    """

    booking: BookingView
    others: tuple[OtherDate, ...]
    month: MonthView | None = None
    earlier: Month | None = None
    later: Month | None = None
    day: date | None = None

    @property
    def by_day(self) -> ByDay:
        """By the day at the place on which they begin."""
        return _by_day(self.booking, self.others)

    @property
    def own_day(self) -> date | None:
        """On which the booking begins now."""
        return self.booking.ordered.local and self.booking.ordered.local.date()


def dates_shown(
    view: BookingView,
    others: Sequence[OtherDate],
    now: datetime,
    month: Month | None = None,
    day: date | None = None,
) -> Dates:
    """All if they are few, else the times of the day if it has several, else a month. `others` are in order of time.

    A month that has none becomes the nearest one that does. Without a wish it is the day's, or the booking's own.
    """
    if len(others) <= FEW:
        return Dates(view, tuple(others))
    by_day = _by_day(view, others)
    if day is not None and len(by_day.get(day, ())) > 1:
        return Dates(view, by_day[day], day=day)
    own = view.ordered.local or now
    return _of_month(view, by_day, month or _month(day or own.date()), now)


def _of_month(view: BookingView, by_day: ByDay, wanted: Month, now: datetime) -> Dates:
    months = list(dict.fromkeys(_month(day) for day in by_day))
    at = min(range(len(months)), key=lambda place: abs(_count(months[place]) - _count(wanted)))
    earlier, later = (months[place] if 0 <= place < len(months) else None for place in (at - 1, at + 1))
    today = now.astimezone(ZoneInfo(view.ordered.time_zone)).date()
    states = {day.day: _state(day, by_day, today) for day in _days(months[at])}
    shown = MonthView(*months[at], states, earlier=earlier is not None, later=later is not None)
    others = tuple(other for day, there in by_day.items() if _month(day) == months[at] for other in there)
    return Dates(view, others, shown, earlier, later)


def _state(day: date, by_day: ByDay, today: date) -> DayState:
    if day in by_day:
        return DayState.OPEN
    return DayState.PAST if day < today else DayState.CLOSED


def _by_day(view: BookingView, others: Iterable[OtherDate]) -> ByDay:
    zone = ZoneInfo(view.ordered.time_zone)
    days = groupby(others, key=lambda other: other.starts_at.astimezone(zone).date())
    return {day: tuple(there) for day, there in days}


def _days(month: Month) -> Iterable[date]:
    first, last = month_bounds(month)
    return (first.replace(day=number) for number in range(1, last.day + 1))


def _month(day: date) -> Month:
    return day.year, day.month


def _count(month: Month) -> int:
    return month[0] * 12 + month[1]
