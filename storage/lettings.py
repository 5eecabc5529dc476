"""Reads the nights, days or hours of a rental: which there are, and how many units are left of each."""

from datetime import date
from typing import NamedTuple

from bot.domain.availability import Slot, Terms
from bot.domain.catalogue_entries import Rental
from bot.domain.ids import ResourceId
from bot.domain.money import Money
from bot.domain.rentals import LetRow, Letting
from storage import inventory_views
from storage.database import Connection


class Span(NamedTuple):
    """Local days, both included."""

    first: date
    last: date


async def load(
    connection: Connection, resource_id: ResourceId, rental: Rental, terms: Terms, base: Money, span: Span
) -> Letting:
    """What is to let of these days. `base` is what a step costs where no rule says otherwise."""
    slots = await inventory_views.slots_between(connection, resource_id, *span)
    rows = tuple(_row(slot) for slot in slots)
    return Letting(rental, base, rows, terms.time_zone, terms.closes_minutes_before, terms.horizon_days)


def _row(slot: Slot) -> LetRow:
    return LetRow(
        inventory_id=slot.inventory_id,
        day=slot.local_day,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        left=slot.left,
        closed=slot.closed,
    )
