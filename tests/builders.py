"""Small functions that put a shop into a database. Every argument but the first has a good default.

seeded = await small_shop(database)    # one category, an event with three slots, an item, a customer:
                                       # seeded.category_id, .event, .slots, .item, .customer_id
One by one, for anything else:
await add_shop(database)
category_id = await add_category(database, "walks")
event = await add_event(database, category_id, "sunrise", max_per_order=4)     # event.id, event.fares["adult"]
slot = await add_slot(database, event.id, at(3, 6), capacity=2)                # an InventoryId
item = await add_item(database, category_id, "lantern", stock=5)               # item.id, .fares, .inventory_id
customer = await add_customer(database, telegram_id=7, telegram_language="fr") # a CustomerId
paid = await add_paid_order(database, customer, event.id, slot, {event.fares["adult"]: 2}) # .order_id, .booking_id
`at(days, hour)` is an instant that many days after `NOW`'s day. Fares: adult 39.00 and child 19.00 EUR.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import BookingId, CategoryId, CustomerId, FareId, InventoryId, OrderId, ResourceId
from storage import schema
from storage.database import Database
from tests.clock import NOW

ZONE = "Europe/Paris"
Value = str | int | bool | date | datetime | Mapping[str, object] | Sequence[object] | None


@dataclass(frozen=True)
class FareSeed:
    slug: str
    unit_amount: int
    seats: int = 1
    active: bool = True


ADULT, CHILD, PIECE = FareSeed("adult", 3900), FareSeed("child", 1900), FareSeed("piece", 1200)


@dataclass(frozen=True)
class Seeded:
    id: ResourceId
    slug: str
    fares: Mapping[str, FareId]


@dataclass(frozen=True)
class SeededItem(Seeded):
    inventory_id: InventoryId


@dataclass(frozen=True)
class SmallShop:
    """The slots are on the next three days at 06:00 UTC: 12 free seats, 2 free of 12, and full."""

    category_id: CategoryId
    event: Seeded
    slots: tuple[InventoryId, InventoryId, InventoryId]
    item: SeededItem
    customer_id: CustomerId


@dataclass(frozen=True)
class PaidOrder:
    order_id: OrderId
    booking_id: BookingId
    code: str


def texts(words: str) -> dict[str, str]:
    return {"en": words, "fr": f"{words} (fr)"}


def at(days: int, hour: int = 6, minute: int = 0) -> datetime:
    return datetime(NOW.year, NOW.month, NOW.day, hour, minute, tzinfo=UTC) + timedelta(days=days)


async def small_shop(database: Database) -> SmallShop:
    await add_shop(database)
    category_id = await add_category(database)
    event = await add_event(database, category_id)
    slots = (
        await add_slot(database, event.id, at(1)),
        await add_slot(database, event.id, at(2), taken=10),
        await add_slot(database, event.id, at(3), taken=12),
    )
    item = await add_item(database, category_id)
    return SmallShop(category_id, event, slots, item, await add_customer(database))


async def add_shop(database: Database, **columns: Value) -> None:
    values: dict[str, Value] = {
        "id": 1,
        "name": texts("Lac & Sentiers"),
        "welcome": texts("Walks and boats."),
        "terms": texts("Come early."),
        "privacy_note": {},
    }
    await _add(database, schema.shop, values | columns)


async def add_category(database: Database, slug: str = "walks", **columns: Value) -> CategoryId:
    values: dict[str, Value] = {
        "slug": slug,
        "position": 0,
        "emoji": "🥾",
        "name": texts(slug.capitalize()),
        "active": True,
    }
    return CategoryId(await _add(database, schema.category, values | columns))


async def add_event(
    database: Database,
    category_id: CategoryId,
    slug: str = "sunrise",
    fares: Sequence[FareSeed] = (ADULT, CHILD),
    **columns: Value,
) -> Seeded:
    values = _resource(category_id, slug, "event") | {"duration_minutes": 180, "capacity": 12} | columns
    resource_id = ResourceId(await _add(database, schema.resource, values))
    return Seeded(resource_id, slug, await _add_fares(database, resource_id, fares))


async def add_item(
    database: Database,
    category_id: CategoryId,
    slug: str = "lantern",
    stock: int = 5,
    taken: int = 0,
    fares: Sequence[FareSeed] = (PIECE,),
    **columns: Value,
) -> SeededItem:
    values = _resource(category_id, slug, "item") | {"capacity": stock, "horizon_days": 0} | columns
    resource_id = ResourceId(await _add(database, schema.resource, values))
    stock_row: dict[str, Value] = {"resource_id": resource_id, "key": "stock", "capacity": stock, "taken": taken}
    inventory_id = InventoryId(await _add(database, schema.inventory, stock_row))
    return SeededItem(resource_id, slug, await _add_fares(database, resource_id, fares), inventory_id)


async def add_slot(
    database: Database,
    resource_id: ResourceId,
    starts_at: datetime,
    capacity: int = 12,
    taken: int = 0,
    *,
    closed: bool = False,
    zone: str = ZONE,
) -> InventoryId:
    local = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    values: dict[str, Value] = {
        "resource_id": resource_id,
        "key": local.isoformat(timespec="minutes"),
        "local_day": local.date(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "capacity": capacity,
        "taken": taken,
        "closed": closed,
    }
    return InventoryId(await _add(database, schema.inventory, values))


async def add_customer(
    database: Database, telegram_id: int | None = 1001, telegram_language: str = "en", **columns: Value
) -> CustomerId:
    values: dict[str, Value] = {
        "telegram_id": telegram_id,
        "name": "Ada",
        "telegram_language": telegram_language,
        "created_at": NOW,
    }
    return CustomerId(await _add(database, schema.customer, values | columns))


async def add_paid_order(
    database: Database,
    customer_id: CustomerId,
    resource_id: ResourceId,
    inventory_id: InventoryId,
    counts: Mapping[FareId, int],
    code: str = "K7Q4-MZ",
    status: str = "confirmed",
) -> PaidOrder:
    """An order with a claim and a booking, at today's prices; it has neither attempt nor payment."""
    order_id = await add_order(database, customer_id, resource_id, inventory_id, counts, code, state="paid")
    price = select(schema.orders.c.total).where(schema.orders.c.id == order_id)
    values: dict[str, Value] = {
        "order_id": order_id,
        "customer_id": customer_id,
        "resource_id": resource_id,
        "inventory_id": inventory_id,
        "code": code,
        "ticket_token": f"ticket-{code}",
        "status": status,
        "paid": await database.run(lambda connection: connection.scalar(price)),
        "created_at": NOW,
    }
    return PaidOrder(order_id, BookingId(await _add(database, schema.booking, values)), code)


