"""The waiting lists of full dates, in the order in which people joined them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, insert, select, update

from bot.domain.catalogue_entries import Texts
from bot.domain.ids import ChatId, CustomerId, FareId, InventoryId, ResourceId, WaitingId
from bot.domain.waiting import Counts, Entry, WaitingView
from storage.database import Connection
from storage.schema import customer, inventory, resource, waiting

ZONE = (
    select(resource.c.time_zone)
    .join(inventory, inventory.c.resource_id == resource.c.id)
    .where(inventory.c.id == waiting.c.inventory_id)
    .scalar_subquery()
)
REACHABLE = select(customer.c.id).where(customer.c.telegram_id.is_not(None), customer.c.blocked_at.is_(None))
LINES = (
    select(waiting, ZONE.label("time_zone"))
    .where(
        waiting.c.inventory_id.in_(bindparam("rows", expanding=True)),
        waiting.c.customer_id.in_(REACHABLE),
    )
    .order_by(waiting.c.id)
    .with_for_update()
)
EARLIER = waiting.alias()
AHEAD = (
    select(func.count())
    .where(EARLIER.c.inventory_id == waiting.c.inventory_id, EARLIER.c.id < waiting.c.id)
    .scalar_subquery()
)
VIEWS = (
    select(
        waiting,
        inventory.c.resource_id,
        inventory.c.starts_at,
        resource.c.name,
        resource.c.time_zone,
        resource.c.closes_minutes_before,
        AHEAD.label("ahead"),
    )
    .join(inventory, inventory.c.id == waiting.c.inventory_id)
    .join(resource, resource.c.id == inventory.c.resource_id)
    .order_by(inventory.c.starts_at, waiting.c.id)
)
OF_CUSTOMER = VIEWS.where(waiting.c.customer_id == bindparam("of"), inventory.c.starts_at > bindparam("now"))
BY_ID = VIEWS.where(waiting.c.id == bindparam("this"))
ENDS = (
    select(waiting.c.id, customer.c.telegram_id, inventory.c.starts_at, resource.c.closes_minutes_before)
    .join(customer, customer.c.id == waiting.c.customer_id)
    .join(inventory, inventory.c.id == waiting.c.inventory_id)
    .join(resource, resource.c.id == inventory.c.resource_id)
    .where(customer.c.telegram_id.is_not(None))
    .order_by(waiting.c.id)
)


@dataclass(frozen=True)
class Left:
    """Somebody whose list has ended; what it was about, since the slot itself may be gone."""

    id: WaitingId
    chat_id: ChatId
    name: Texts
    starts_at: datetime
    time_zone: str
    language: str


@dataclass(frozen=True)
class End:
    """When sales end of what somebody waits for."""

    id: WaitingId
    chat_id: ChatId
    closes_at: datetime


async def lines(connection: Connection, rows: Collection[InventoryId]) -> dict[InventoryId, list[Entry]]:
    """Who waits for these slots and can be written to, the first in line first; locked, after the slots."""
    found: defaultdict[InventoryId, list[Entry]] = defaultdict(list)
    for row in await connection.execute(LINES, {"rows": sorted(rows)}):
        found[InventoryId(row.inventory_id)].append(_entry(row))
    return dict(found)


async def lock_of(connection: Connection, customer_id: CustomerId) -> None:
    """Nobody is offered anything from now on until the transaction ends."""
    mine = select(waiting.c.id).where(waiting.c.customer_id == customer_id).order_by(waiting.c.id)
    await connection.execute(mine.with_for_update())


async def capacity(connection: Connection, row: InventoryId) -> int:
    return await connection.scalar(select(inventory.c.capacity).where(inventory.c.id == row)) or 0


async def join(
    connection: Connection, customer_id: CustomerId, row: InventoryId, counts: Counts, language: str, now: datetime
) -> WaitingId:
    """Join a list, or stay on it with another party."""
    party = {"counts": sorted(counts.items()), "language": language}
    changed = update(waiting).where(waiting.c.customer_id == customer_id, waiting.c.inventory_id == row)
    known = await connection.scalar(changed.values(party).returning(waiting.c.id))
    if known is not None:
        return WaitingId(known)
    place = {"customer_id": customer_id, "inventory_id": row, "joined_at": now}
    return WaitingId(
        (await connection.execute(insert(waiting).values({**place, **party}).returning(waiting.c.id))).scalar_one()
    )


async def leave(connection: Connection, customer_id: CustomerId, row: InventoryId) -> bool:
    """Whether they were on that list."""
    mine = delete(waiting).where(waiting.c.customer_id == customer_id, waiting.c.inventory_id == row)
    return (await connection.execute(mine)).rowcount > 0


async def remove(connection: Connection, entry: WaitingId) -> None:
    await connection.execute(delete(waiting).where(waiting.c.id == entry))


async def of_customer(connection: Connection, customer_id: CustomerId, now: datetime) -> tuple[WaitingView, ...]:
    """What a customer waits for and may still get, the soonest first."""
    views = (_view(row) for row in await connection.execute(OF_CUSTOMER, {"of": customer_id, "now": now}))
    return tuple(view for view in views if view.closes_at > now)


async def by_id(connection: Connection, entry: WaitingId) -> WaitingView | None:
    row = (await connection.execute(BY_ID, {"this": entry})).one_or_none()
    return None if row is None else _view(row)


async def ends(connection: Connection, entry: WaitingId | None) -> list[End]:
    """When the waiting ends, of this entry or of all."""
    found = await connection.execute(ENDS if entry is None else ENDS.where(waiting.c.id == entry))
    return [
        End(WaitingId(row.id), ChatId(row.telegram_id), _closes_at(row.starts_at, row.closes_minutes_before))
        for row in found
    ]


async def end(connection: Connection, rows: Collection[InventoryId]) -> list[Left]:
    """Take everybody off the lists of these slots; returns who is to be told."""
    which = waiting.c.inventory_id.in_(list(rows))
    found = list(await connection.execute(_leaving(which)))
    await connection.execute(delete(waiting).where(which))
    return [
        Left(WaitingId(row.id), ChatId(row.telegram_id), row.name, row.starts_at, row.time_zone, row.language)
        for row in found
    ]


def _leaving(which: ColumnElement[bool]) -> Select[Any]:
    query = VIEWS.add_columns(customer.c.telegram_id).join(customer, customer.c.id == waiting.c.customer_id)
    return query.where(which, customer.c.telegram_id.is_not(None))


async def of_withdrawn(connection: Connection) -> list[InventoryId]:
    """The slots with a waiting list that cannot be bought any more, whoever gives seats back."""
    off = inventory.c.closed | resource.c.active.is_(False)
    query = select(inventory.c.id).join(resource, resource.c.id == inventory.c.resource_id)
    found = await connection.scalars(query.where(off, inventory.c.id.in_(select(waiting.c.inventory_id))))
    return [InventoryId(row) for row in found]


async def awaited(connection: Connection) -> list[InventoryId]:
    """Every slot that somebody waits for."""
    return [InventoryId(row) for row in await connection.scalars(select(waiting.c.inventory_id).distinct())]


async def on_day(connection: Connection, day: date) -> Mapping[InventoryId, int]:
    """How many people wait for each slot of a local day."""
    query = (
        select(waiting.c.inventory_id, func.count())
        .join(inventory, inventory.c.id == waiting.c.inventory_id)
        .where(inventory.c.local_day == day)
        .group_by(waiting.c.inventory_id)
    )
    return {InventoryId(row[0]): row[1] for row in await connection.execute(query)}


async def delete_over(connection: Connection, before: datetime, limit: int) -> int:
    """Entries for what began before then. Returns how many."""
    old = (
        select(waiting.c.id)
        .join(inventory, inventory.c.id == waiting.c.inventory_id)
        .where(inventory.c.starts_at < before)
        .limit(limit)
    )
    return (await connection.execute(delete(waiting).where(waiting.c.id.in_(old)))).rowcount


def _counts(stored: object) -> Counts:
    pairs = stored if isinstance(stored, list) else []
    return {FareId(fare): count for fare, count in pairs}


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        WaitingId(row.id),
        CustomerId(row.customer_id),
        InventoryId(row.inventory_id),
        _counts(row.counts),
        row.language,
        row.time_zone,
    )


def _closes_at(starts_at: datetime, minutes_before: int) -> datetime:
    return starts_at - timedelta(minutes=minutes_before)


def _view(row: Row[tuple[object, ...]]) -> WaitingView:
    return WaitingView(
        WaitingId(row.id),
        InventoryId(row.inventory_id),
        ResourceId(row.resource_id),
        row.name,
        row.starts_at,
        row.time_zone,
        _counts(row.counts),
        row.ahead,
        row.language,
        _closes_at(row.starts_at, row.closes_minutes_before),
    )
