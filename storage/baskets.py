"""What customers have put aside to buy together; it claims nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import BindParameter, Row, bindparam, delete, func, insert, select

from bot.domain.baskets import Entry, Labelled
from bot.domain.file_rentals import step_of
from bot.domain.ids import CustomerId, FareId, InventoryId, MediaId, ResourceId
from storage.database import Connection
from storage.schema import basket_entry, fare, inventory, resource

OF_CUSTOMER = basket_entry.c.customer_id == bindparam("customer")
THESE: BindParameter[int] = bindparam("rows", expanding=True)
ENTRIES = (
    select(basket_entry)
    .where(OF_CUSTOMER)
    .order_by(basket_entry.c.added_at, basket_entry.c.inventory_id, basket_entry.c.fare_id)
)
COUNT = select(func.count(basket_entry.c.inventory_id.distinct())).where(OF_CUSTOMER)
LABELS = (
    select(inventory.c.id, inventory.c.resource_id, inventory.c.starts_at)
    .add_columns(resource.c.name, resource.c.time_zone, resource.c.photo_id, resource.c.rules)
    .join(resource, resource.c.id == inventory.c.resource_id)
    .where(inventory.c.id.in_(THESE))
)
WORDS = select(fare.c.id, fare.c.resource_id, fare.c.counted).where(
    fare.c.resource_id.in_(bindparam("resources", expanding=True))
)
EMPTY = delete(basket_entry).where(OF_CUSTOMER)
REMOVE = EMPTY.where(basket_entry.c.inventory_id == bindparam("this"))


async def entries(connection: Connection, customer_id: CustomerId) -> tuple[Entry, ...]:
    """What was put in first comes first."""
    rows = (await connection.execute(ENTRIES, {"customer": customer_id})).all()
    return tuple(_entry(list(of_one)) for _, of_one in groupby(rows, key=lambda row: row.inventory_id))


async def count(connection: Connection, customer_id: CustomerId) -> int:
    """How many different things are in it."""
    return await connection.scalar(COUNT, {"customer": customer_id}) or 0


async def put(connection: Connection, customer_id: CustomerId, entry: Entry, added_at: datetime) -> None:
    """So many of this and no others, in whatever number it was there before."""
    await remove(connection, customer_id, entry.inventory_id)
    row = {
        "customer_id": customer_id,
        "inventory_id": entry.inventory_id,
        "added_at": added_at,
        "steps": entry.steps,
    }
    await connection.execute(
        insert(basket_entry),
        [
            {**row, "fare_id": fare_id, "quantity": quantity, "unit_amount": entry.prices[fare_id]}
            for fare_id, quantity in entry.counts.items()
        ],
    )


async def remove(connection: Connection, customer_id: CustomerId, inventory_id: InventoryId) -> None:
    await connection.execute(REMOVE, {"customer": customer_id, "this": inventory_id})


async def empty(connection: Connection, customer_id: CustomerId) -> None:
    await connection.execute(EMPTY, {"customer": customer_id})


async def labels(connection: Connection, wanted: Sequence[InventoryId]) -> dict[InventoryId, Labelled]:
    """How these are called, on offer or not."""
    rows = (await connection.execute(LABELS, {"rows": list(wanted)})).all()
    words = await connection.execute(WORDS, {"resources": [row.resource_id for row in rows]})
    counted = {
        FareId(row.id): {language: (each[0], each[1]) for language, each in row.counted.items()} for row in words
    }
    return {InventoryId(row.id): _label(row, counted) for row in rows}


def _label(row: Row[tuple[object, ...]], counted: Mapping[FareId, Mapping[str, tuple[str, str]]]) -> Labelled:
    photo = None if row.photo_id is None else MediaId(row.photo_id)
    return Labelled(
        ResourceId(row.resource_id), row.name, row.time_zone, photo, row.starts_at, counted, step_of(row.rules)
    )


def _entry(rows: list[Row[tuple[object, ...]]]) -> Entry:
    return Entry(
        InventoryId(rows[0].inventory_id),
        {FareId(row.fare_id): row.quantity for row in rows},
        {FareId(row.fare_id): row.unit_amount for row in rows},
        rows[0].steps,
    )
