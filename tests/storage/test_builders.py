"""The ground that other tests stand on: fresh databases, a small shop, and a clock that obeys."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from storage import schema
from storage.database import Database
from tests.builders import add_paid_order, small_shop
from tests.clock import NOW, FakeClock


async def test_a_test_starts_with_an_empty_database(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(schema.shop)) == 0


async def test_a_paid_order_takes_its_seats(database: Database) -> None:
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 2, shop.event.fares["child"]: 1}
    await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    async with database.read() as connection:
        taken = await connection.scalar(select(schema.inventory.c.taken).where(schema.inventory.c.id == shop.slots[0]))
    assert taken == 3


async def test_the_clock_wakes_who_slept_until_then(clock: FakeClock) -> None:
    sleeper = asyncio.create_task(clock.sleep_until(NOW + timedelta(minutes=5)))
    await asyncio.sleep(0)
    clock.advance(timedelta(minutes=4))
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(timedelta(minutes=1))
    await sleeper
    assert clock.sleepers == []
