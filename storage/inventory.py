"""Takes and gives back units of inventory; the only place that changes `taken`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import SoldOut
from bot.domain.ids import InventoryId
from storage.schema import inventory, resource


async def lock(connection: AsyncConnection, ids: Iterable[InventoryId]) -> dict[InventoryId, int]:
    """Lock rows in id order and return how many units are free in each."""
    query = (
        select(inventory.c.id, inventory.c.capacity - inventory.c.taken)
        .where(inventory.c.id.in_(sorted(set(ids))))
        .order_by(inventory.c.id)
        .with_for_update()
    )
    return {InventoryId(row[0]): row[1] for row in await connection.execute(query)}


async def off_sale(connection: AsyncConnection, ids: Iterable[InventoryId], now: datetime) -> set[InventoryId]:
    """Those of them that nobody may buy any more, however many units are free: closed, begun, or withdrawn."""
    query = (
        select(inventory.c.id)
        .join(resource, resource.c.id == inventory.c.resource_id)
        .where(inventory.c.id.in_(sorted(set(ids))))
        .where(or_(inventory.c.closed, inventory.c.starts_at <= now, resource.c.active.is_(False)))
    )
    return {InventoryId(row) for row in (await connection.execute(query)).scalars()}


async def change(connection: AsyncConnection, deltas: Mapping[InventoryId, int]) -> None:
    """Take (positive) or give back (negative) units, all or none; raises SoldOut.

    The rows must have been locked in the same transaction. One statement per distinct number of units.
    """
    by_units: dict[int, list[InventoryId]] = defaultdict(list)
    for inventory_id, units in deltas.items():
        if units:
            by_units[units].append(inventory_id)
    for units, ids in sorted(by_units.items()):
        after = inventory.c.taken + units
        changed = await connection.execute(
            update(inventory)
            .where(inventory.c.id.in_(sorted(ids)), after >= 0, after <= inventory.c.capacity)
            .values(taken=after)
        )
        if changed.rowcount != len(ids):
            raise SoldOut
