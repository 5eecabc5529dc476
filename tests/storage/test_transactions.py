"""A transaction happens whole or not at all, whoever hangs up and whatever fails."""

import asyncio
from functools import partial
from random import Random

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import DatabaseBusy, SoldOut
from bot.domain.ids import InventoryId
from storage import database as module
from storage import inventory, schema
from storage.database import Database, engine
from tests.builders import SmallShop, add_slot, at, small_shop
from tests.clock import NOW

CANCELLATIONS = 400


async def note(connection: AsyncConnection, number: int) -> None:
    """One half of a pair that belongs together."""
    row = {"at": NOW, "actor": number, "action": "pair", "data": {}}
    await connection.execute(insert(schema.audit).values(row))


async def notes(database: Database) -> dict[int, int]:
    count = select(schema.audit.c.actor, func.count()).group_by(schema.audit.c.actor)
    async with database.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(count)}


@pytest.mark.fault(36)
async def test_four_hundred_cancelled_callers_leave_no_half_of_a_transaction(database: Database) -> None:
    chance = Random(36)

    async def pair(number: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            await note(connection, number)
            await asyncio.sleep(0)
            await note(connection, number)

        await database.run(work)

    for start in range(0, CANCELLATIONS, 40):
        callers = [asyncio.create_task(pair(start + number)) for number in range(40)]
        for caller in callers:
            for _ in range(chance.randint(0, 12)):
                await asyncio.sleep(0)
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
    await database.run(lambda connection: note(connection, -1))
    found = await notes(database)
    assert set(found.values()) <= {1, 2}
    assert [number for number, count in found.items() if count != 2] == [-1]


@pytest.mark.fault(36)
async def test_an_error_inside_leaves_nothing(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        await note(connection, 1)
        raise SoldOut

    with pytest.raises(SoldOut):
        await database.run(work)
    assert await notes(database) == {}


@pytest.mark.fault(35)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_locked_database_is_busy_and_recovers(database: Database, database_url: str) -> None:
    other = engine(database_url)
    await database.run(lambda connection: connection.execute(text("PRAGMA busy_timeout = 1")))
    async with other.connect() as holding:
        await holding.execute(text("SELECT 1"))
        with pytest.raises(DatabaseBusy):
            await database.run(lambda connection: note(connection, 1))
        with pytest.raises(DatabaseBusy):
            async with database.read() as connection:
                await connection.execute(text("SELECT 1"))
    await other.dispose()
    await database.run(lambda connection: note(connection, 1))
    assert await notes(database) == {1: 1}


@pytest.mark.fault(35)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_busy_and_recovers(database: Database) -> None:
    async def fill(connection: AsyncConnection) -> None:
        for number in range(2000):
            await note(connection, number)

    async with database.read() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DatabaseBusy, match="full"):
        await database.run(fill)
    async with database.read() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert await notes(database) == {}
    await database.run(lambda connection: note(connection, 1))


@pytest.mark.fault(35)
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_server_that_takes_no_changes_is_busy(database: Database) -> None:
    """As one is that stands by, or whose operator has set it so."""

    async def refused(connection: AsyncConnection) -> None:
        await connection.execute(text("SET TRANSACTION READ ONLY"))
        await note(connection, 1)

    with pytest.raises(DatabaseBusy, match="read-only"):
        await database.run(refused)


@pytest.mark.fault(35)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_that_is_damaged_while_it_is_in_use_is_no_fault_of_the_statement(
    database: Database, database_url: str
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("PRAGMA writable_schema = ON"))
        await connection.execute(text("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'audit'"))
    await database.engine.dispose()
    with pytest.raises(DatabaseBusy, match="malformed"):
        await database.run(lambda connection: note(connection, 1))
    with pytest.raises(DatabaseBusy, match="malformed"):
        await notes(database)


@pytest.mark.fault(37)
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_lost_connection_and_a_deadlock_are_made_up_for(database: Database) -> None:
    shop = await small_shop(database)
    met = asyncio.Barrier(2)
    tries: list[int] = []

    async def crossing(connection: AsyncConnection, rows: tuple[InventoryId, ...]) -> None:
        tries.append(1)
        for number, row in enumerate(rows):
            where = schema.inventory.c.id == row
            await connection.execute(update(schema.inventory).where(where).values(local_day=None))
            if number == 0 and len(tries) <= 2:
                await met.wait()

    first, second, _ = shop.slots
    await asyncio.gather(
        database.run(lambda connection: crossing(connection, (first, second))),
        database.run(lambda connection: crossing(connection, (second, first))),
    )
    assert len(tries) == 3

    async def cut(connection: AsyncConnection) -> None:
        tries.append(1)
        if len(tries) == 4:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await note(connection, 1)

    await database.run(cut)
    assert await notes(database) == {1: 1}


@pytest.mark.fault(37)
async def test_who_gets_no_connection_hears_that_the_database_is_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.engine.sync_engine.pool, "_timeout", 0.01)
    holding = [database.engine.connect() for _ in range(module.POOL if "postgres" in str(database.engine.url) else 1)]
    for connection in holding:
        await connection.start()
    with pytest.raises(DatabaseBusy):
        await database.run(lambda connection: note(connection, 1))
    with pytest.raises(DatabaseBusy):
        async with database.read():
            raise AssertionError("there is no connection")
    for connection in holding:
        await connection.close()


