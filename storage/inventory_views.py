"""Questions about the inventory that customers ask by looking: which slots, when first, until when."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row, and_, false, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.availability import Slot, Terms
from bot.domain.catalogue import StockView
from bot.domain.ids import InventoryId, ResourceId
from storage.database import Connection
from storage.schema import inventory

Bookable = tuple[ResourceId, Terms]


async def resource_of(connection: Connection, inventory_id: InventoryId) -> ResourceId | None:
    """Which resource an inventory row that is not closed belongs to."""
    query = select(inventory.c.resource_id).where(inventory.c.id == inventory_id, inventory.c.closed.is_(False))
    found = await connection.scalar(query)
    return None if found is None else ResourceId(found)


async def slot(connection: Connection, inventory_id: InventoryId) -> Slot | None:
    query = select(inventory).where(inventory.c.id == inventory_id, inventory.c.starts_at.is_not(None))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else slot_of(row)


async def slots_between(connection: Connection, resource_id: ResourceId, first: date, last: date) -> list[Slot]:
    """The slots of local days, both ends included, in order of time."""
    query = (
        select(inventory)
        .where(inventory.c.resource_id == resource_id, inventory.c.local_day.between(first, last))
        .order_by(inventory.c.starts_at)
    )
    return [slot_of(row) for row in await connection.execute(query)]


async def first_open_day(connection: Connection, resource_id: ResourceId, terms: Terms, now: datetime) -> date | None:
    """The first local day with a slot that can be booked now."""
    query = select(func.min(inventory.c.local_day)).where(_bookable(resource_id, terms, now))
    found: date | None = await connection.scalar(query)
    return found


async def last_slot_day(connection: Connection, resource_id: ResourceId, terms: Terms, now: datetime) -> date | None:
    """The last local day within the horizon that has a slot which is not closed, full or not."""
    query = select(func.max(inventory.c.local_day)).where(
        inventory.c.resource_id == resource_id,
        inventory.c.local_day <= terms.last_day(now),
        inventory.c.closed.is_(False),
    )
    found: date | None = await connection.scalar(query)
    return found


async def with_something_to_book(
    connection: Connection, events: Iterable[Bookable], items: Iterable[ResourceId], now: datetime
) -> set[ResourceId]:
    """Which of these resources are not sold out."""
    dated = [_bookable(resource_id, terms, now) for resource_id, terms in events]
    stocked = and_(inventory.c.resource_id.in_(list(items)), _free(), inventory.c.local_day.is_(None))
    query = select(inventory.c.resource_id).where(or_(false(), stocked, *dated)).distinct()
    return {ResourceId(found) for found in await connection.scalars(query)}


async def stock(connection: Connection, resource_id: ResourceId) -> StockView | None:
    """What is left of an item; nothing if its stock is closed."""
    query = select(inventory).where(inventory.c.resource_id == resource_id, inventory.c.local_day.is_(None))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    left = 0 if row.closed else max(row.capacity - row.taken, 0)
    return StockView(InventoryId(row.id), left)


def _bookable(resource_id: ResourceId, terms: Terms, now: datetime) -> ColumnElement[bool]:
    return and_(
        inventory.c.resource_id == resource_id,
        _free(),
        inventory.c.starts_at > terms.earliest_start(now),
        inventory.c.local_day <= terms.last_day(now),
    )


def _free() -> ColumnElement[bool]:
    return and_(inventory.c.closed.is_(False), inventory.c.taken < inventory.c.capacity)


def slot_of(row: Row[tuple[object, ...]]) -> Slot:
    """A dated row as the domain knows it."""
    return Slot(
        inventory_id=InventoryId(row.id),
        local_day=row.local_day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        taken=row.taken,
        closed=row.closed,
    )
