"""A shop that was open before each booking knew its part of the payment has the parts worked out."""

from collections.abc import AsyncIterator

import pytest_asyncio
from alembic import command
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.orders import Role
from storage import schema
from storage.database import Database, engine
from storage.migrating import config, migrate
from tests.builders import SmallShop, add_order, add_slot, at, small_shop
from tests.clock import NOW
from tests.ledger import add_payment, add_refund

BEFORE = "0009"


@pytest_asyncio.fixture
async def old(empty_database_url: str) -> AsyncIterator[Database]:
    opened = Database(engine(empty_database_url))
    await opened.run(lambda connection: connection.run_sync(_until_then))
    yield opened
    await opened.close()


def _until_then(connection: Connection) -> None:
    command.upgrade(config(connection), BEFORE)


async def booked(
    old: Database, shop: SmallShop, order: OrderId, row: InventoryId, code: str, status: str = "confirmed"
) -> BookingId:
    values = {
        "order_id": order,
        "customer_id": shop.customer_id,
        "resource_id": shop.event.id,
        "inventory_id": row,
        "code": code,
        "ticket_token": f"ticket-{code}",
        "status": status,
        "created_at": NOW,
    }
    made = insert(schema.booking).values(values).returning(schema.booking.c.id)
    return BookingId(await old.run(lambda connection: _one(connection, made)))


async def _one(connection: AsyncConnection, statement: object) -> int:
    return int((await connection.execute(statement)).scalar_one())  # type: ignore[call-overload]  # of several shapes


async def test_each_booking_gets_its_part_of_what_was_paid(old: Database) -> None:
    """Of 78 and 39 a code took half; 4 of the first part have gone back since, when it was moved for 70."""
    shop = await small_shop(old)
    adult, (here, there, *_) = shop.event.fares["adult"], shop.slots
    order = await add_order(old, shop.customer_id, shop.event.id, here, {adult: 2}, state="paid")
    line = {"order_id": order, "resource_id": shop.event.id, "fare_id": adult, "seats": 1}
    other = insert(schema.order_line).values(line | {"inventory_id": there, "unit_amount": 3900, "quantity": 1})
    await old.run(lambda connection: connection.execute(other))
    await booked(old, shop, order, here, "AAAA-AA")
    await booked(old, shop, order, there, "BBBB-BB", "cancelled")
    payment = await add_payment(old, order, 5850)
    await add_refund(old, payment, 400)
    moved = update(schema.refund).values(reason="moved", inventory_id=here)
    await old.run(lambda connection: connection.execute(moved))
    cheaper = update(schema.order_line).where(schema.order_line.c.inventory_id == here).values(unit_amount=3700)
    await old.run(lambda connection: connection.execute(cheaper))
    await migrate(old.engine)
    assert await paid(old) == {"AAAA-AA": 3900, "BBBB-BB": 1950}


async def test_what_a_surcharge_has_moved_costs_what_its_date_does(old: Database) -> None:
    shop = await small_shop(old)
    adult, there = shop.event.fares["adult"], await add_slot(old, shop.event.id, at(5))
    order = await add_order(old, shop.customer_id, shop.event.id, there, {adult: 2}, state="paid")
    booking = await booked(old, shop, order, there, "AAAA-AA")
    await add_payment(old, order, 7800)
    extra = await add_order(
        old,
        shop.customer_id,
        shop.event.id,
        there,
        {adult: 2},
        code="SURC-HA",
        state="paid",
        origin="move",
        moves_booking_id=booking,
        moves_from=shop.slots[0],
    )
    more = update(schema.order_line).where(schema.order_line.c.order_id == extra).values(unit_amount=600)
    await old.run(lambda connection: connection.execute(more))
    await add_payment(old, extra, 1200, Role.SURCHARGE)
    await migrate(old.engine)
    assert await paid(old) == {"AAAA-AA": 7800}
    async with old.read() as connection:
        lines = select(schema.order_line.c.order_id, schema.order_line.c.unit_amount)
        assert {row[0]: row[1] for row in await connection.execute(lines)} == {order: 4500, extra: 600}


async def paid(old: Database) -> dict[str, int]:
    async with old.read() as connection:
        return {row.code: row.paid for row in await connection.execute(text("SELECT code, paid FROM booking"))}
