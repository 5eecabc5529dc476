"""Makes and changes the inventory that the catalogue's rules ask for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, select, update

from bot.domain.ids import InventoryId, ResourceId
from bot.domain.slot_changes import SlotChange, SlotChanges, StoredSlot, local_day
from bot.domain.slot_plans import SlotPlan
from storage.database import Connection
from storage.schema import inventory, order_line, resource, waiting
from storage.upserts import upsert

STOCK = "stock"
COMING = (
    select(inventory, resource.c.slug)
    .join(resource, resource.c.id == inventory.c.resource_id)
    .where(inventory.c.local_day >= bindparam("since"))
    .order_by(inventory.c.starts_at)
)


async def lock(connection: Connection, since: date) -> None:
    """Keep what is taken as it is until the transaction ends, in the order in which orders lock too."""
    coming = (inventory.c.local_day >= since) | inventory.c.local_day.is_(None)
    await connection.execute(select(inventory.c.id).where(coming).order_by(inventory.c.id).with_for_update())


async def coming(connection: Connection, since: date) -> Mapping[str, list[StoredSlot]]:
    """The slots of local days from `since` on, closed or not, by the slug of their resource."""
    found: defaultdict[str, list[StoredSlot]] = defaultdict(list)
    for row in await connection.execute(COMING, {"since": since}):
        found[row.slug].append(
            StoredSlot(
                inventory_id=InventoryId(row.id),
                key=row.key,
                local_day=row.local_day,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                capacity=row.capacity,
                taken=row.taken,
                closed=row.closed,
            )
        )
    return found


async def stock_taken(connection: Connection) -> Mapping[str, int]:
    """How many of each item are held or sold, by slug."""
    query = select(resource.c.slug, inventory.c.taken).join(resource, resource.c.id == inventory.c.resource_id)
    rows = await connection.execute(query.where(inventory.c.key == STOCK))
    return {row.slug: row.taken for row in rows}


async def set_stock(connection: Connection, resource_id: ResourceId, capacity: int) -> None:
    values = {"resource_id": resource_id, "key": STOCK, "capacity": capacity}
    await upsert(connection, inventory, ["resource_id", "key"], values)


async def save(connection: Connection, resource_id: ResourceId, changes: SlotChanges) -> None:
    await add(connection, resource_id, changes.added)
    for change in changes.changed:
        await _change(connection, change)
    await _close(connection, [slot.inventory_id for slot in changes.closed])
    await _remove(connection, [slot.inventory_id for slot in changes.removed])


async def add(connection: Connection, resource_id: ResourceId, plans: Sequence[SlotPlan]) -> None:
    if plans:
        await connection.execute(insert(inventory), [_row(resource_id, plan) for plan in plans])


def _row(resource_id: ResourceId, plan: SlotPlan) -> dict[str, object]:
    return {
        "resource_id": resource_id,
        "key": plan.key,
        "local_day": local_day(plan),
        "starts_at": plan.start,
        "ends_at": plan.end,
        "capacity": plan.capacity,
        "taken": 0,
        "closed": False,
    }


async def _change(connection: Connection, change: SlotChange) -> None:
    after = change.after
    changed = update(inventory).where(inventory.c.id == change.before.inventory_id)
    await connection.execute(
        changed.values(starts_at=after.start, ends_at=after.end, capacity=after.capacity, closed=False)
    )


async def _close(connection: Connection, ids: Sequence[InventoryId]) -> None:
    await connection.execute(update(inventory).where(_any_of(ids)).values(closed=True))


async def _remove(connection: Connection, ids: Sequence[InventoryId]) -> None:
    """Slots that some order names, even one that has ended, or that somebody waits for, are closed instead."""
    ordered = exists().where(order_line.c.inventory_id == inventory.c.id)
    awaited = exists().where(waiting.c.inventory_id == inventory.c.id)
    named = _any_of(ids) & (ordered | awaited)
    await connection.execute(update(inventory).where(named).values(closed=True))
    await connection.execute(delete(inventory).where(_any_of(ids), inventory.c.closed.is_(False)))


def _any_of(ids: Sequence[InventoryId]) -> ColumnElement[bool]:
    return inventory.c.id.in_(list(ids))