async def test_a_wrong_statement_is_not_a_busy_database(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.run(lambda connection: connection.execute(text("SELECT * FROM dreams")))
    with pytest.raises(DBAPIError):
        async with database.read() as connection:
            await connection.execute(text("SELECT * FROM dreams"))


async def test_closing_waits_for_what_is_under_way(database: Database) -> None:
    async def slow(connection: AsyncConnection) -> None:
        await note(connection, 1)
        await asyncio.sleep(0.05)
        await note(connection, 1)

    caller = asyncio.create_task(database.run(slow))
    await asyncio.sleep(0.01)
    caller.cancel()
    await database.close()
    assert await notes(database) == {1: 2}


# Inventory


@pytest.fixture
async def shop(database: Database) -> SmallShop:
    return await small_shop(database)


async def taken(database: Database, row: InventoryId) -> int:
    async with database.read() as connection:
        found = select(schema.inventory.c.taken).where(schema.inventory.c.id == row)
        return int((await connection.execute(found)).scalar_one())


async def change(database: Database, deltas: dict[InventoryId, int]) -> None:
    async def work(connection: AsyncConnection) -> None:
        await inventory.lock(connection, deltas)
        await inventory.change(connection, deltas)

    await database.run(work)


async def test_units_are_taken_and_given_back_all_or_none(database: Database, shop: SmallShop) -> None:
    free, scarce, full = shop.slots
    await change(database, {free: 5, scarce: 2, full: -3})
    assert [await taken(database, row) for row in shop.slots] == [5, 12, 9]
    with pytest.raises(SoldOut):
        await change(database, {free: 1, scarce: 1})
    with pytest.raises(SoldOut):
        await change(database, {free: -6})
    assert [await taken(database, row) for row in shop.slots] == [5, 12, 9]
    await change(database, {free: 0})


async def test_looking_at_rows_says_what_is_free(database: Database, shop: SmallShop) -> None:
    free = await database.run(lambda connection: inventory.lock(connection, shop.slots))
    assert free == dict(zip(shop.slots, (12, 2, 0), strict=True))


async def test_the_schema_itself_refuses_to_oversell(database: Database, shop: SmallShop) -> None:
    row = await add_slot(database, shop.event.id, at(5), capacity=1)
    for units in (2, -1):
        statement = update(schema.inventory).where(schema.inventory.c.id == row).values(taken=units)
        with pytest.raises(IntegrityError):
            await database.run(partial(AsyncConnection.execute, statement=statement))
