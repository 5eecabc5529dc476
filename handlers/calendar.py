"""A month of days: those that can be taken are numbers, the others dots that answer why."""

from datetime import date, timedelta

from bot.domain.catalogue import CalendarView, DayState, MonthView
from bot.domain.errors import OutOfDate
from bot.domain.ids import ResourceId
from handlers.callbacks import Action, Call
from handlers.screens import Button, Row, Screen, act, back
from handlers.texts import Texts
from handlers.visits import Visit

WEEK = 7
DOT = "·"


def calendar_screen(view: CalendarView, texts: Texts) -> Screen:
    card, month = view.card, view.month
    return Screen(
        title=texts.own(card.name),
        blocks=(texts.gettext("Choose a day. Times are local ({zone}).", zone=texts.zone(card.time_zone)),),
        rows=(
            _heading(card.id, month, texts),
            tuple(act(name, Action.NOTHING) for name in texts.weekdays),
            *_weeks(card.id, month, texts.first_weekday),
            back(texts, Action.CARD, card.id),
        ),
        picture=card.photo,
    )


def _heading(resource_id: ResourceId, month: MonthView, texts: Texts) -> Row:
    first = date(month.year, month.month, 1)
    number = _month_number(first)
    nowhere = act(DOT, Action.NOTHING)
    return (
        act("‹", Action.MONTH, resource_id, number - 1) if month.earlier else nowhere,
        act(texts.opening(texts.month(first)), Action.NOTHING),
        act("›", Action.MONTH, resource_id, number + 1) if month.later else nowhere,
    )


def _month_number(day: date) -> int:
    """Months counted from the year 0, so that 0 can stand for none."""
    return day.year * 12 + day.month - 1


def _weeks(resource_id: ResourceId, month: MonthView, first_weekday: int) -> tuple[Row, ...]:
    """The weeks of the month that are not over; days of the months beside it are dots without an answer."""
    first = date(month.year, month.month, 1)
    lead = (first.weekday() - first_weekday) % WEEK
    cells = [act(DOT, Action.NOTHING)] * lead
    cells += [_day(resource_id, first + timedelta(days=number - 1), month.days[number]) for number in month.days]
    cells += [act(DOT, Action.NOTHING)] * (-len(cells) % WEEK)
    over = sum(state is DayState.PAST for state in month.days.values()) + lead
    skipped = over - over % WEEK if over < len(month.days) + lead else 0
    return tuple(tuple(cells[start : start + WEEK]) for start in range(skipped, len(cells), WEEK))


def _day(resource_id: ResourceId, day: date, state: DayState) -> Button:
    shown = str(day.day) if state.can_be_chosen else DOT
    return act(shown, Action.DAY, resource_id, day.toordinal())


async def show_month(visit: Visit, call: Call) -> None:
    resource_id, number = call.numbers(2)
    year, month = divmod(number, 12)
    if number and not date.min.year <= year <= date.max.year:
        raise OutOfDate
    wanted = (year, month + 1) if number else (None, None)
    view = await visit.desk.browsing.month(ResourceId(resource_id), *wanted)
    await visit.show(calendar_screen(view, visit.texts))
