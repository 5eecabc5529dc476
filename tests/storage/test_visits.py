"""Rules of the list of who comes."""

from datetime import date

from sqlalchemy import update

from storage import schema, visits
from storage.database import Database
from tests.builders import add_customer, add_paid_order, add_slot, at, small_shop

TOMORROW = date(2026, 11, 24)


async def test_a_day_lists_confirmed_bookings_by_slot_and_name(database: Database) -> None:
    shop = await small_shop(database)
    adult, child = shop.event.fares["adult"], shop.event.fares["child"]
    early = await add_slot(database, shop.event.id, at(1, 5))
    zoe = await add_customer(database, 7, name="zoe")
    event = shop.event.id
    await add_paid_order(database, zoe, event, shop.slots[0], {adult: 1}, "ZOE")
    named = await add_paid_order(database, shop.customer_id, event, shop.slots[0], {adult: 2, child: 1}, "ADA")
    await add_paid_order(database, zoe, event, early, {child: 1}, "EARLY")
    await add_paid_order(database, zoe, event, shop.slots[0], {adult: 1}, "GONE", status="cancelled")
    await add_paid_order(database, zoe, event, shop.slots[1], {adult: 1}, "OTHER")
    await add_paid_order(database, zoe, shop.item.id, shop.item.inventory_id, {shop.item.fares["piece"]: 1}, "ITEM")
    contact = update(schema.orders).where(schema.orders.c.id == named.order_id)
    await database.run(
        lambda connection: connection.execute(contact.values(contact_name="Ada Lovelace", contact_phone="+33 1"))
    )
    async with database.read() as connection:
        first, second = await visits.on(connection, TOMORROW)
    assert [visit.code for visit in first.visits] == ["EARLY"]
    assert [(visit.code, visit.name, visit.phone, visit.guests) for visit in second.visits] == [
        ("ADA", "Ada Lovelace", "+33 1", 3),
        ("ZOE", "zoe", None, 1),
    ]
    assert [fare.counted["en"] for fare in second.visits[0].fares] == [("adult", "adults"), ("child", "childs")]
    assert (second.local.hour, second.guests) == (7, 4)


async def test_a_day_without_bookings_is_empty(database: Database) -> None:
    await small_shop(database)
    async with database.read() as connection:
        assert await visits.on(connection, TOMORROW) == ()
