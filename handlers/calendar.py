"""A month of days: those that can be taken are numbers, the others dots that answer why."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.catalogue import CalendarView, DayState, MonthView, ResourceCard
from bot.domain.errors import OutOfDate
from bot.domain.ids import ResourceId
from handlers.callbacks import Action, Call
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import first_day_line
from handlers.texts import Texts
from handlers.visits import Visit

WEEK = 7
DOT = "·"


def calendar_screen(view: CalendarView, texts: Texts) -> Screen:
    card, month = view.card, view.month
    return Screen(
        title=texts.own(card.name),
        blocks=(_what_to_choose(card, texts),),
        rows=(
            heading(month, texts, lambda label, number: act(label, Action.MONTH, card.id, number)),
            weekdays(texts),
            *weeks(month, texts.first_weekday, lambda day, state: _day(card, day, state)),
            back(texts, Action.CARD, card.id),
        ),
        picture=card.photo,
    )


def _what_to_choose(card: ResourceCard, texts: Texts) -> str:
    if card.rental is not None:
        return first_day_line(card, card.rental, texts)
    return texts.gettext("Choose a day. Times are local ({zone}).", zone=texts.zone(card.time_zone))


def heading(month: MonthView, texts: Texts, turn: Callable[[str, int], Button]) -> Row:
    """The month, and the ways to those beside it; `turn` makes the button of a label that leads to such a month."""
    first = date(month.year, month.month, 1)
    number = month_number(first)
    earlier = turn("‹", number - 1) if month.earlier else None
    return between(earlier, first, turn("›", number + 1) if month.later else None, texts)


def between(earlier: Button | None, month: date, later: Button | None, texts: Texts) -> Row:
    """The name of a day's month between the ways to others, as far as there are any."""
    nowhere = act(DOT, Action.NOTHING)
    return earlier or nowhere, act(texts.opening(texts.month(month)), Action.NOTHING), later or nowhere


def weekdays(texts: Texts) -> Row:
    return tuple(act(name, Action.NOTHING) for name in texts.weekdays)


def month_number(day: date) -> int:
    """Months counted from the year 0, so that 0 can stand for none."""
    return day.year * 12 + day.month - 1


def weeks(month: MonthView, first_weekday: int, button: Callable[[date, DayState], Button]) -> tuple[Row, ...]:
    """The weeks of the month that are not over; days of the months beside it are dots without an answer."""
    first = date(month.year, month.month, 1)
    lead = (first.weekday() - first_weekday) % WEEK
    cells = [act(DOT, Action.NOTHING)] * lead
    cells += [button(first + timedelta(days=number - 1), month.days[number]) for number in month.days]
    cells += [act(DOT, Action.NOTHING)] * (-len(cells) % WEEK)
    over = sum(state is DayState.PAST for state in month.days.values()) + lead
    skipped = over - over % WEEK if over < len(month.days) + lead else 0
    return tuple(tuple(cells[start : start + WEEK]) for start in range(skipped, len(cells), WEEK))


def _day(card: ResourceCard, day: date, state: DayState) -> Button:
    shown = str(day.day) if state.can_be_chosen else DOT
    action = Action.DAY if card.rental is None else Action.FIRST_DAY
    return act(shown, action, card.id, day.toordinal())


async def show_month(visit: Visit, call: Call) -> None:
    resource_id, number = call.numbers(2)
    wanted = wanted_month(number) or (None, None)
    view = await visit.desk.browsing.month(ResourceId(resource_id), *wanted)
    await visit.show(calendar_screen(view, visit.texts))


def wanted_month(number: int) -> tuple[int, int] | None:
    """The month of that number, none for 0; raises OutOfDate for one that no calendar has."""
    year, month = divmod(number, 12)
    if number and not date.min.year <= year <= date.max.year:
        raise OutOfDate
    return (year, month + 1) if number else None
