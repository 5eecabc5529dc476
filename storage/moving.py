"""Finds where else there is room for a party that has booked already."""

from datetime import datetime

from sqlalchemy import select

from bot.domain.availability import Terms, slot_view
from bot.domain.catalogue import SlotView
from bot.domain.ids import ResourceId
from storage.database import Connection
from storage.inventory_views import slot_of
from storage.schema import inventory, resource


async def slots_with_room(
    connection: Connection, resource_id: ResourceId, units: int, now: datetime
) -> tuple[SlotView, ...]:
    """The slots that can be booked now and have so many free units, in order of time."""
    query = select(resource).where(resource.c.id == resource_id, resource.c.active)
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        return ()
    terms = Terms(found.time_zone, found.closes_minutes_before, found.horizon_days)
    free = select(inventory).where(
        inventory.c.resource_id == resource_id,
        inventory.c.closed.is_(False),
        inventory.c.capacity - inventory.c.taken >= units,
        inventory.c.starts_at > terms.earliest_start(now),
        inventory.c.local_day <= terms.last_day(now),
    )
    rows = await connection.execute(free.order_by(inventory.c.starts_at))
    return tuple(slot_view(slot_of(row), terms, now) for row in rows)
