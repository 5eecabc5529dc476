"""Finds the dates to which a booking can be moved."""

from datetime import datetime

from bot.domain.bookings import BookingView
from bot.domain.moving import OtherDate
from bot.domain.moving_stays import other_stays
from bot.domain.orders import Case
from bot.domain.rentals import Letting
from storage import catalogue, lettings, moving
from storage.database import Connection


async def other_dates(
    connection: Connection, case: Case, view: BookingView, currency: str, now: datetime
) -> tuple[OtherDate, ...]:
    """In order of time. Where the order has something else already is none of them."""
    row = view.ordered.inventory_id
    if view.ordered.stay is not None:
        letting = await _letting(connection, view, currency, now)
        return () if letting is None else tuple(other_stays(case, row, letting, now))
    mine = {line.inventory_id for line in case.lines}
    free = await moving.slots_with_room(connection, view.ordered.resource_id, view.ordered.guests, now)
    return tuple(
        OtherDate(slot.inventory_id, slot.starts_at, slot.ends_at) for slot in free if slot.inventory_id not in mine
    )


async def _letting(connection: Connection, view: BookingView, currency: str, now: datetime) -> Letting | None:
    """All that can be booked of a rental from today on; None if it is not on offer any more."""
    card = await catalogue.card(connection, view.ordered.resource_id, currency)
    if card is None or card.rental is None:
        return None
    terms = catalogue.terms_of(card)
    span = lettings.Span(terms.today(now), terms.last_day(now))
    return await lettings.load(connection, card.id, card.rental, terms, card.fares[0].unit, span)
