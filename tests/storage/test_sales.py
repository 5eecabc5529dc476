"""Rules of the daily roll-up's table."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import OrderId, ResourceId
from bot.domain.orders import RefundState, Role
from bot.domain.reports import WHOLE_SHOP, Delta, contributions, difference
from storage import cases, ledger, sales
from storage.database import Connection, Database
from tests.builders import add_event, add_paid_order, add_slot, at, small_shop
from tests.clock import NOW
from tests.ledger import add_payment, add_refund

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 11, 23)
ROW = Delta(DAY, "EUR", WHOLE_SHOP, 1, 2, 7800, 0)


async def rows_of(database: Database) -> tuple[Delta, ...]:
    async with database.read() as connection:
        return await sales.between(connection, date(2000, 1, 1), date(2100, 1, 1))


async def test_what_is_added_to_a_day_adds_up(database: Database) -> None:
    await database.run(lambda connection: sales.add(connection, [ROW, replace(ROW, resource_id=ResourceId(1))]))
    await database.run(lambda connection: sales.add(connection, [ROW, replace(ROW, gross=-800, refunded=300)]))
    assert await rows_of(database) == (
        Delta(DAY, "EUR", WHOLE_SHOP, 3, 6, 14800, 300),
        replace(ROW, resource_id=ResourceId(1)),
    )


async def test_adding_nothing_writes_nothing(database: Database) -> None:
    await database.run(lambda connection: sales.add(connection, []))
    assert await rows_of(database) == ()


async def test_a_period_includes_its_first_and_its_last_day(database: Database) -> None:
    days = [replace(ROW, day=DAY + timedelta(days=offset)) for offset in range(4)]
    await database.run(lambda connection: sales.add(connection, days))
    async with database.read() as connection:
        assert await sales.between(connection, days[1].day, days[2].day) == (days[1], days[2])


async def fill(database: Database) -> None:
    """Sales of two resources over two days, with all sorts of refunds, a surplus and a stray payment."""
    shop = await small_shop(database)
    boat = await add_event(database, shop.category_id, "boat")
    slot = await add_slot(database, boat.id, at(5), capacity=100)
    late = NOW.replace(hour=23, minute=30)
    for number in range(7):
        seeded, inventory = (shop.event, shop.slots[0]) if number % 2 else (boat, slot)
        counts = {seeded.fares["adult"]: 1, seeded.fares["child"]: number % 2 + 1}
        made = await add_paid_order(database, shop.customer_id, seeded.id, inventory, counts, f"CODE-{number}")
        paid = await add_payment(database, made.order_id, 5800 + 1900 * (number % 2), at=late if number > 4 else NOW)
        if number < len(RefundState):
            await add_refund(database, paid, 1001, list(RefundState)[number], late)
    surplus = await add_payment(database, made.order_id, 5800, Role.SURPLUS)
    await add_refund(database, surplus, 5800)
    stray = await add_payment(database, None, 333, Role.UNMATCHED, late, "CHF")
    await add_refund(database, stray, 333, at=late, currency="CHF")


async def test_a_rebuild_replaces_whatever_was_there_by_what_the_ledger_says(database: Database) -> None:
    await fill(database)
    await database.run(lambda connection: sales.add(connection, [replace(ROW, gross=99)]))
    written = await database.run(lambda connection: sales.rebuild(connection, PARIS))
    rows = await rows_of(database)
    assert len(rows) == written
    whole = [(row.day.day, row.currency, row.orders, row.gross, row.refunded) for row in rows if not row.resource_id]
    assert whole == [
        (23, "EUR", 5, 3 * 5800 + 2 * 7700 + 5800, 5800),
        (24, "CHF", 0, 333, 333),
        (24, "EUR", 2, 7700 + 5800, 2 * 1001),
    ]
    assert sum(row.gross for row in rows if row.resource_id) == sum(
        row.gross for row in rows if not row.resource_id and row.currency == "EUR"
    )


async def test_a_rebuild_says_what_settlement_adds_order_by_order(database: Database) -> None:
    await fill(database)

    async def settled(connection: Connection) -> None:
        for case in (await cases.load(connection, map(OrderId, range(1, 20)))).values():
            await sales.add(connection, difference((), contributions(case, PARIS)))

    await database.run(settled)
    stepwise = [row for row in await rows_of(database) if row.currency == "EUR"]
    await database.run(lambda connection: sales.rebuild(connection, PARIS))
    assert [row for row in await rows_of(database) if row.currency == "EUR"] == stepwise


async def test_the_ledger_is_read_whole_in_pages_of_any_size(database: Database) -> None:
    await fill(database)
    async with database.read() as connection:
        by_page = [[entry async for entry in ledger.entries(connection, page)] for page in (1, 3, 500)]
    assert by_page[0] == by_page[1] == by_page[2]
    assert len(by_page[0]) == 8