async def add_order(
    database: Database,
    customer_id: CustomerId,
    resource_id: ResourceId,
    inventory_id: InventoryId,
    counts: Mapping[FareId, int],
    code: str = "K7Q4-MZ",
    **columns: Value,
) -> OrderId:
    """An order (held, unless `state` says otherwise) with lines and its claim, which it takes of the inventory."""

    async def work(connection: AsyncConnection) -> OrderId:
        rows = await connection.execute(select(schema.fare).where(schema.fare.c.id.in_(counts)))
        fares = {row.id: row for row in rows}
        total = sum(fares[fare_id].unit_amount * count for fare_id, count in counts.items())
        values = _order(customer_id, code, total) | columns
        made = insert(schema.orders).values(values).returning(schema.orders.c.id)
        order_id = OrderId((await connection.execute(made)).scalar_one())
        for fare_id, quantity in counts.items():
            frozen = {"unit_amount": fares[fare_id].unit_amount, "seats": fares[fare_id].seats}
            line = {"order_id": order_id, "resource_id": resource_id, "inventory_id": inventory_id, "fare_id": fare_id}
            await connection.execute(insert(schema.order_line).values(line | frozen | {"quantity": quantity}))
        units = sum(fares[fare_id].seats * count for fare_id, count in counts.items())
        await _claim(connection, order_id, inventory_id, units)
        return order_id

    return await database.run(work)


async def _claim(connection: AsyncConnection, order_id: OrderId, inventory_id: InventoryId, units: int) -> None:
    row = {"order_id": order_id, "inventory_id": inventory_id, "units": units}
    await connection.execute(insert(schema.claim).values(row))
    taking = update(schema.inventory).where(schema.inventory.c.id == inventory_id)
    await connection.execute(taking.values(taken=schema.inventory.c.taken + units))


def _order(customer_id: CustomerId, code: str, total: int) -> dict[str, Value]:
    return {
        "code": code,
        "customer_id": customer_id,
        "nonce": code,
        "state": "held",
        "currency": "EUR",
        "total": total,
        "language": "en",
        "return_token": f"return-{code}",
        "placed_at": NOW,
        "hold_until": NOW + timedelta(minutes=15),
    }


def _resource(category_id: CategoryId, slug: str, kind: str) -> dict[str, Value]:
    return {
        "slug": slug,
        "category_id": category_id,
        "kind": kind,
        "position": 0,
        "name": texts(slug.capitalize()),
        "description": texts(f"All about {slug}."),
        "place": texts("Semnoz car park"),
        "time_zone": ZONE,
        "max_per_order": 8,
        "closes_minutes_before": 60 if kind == "event" else 0,
        "horizon_days": 120,
        "rules": {},
        "active": True,
    }


async def _add_fares(database: Database, resource_id: ResourceId, fares: Sequence[FareSeed]) -> dict[str, FareId]:
    added: dict[str, FareId] = {}
    for position, fare in enumerate(fares):
        words = {"en": [fare.slug, f"{fare.slug}s"], "fr": [fare.slug, f"{fare.slug}s"]}
        values: dict[str, Value] = {
            "resource_id": resource_id,
            "slug": fare.slug,
            "position": position,
            "name": texts(fare.slug.capitalize()),
            "counted": words,
            "unit_amount": fare.unit_amount,
            "seats": fare.seats,
            "active": fare.active,
        }
        added[fare.slug] = FareId(await _add(database, schema.fare, values))
    return added


async def _add(database: Database, table: Table, values: Mapping[str, Value]) -> int:
    async def work(connection: AsyncConnection) -> int:
        made = insert(table).values(dict(values)).returning(table.c.id)
        return int((await connection.execute(made)).scalar_one())

    return await database.run(work)
