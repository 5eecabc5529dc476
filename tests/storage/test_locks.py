"""Who waits for whom: a customer's own tap never stands in the way of what happens to their orders meanwhile."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import insert

from bot.domain.ids import OrderId
from storage import orders, schema
from storage.database import Connection, Database
from tests.builders import SmallShop, add_order, small_shop
from tests.clock import NOW

pytestmark = [pytest.mark.fault(37), pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]


async def test_a_tap_and_a_payment_of_the_same_customer_never_wait_for_each_other(database: Database) -> None:
    shop = await small_shop(database)
    order = await _order(database, shop)
    met = asyncio.Barrier(2)
    tries: list[str] = []

    async def tap(connection: Connection) -> None:
        tries.append("tap")
        await orders.lock_customer(connection, shop.customer_id)
        await _meet(met, tries)
        await orders.lock(connection, order)

    async def payment(connection: Connection) -> None:
        tries.append("payment")
        await orders.lock(connection, order)
        await _meet(met, tries)
        await _book(connection, shop, order)

    await asyncio.gather(database.run(tap), database.run(payment))
    assert sorted(tries) == ["payment", "tap"], "one of them had to begin again"


async def test_two_taps_of_the_same_customer_go_one_after_the_other(database: Database) -> None:
    shop = await small_shop(database)
    inside: set[int] = set()

    async def tap(number: int, connection: Connection) -> None:
        await orders.lock_customer(connection, shop.customer_id)
        assert not inside
        inside.add(number)
        for _ in range(20):
            await connection.exec_driver_sql("SELECT 1")
        inside.remove(number)

    await asyncio.gather(*(database.run(partial(tap, number)) for number in range(4)))


async def _order(database: Database, shop: SmallShop) -> OrderId:
    counts = {shop.event.fares["adult"]: 1}
    return await add_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)


async def _meet(met: asyncio.Barrier, tries: list[str]) -> None:
    """Both hold what they have locked first; whoever begins again goes on alone."""
    if len(tries) <= 2:
        await met.wait()


async def _book(connection: Connection, shop: SmallShop, order: OrderId) -> None:
    values = {"order_id": order, "customer_id": shop.customer_id, "resource_id": shop.event.id}
    named = {"inventory_id": shop.slots[0], "code": "K7Q4-MZ", "ticket_token": "ticket"}
    await connection.execute(insert(schema.booking).values(**values, **named, status="confirmed", created_at=NOW))
