"""Answers what customers ask about a rental: when a stay can begin, when it can end, and what it costs by then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from bot.domain.availability import Month, month_bounds
from bot.domain.catalogue import DayState, HoursView, MonthView, RangeView, ResourceCard, StayView, TimesView
from bot.domain.catalogue_entries import Rental, Step
from bot.domain.errors import Gone
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.rentals import (
    DAY,
    LetRow,
    Letting,
    beginnings,
    departure,
    first_refusal,
    grouped,
    lengths,
    price_of,
    reach,
    stay,
)
from bot.services.found import present
from storage import inventory_views, lettings
from storage.catalogue import terms_of
from storage.database import Connection


@dataclass(frozen=True)
class Choice:
    """A stay that can be taken, and how many steps it could have instead."""

    letting: Letting
    rows: tuple[LetRow, ...]
    lengths: tuple[int, ...]

    @property
    def first(self) -> date:
        return self.rows[0].day


async def begin(connection: Connection, card: ResourceCard, first: date, now: datetime) -> RangeView | TimesView:
    """The shortest stay that begins on a day, in the month in which it ends; raises NoStay or DayTaken.

    By the hour, the times of that day at which a stay can begin.
    """
    letting = await _letting(connection, card, first, reach(_terms(card), first))
    refusal = first_refusal(letting, first, now)
    if refusal is not None:
        raise refusal
    rows = beginnings(letting, first, now)
    if letting.terms.step is Step.HOUR:
        return TimesView(card, first, rows)
    (row,) = rows
    return _range(card, _choice(letting, row.inventory_id, lengths(letting, row.inventory_id, now)[0], now), None)


async def extend(
    connection: Connection, card: ResourceCard, first: InventoryId, steps: int, month: Month | None, now: datetime
) -> RangeView | HoursView:
    """The stay of so many steps from a row on; raises NoStay, DayTaken or Gone.

    Without a month, the one in which it ends; one without a day on which it could end becomes the nearest that has.
    """
    row = present(await inventory_views.slot(connection, first))
    letting = await _letting(connection, card, row.local_day, reach(_terms(card), row.local_day))
    choice = _choice(letting, first, steps, now)
    return _hours(card, choice) if letting.terms.step is Step.HOUR else _range(card, choice, month)


async def first_days(connection: Connection, card: ResourceCard, month: MonthView, now: datetime) -> MonthView:
    """The month with only those days free on which a stay can begin."""
    first, last = month_bounds((month.year, month.month))
    letting = await _letting(connection, card, first, reach(_terms(card), last))
    days = {
        number: DayState.CLOSED
        if state.can_be_chosen and first_refusal(letting, first.replace(day=number), now) is not None
        else state
        for number, state in month.days.items()
    }
    return replace(month, days=days)


def stay_view(letting: Letting, rows: Sequence[LetRow]) -> StayView:
    """What is to be shown of some rows that were found to be free."""
    prices = [price_of(letting, row.day) for row in rows]
    return StayView(
        inventory_id=rows[0].inventory_id,
        first=rows[0].day,
        end=departure(letting.terms, rows[-1].day),
        steps=len(rows),
        starts_at=rows[0].starts_at,
        ends_at=rows[-1].ends_at,
        left=min(row.left for row in rows),
        prices=grouped(prices),
        unit=sum(prices, start=Money(0, letting.base.currency)),
    )


def _choice(letting: Letting, first: InventoryId, steps: int, now: datetime) -> Choice:
    rows = stay(letting, first, steps, 1, now)
    return Choice(letting, rows, lengths(letting, first, now))


def _hours(card: ResourceCard, choice: Choice) -> HoursView:
    rows = tuple(islice(choice.letting.run(choice.rows[0].inventory_id), choice.lengths[-1]))
    ends = {steps: rows[steps - 1].ends_at for steps in choice.lengths}
    return HoursView(card, ends, stay_view(choice.letting, choice.rows))


def _range(card: ResourceCard, choice: Choice, wanted: Month | None) -> RangeView:
    terms, first = choice.letting.terms, choice.first
    shown = stay_view(choice.letting, choice.rows)
    ends = {departure(terms, first + DAY * (steps - 1)) for steps in choice.lengths}
    months = (_month(first), _month(max(ends)))
    at = min(max(wanted or _month(shown.end), months[0]), months[1])
    return RangeView(card, _month_of_ends(at, ends, first, months), shown)


def _month_of_ends(at: Month, ends: set[date], begins: date, months: tuple[Month, Month]) -> MonthView:
    first, last = month_bounds(at)
    numbers = range(1, last.day + 1)
    days = {number: _state(first.replace(day=number), ends, begins) for number in numbers}
    return MonthView(*at, days=days, earlier=at > months[0], later=at < months[1])


def _state(day: date, ends: set[date], begins: date) -> DayState:
    if day < begins:
        return DayState.PAST
    return DayState.OPEN if day in ends else DayState.CLOSED


async def _letting(connection: Connection, card: ResourceCard, first: date, last: date) -> Letting:
    base = card.fares[0].unit
    return await lettings.load(connection, card.id, _terms(card), terms_of(card), base, lettings.Span(first, last))


def _terms(card: ResourceCard) -> Rental:
    """Raises Gone for what is no rental."""
    if card.rental is None or not card.fares:
        raise Gone
    return card.rental


def _month(day: date) -> Month:
    return day.year, day.month
