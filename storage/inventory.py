"""Takes and gives back units of inventory; the only place that changes `taken`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import SoldOut
from bot.domain.ids import InventoryId
from storage.schema import inventory, resource

THESE: BindParameter[int] = bindparam("rows", expanding=True)
LOCK = (
    select(inventory.c.id, inventory.c.capacity - inventory.c.taken)
    .where(inventory.c.id.in_(THESE))
    .order_by(inventory.c.id)
    .with_for_update()
)
OFF_SALE = (
    select(inventory.c.id)
    .join(resource, resource.c.id == inventory.c.resource_id)
    .where(inventory.c.id.in_(THESE))
    .where(or_(inventory.c.closed, inventory.c.starts_at <= bindparam("now"), resource.c.active.is_(False)))
)
_AFTER = inventory.c.taken + bindparam("units")
CHANGE = (
    update(inventory).where(inventory.c.id.in_(THESE), _AFTER.between(0, inventory.c.capacity)).values(taken=_AFTER)
)


async def lock(connection: AsyncConnection, ids: Iterable[InventoryId]) -> dict[InventoryId, int]:
    """Lock rows in id order and return how many units are free in each."""
    rows = await connection.execute(LOCK, {"rows": sorted(set(ids))})
    return {InventoryId(row[0]): row[1] for row in rows}


async def off_sale(connection: AsyncConnection, ids: Iterable[InventoryId], now: datetime) -> set[InventoryId]:
    """Those of them that nobody may buy any more, however many units are free: closed, begun, or withdrawn."""
    rows = await connection.execute(OFF_SALE, {"rows": sorted(set(ids)), "now": now})
    return {InventoryId(row) for row in rows.scalars()}


async def change(connection: AsyncConnection, deltas: Mapping[InventoryId, int]) -> None:
    """Take (positive) or give back (negative) units, all or none; raises SoldOut.

    The rows must have been locked in the same transaction. One statement per distinct number of units.
    """
    by_units: dict[int, list[InventoryId]] = defaultdict(list)
    for inventory_id, units in deltas.items():
        if units:
            by_units[units].append(inventory_id)
    for units, ids in sorted(by_units.items()):
        changed = await connection.execute(CHANGE, {"rows": sorted(ids), "units": units})
        if changed.rowcount != len(ids):
            raise SoldOut
