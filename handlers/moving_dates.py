"""Where a booking can be moved: a short list, or the calendar of the shop, and the times of a day that has several."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.availability import Month
from bot.domain.bookings import Ordered
from bot.domain.catalogue import DayState, MonthView
from bot.domain.catalogue_entries import Step
from bot.domain.moving import OtherDate
from bot.domain.moving_dates import ByDay, Dates
from handlers.calendar import DOT, between, month_number, weekdays, weeks
from handlers.callbacks import Action
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import clock, short_span
from handlers.texts import Texts
from handlers.tickets import party, when

DATES, MONTH, TIMES, ONE, WHY_NOT = "d", "m", "t", "o", "w"
"""What a tap asks for: the dates (near a day), a month of them, the times of a day, one of them, or why there is none.

Older messages have a page beside DATES, counted from 1: read as a day it lies before all dates, and leads to the first.
"""
SIDE_BY_SIDE = 2


def dates_screen(dates: Dates, texts: Texts) -> Screen:
    """The dates with room for the same party, or, of many, the days that have some."""
    if dates.day is not None:
        return _times_screen(dates, dates.day, texts)
    view = dates.booking
    return Screen(
        title=texts.own(view.ordered.name),
        blocks=(when(view.ordered, texts), party(view.ordered, texts), gap(_what_to_choose(dates, texts))),
        rows=(
            *(_list(dates, texts) if dates.month is None else _calendar(dates, dates.month, texts)),
            back(texts, Action.BOOKING, view.id),
        ),
        picture=view.ordered.photo,
    )


def _what_to_choose(dates: Dates, texts: Texts) -> str:
    stay = dates.booking.ordered.stay
    if not dates.others and stay is None:
        return texts.gettext("Just now there is no other date with room for all of you.")
    if not dates.others:
        return texts.gettext("Just now nothing else is free for as long.")
    if stay is None:
        return texts.gettext("Choose another date. Your places stay yours until you confirm.")
    if dates.month is None or stay.step is Step.HOUR:
        return texts.gettext("Choose other dates, for as long as before. Yours stay yours until you confirm.")
    if stay.step is Step.NIGHT:
        return texts.gettext(
            "Choose the day you arrive, for as long as before. Your dates stay yours until you confirm."
        )
    return texts.gettext("Choose the first day, for as long as before. Your dates stay yours until you confirm.")


def _list(dates: Dates, texts: Texts) -> tuple[Row, ...]:
    return tuple((_one(dates, other, _label(dates.booking.ordered, other, texts)),) for other in dates.others)


def _label(ordered: Ordered, other: OtherDate, texts: Texts) -> str:
    """As in "Sat 12 Dec, 06:00"; of a stay, "Fri 12 Dec – Mon 15 Dec", or "Sat 12 Dec, 10:00 – 13:00"."""
    if ordered.stay is None:
        return texts.opening(texts.short_moment(other.starts_at, ordered.time_zone))
    if ordered.stay.step is not Step.HOUR:
        return short_span(other.starts_at, other.ends_at, ordered.time_zone, texts)
    day = other.starts_at.astimezone(ZoneInfo(ordered.time_zone)).date()
    return texts.gettext(
        "{day}, {time}", day=texts.opening(texts.short_day(day)), time=_from_until(ordered, other, texts)
    )


def _calendar(dates: Dates, month: MonthView, texts: Texts) -> tuple[Row, ...]:
    by_day = dates.by_day
    return (
        between(
            _turn("‹", dates, dates.earlier), date(month.year, month.month, 1), _turn("›", dates, dates.later), texts
        ),
        weekdays(texts),
        *weeks(month, texts.first_weekday, lambda day, state: _day(dates, by_day, day, state)),
    )


def _turn(label: str, dates: Dates, month: Month | None) -> Button | None:
    if month is None:
        return None
    return act(label, Action.MOVE_BOOKING, MONTH, dates.booking.id, month_number(date(*month, 1)))


def _day(dates: Dates, by_day: ByDay, day: date, state: DayState) -> Button:
    """The day of now stands between brackets. One date leads on at once, several to their times; others say why not."""
    shown = str(day.day) if state.can_be_chosen or day == dates.own_day else DOT
    shown = f"[{shown}]" if day == dates.own_day else shown
    there = by_day.get(day, ())
    if len(there) == 1:
        return _one(dates, there[0], shown)
    word = TIMES if there else WHY_NOT
    return act(shown, Action.MOVE_BOOKING, word, dates.booking.id, day.toordinal())


def _one(dates: Dates, other: OtherDate, label: str) -> Button:
    return act(label, Action.MOVE_BOOKING, ONE, dates.booking.id, other.inventory_id)


def _times_screen(dates: Dates, day: date, texts: Texts) -> Screen:
    """When it could begin on that day, and by the hour until when it would be."""
    ordered = dates.booking.ordered
    zone = texts.zone(ordered.time_zone)
    times = [_one(dates, other, _time(ordered, other, texts)) for other in dates.others]
    return Screen(
        title=texts.own(ordered.name),
        blocks=(
            texts.gettext("{day}. Times are local ({zone}).", day=texts.opening(texts.day(day)), zone=zone),
            texts.gettext("Choose a time.") if ordered.stay is None else texts.gettext("Choose when it begins."),
        ),
        rows=(
            *(tuple(times[place : place + SIDE_BY_SIDE]) for place in range(0, len(times), SIDE_BY_SIDE)),
            back(texts, Action.MOVE_BOOKING, MONTH, dates.booking.id, month_number(day)),
        ),
        picture=ordered.photo,
    )


def _time(ordered: Ordered, other: OtherDate, texts: Texts) -> str:
    if ordered.stay is None:
        return clock(other.starts_at, ordered.time_zone, texts)
    return _from_until(ordered, other, texts)


def _from_until(ordered: Ordered, other: OtherDate, texts: Texts) -> str:
    start, end = (clock(at, ordered.time_zone, texts) for at in (other.starts_at, other.ends_at))
    return texts.gettext("{start} – {end}", start=start, end=end)


def why_not(dates: Dates, day: date, texts: Texts) -> str:
    """What is said of a day to which the booking cannot be moved."""
    if day == dates.own_day:
        return texts.gettext("Your booking is on this day already.")
    if _over(dates.month, day):
        return texts.gettext("This day can no longer be booked.")
    if dates.booking.ordered.stay is None:
        return texts.gettext("On this day there is no room for all of you, or nothing takes place.")
    return texts.gettext("From this day on it is not free for as long.")


def _over(month: MonthView | None, day: date) -> bool:
    if month is None or (month.year, month.month) != (day.year, day.month):
        return False
    return month.days[day.day] is DayState.PAST
