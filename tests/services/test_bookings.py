"""What a customer sees of the things that they booked."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.catalogue_entries import Spot
from bot.domain.errors import Gone
from bot.domain.ids import OrderId
from bot.domain.money import Money
from bot.services.bookings import Bookings
from storage import schema
from storage.database import Database
from tests.builders import add_customer, add_order, add_paid_order, at, small_shop
from tests.clock import FakeClock


@pytest.fixture
def bookings(database: Database, clock: FakeClock) -> Bookings:
    return Bookings(database, clock)


async def test_what_comes_stands_before_what_was(database: Database, bookings: Bookings, clock: FakeClock) -> None:
    shop = await small_shop(database)
    adult, ada = shop.event.fares["adult"], shop.customer_id
    later = await add_paid_order(database, ada, shop.event.id, shop.slots[1], {adult: 1}, "LATE-RR")
    soon = await add_paid_order(database, ada, shop.event.id, shop.slots[0], {adult: 1}, "SNNN-NN")
    lantern = await add_paid_order(database, ada, shop.item.id, shop.item.inventory_id, {shop.item.fares["piece"]: 1})
    cancelled = await add_paid_order(
        database, ada, shop.event.id, shop.slots[0], {adult: 1}, "GNNE-NN", status="cancelled"
    )
    found = await bookings.of_customer(ada)
    assert [view.code for view in found.upcoming] == [soon.code, later.code, lantern.code]
    assert [view.code for view in found.past] == [cancelled.code]
    clock.move_to(at(1) + timedelta(hours=3))
    assert soon.code in [view.code for view in (await bookings.of_customer(ada)).past]


async def test_a_booking_tells_all_that_its_message_needs(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    counts = {shop.event.fares["child"]: 1, shop.event.fares["adult"]: 2}
    paid = await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    (view,) = await bookings.confirmation(paid.order_id)
    assert (view.code, view.paid, view.ordered.guests) == ("K7Q4-MZ", Money(9700, "EUR"), 3)
    assert [(fare.counted["en"][0], fare.quantity) for fare in view.ordered.fares] == [("adult", 2), ("child", 1)]
    assert view.ordered.local is not None
    assert view.ordered.local.isoformat() == "2026-11-24T07:00:00+01:00"
    assert view.ordered.place["fr"] == "Semnoz car park (fr)"
    assert await bookings.show(shop.customer_id, paid.booking_id) == view


async def test_an_item_brings_no_guests_and_no_date(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    piece = {shop.item.fares["piece"]: 2}
    paid = await add_paid_order(database, shop.customer_id, shop.item.id, shop.item.inventory_id, piece)
    (view,) = await bookings.confirmation(paid.order_id)
    assert (view.ordered.guests, view.ordered.local) == (0, None)


async def test_a_strangers_booking_is_gone(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 1}
    paid = await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    with pytest.raises(Gone):
        await bookings.show(await add_customer(database, 1002), paid.booking_id)


async def test_an_order_can_be_shown_before_it_is_paid(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 2}
    order_id = await add_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    (part,) = await bookings.ordered(order_id)
    assert (part.slug, part.amount) == ("sunrise", Money(7800, "EUR"))
    assert await bookings.confirmation(order_id) == ()
    assert await bookings.ordered(OrderId(99)) == ()


async def test_a_booking_knows_its_place_on_the_map_and_its_ticket(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    found = {"latitude": 45.79858, "longitude": 6.10534, "address": "Route du Semnoz"}
    await database.run(lambda connection: connection.execute(update(schema.resource).values(found)))
    counts = {shop.event.fares["adult"]: 1}
    paid = await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    view = await bookings.show(shop.customer_id, paid.booking_id)
    assert (view.ordered.spot, view.ordered.address) == (Spot(45.79858, 6.10534), "Route du Semnoz")
    assert view.ticket_token == "ticket-K7Q4-MZ"


async def test_a_tickets_picture_is_known_for_what_it_shows(database: Database, bookings: Bookings) -> None:
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 1}
    booking = (await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)).booking_id
    assert await bookings.ticket_file_id(booking, "en", "digest") is None
    for language, digest in (("en", "old"), ("en", "new"), ("fr", "new")):
        await bookings.remember_ticket(booking, language, digest, f"{language}-{digest}")
    assert await bookings.ticket_file_id(booking, "en", "old") is None
    assert await bookings.ticket_file_id(booking, "en", "new") == "en-new"
    assert await bookings.ticket_file_id(booking, "fr", "new") == "fr-new"
