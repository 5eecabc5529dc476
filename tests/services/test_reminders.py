"""What people are to hear of a visit is stored with the booking, once, and sent only while it holds."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.domain.errors import Gone
from bot.domain.ids import BookingId, ChatId, MessageId, OrderId, TelegramId
from bot.services.customers import Customers
from bot.services.privacy import Privacy
from storage import reminders, schema
from storage.database import Connection, Database
from tests.builders import add_slot, at
from tests.clock import FakeClock
from tests.world import World, open_world

HOUR = timedelta(hours=1)
START = at(1)  # 07:00 in Paris, so that both reminders come in the evening


@pytest_asyncio.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_world(database, clock, attentive=True) as opened:
        yield opened


async def waiting(world: World) -> dict[str, datetime]:
    """When messages for later are due, by kind, with the hours of a reminder."""
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    return {
        f"{row['kind']}{row['data'].get('hours', '')}": row["due_at"]
        for row in rows
        if row["kind"] in {"reminder", "how_was_it", "last_call"}
    }


async def change(world: World, **columns: object) -> None:
    """What the first slot, which is the one that is booked, is from now on."""
    slot = schema.inventory.c.id == world.shop.slots[0]
    await world.database.run(lambda c: c.execute(update(schema.inventory).where(slot).values(columns)))


async def booking(world: World) -> BookingId:
    (row,) = await world.rows(schema.booking)
    return BookingId(int(str(row._mapping["id"])))


async def deliver_for(world: World, **time: float) -> None:
    """Deliver whenever the deliverer wants to, for so long."""
    until = world.clock.now() + timedelta(**time)
    while (again := await world.deliverer.deliver()) is not None and again <= until:
        world.clock.move_to(again)
    world.clock.move_to(until)


async def test_what_is_booked_is_told_of_in_time(world: World) -> None:
    slot = await add_slot(world.database, world.shop.event.id, at(5, 13))
    await world.paid(slot, adult=1)
    told = await waiting(world)
    told.pop("last_call")
    assert told == {"reminder24": at(4, 13), "reminder2": at(5, 11), "how_was_it": at(6, 9)}


@pytest.mark.fault(11)
async def test_a_booking_settled_twice_has_its_messages_once(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    await world.deliver_webhooks(copies=3)
    await world.work()
    kinds = [row._mapping["kind"] for row in await world.rows(schema.outbox)]
    assert (kinds.count("reminder"), kinds.count("how_was_it"), kinds.count("last_call")) == (1, 1, 1)


async def test_an_item_and_an_unpaid_order_have_no_visit_to_remind_of(world: World) -> None:
    await world.paid(world.shop.item.inventory_id, piece=1)
    await world.placed_with_link()
    assert set(await waiting(world)) == {"last_call"}


@pytest.mark.fault(14)
async def test_what_is_booked_late_is_told_of_as_well(world: World) -> None:
    order = await world.placed_with_link()
    session = await world.session_id(order)
    world.drop_webhooks()
    await world.advance(minutes=14)
    world.stripe.pay(session, "success")
    await world.live_through(5)
    await world.checkout.resume()
    await world.work()
    assert {"reminder2", "how_was_it"} <= set(await waiting(world))


async def test_what_comes_later_holds_nobody_back(world: World) -> None:
    order = await world.paid()
    await refunded(world, order)
    await deliver_for(world, minutes=1)
    assert world.messenger.kinds.count("refunded") == 1
    assert not {"reminder", "how_was_it"} & set(world.messenger.kinds)


async def test_a_reminder_is_sent_when_it_is_due(world: World) -> None:
    await world.paid()
    await deliver_for(world, hours=10)
    assert world.messenger.kinds[-1] == "reminder"
    await deliver_for(world, days=3)
    assert world.messenger.kinds[-1] == "how_was_it"
    assert world.messenger.kinds.count("reminder") == 1


async def refunded(world: World, order: OrderId) -> None:
    intent = (await world.case(order)).payments[0].payment_intent
    assert intent is not None
    world.stripe.refund_from_dashboard(intent)
    await world.hear()


async def test_a_standing_booking_ahead_is_reminded_of(world: World) -> None:
    await world.paid()
    found = await world.reminders.ahead(await booking(world), START, 2)
    assert (found.booking.ordered.starts_at, found.customer.telegram_id) == (START, 1001)


async def test_a_cancelled_booking_is_neither_reminded_of_nor_asked_about(world: World) -> None:
    await refunded(world, await world.paid())
    with pytest.raises(Gone):
        await world.reminders.ahead(await booking(world), START, 2)
    world.clock.move_to(START + 4 * HOUR)
    with pytest.raises(Gone):
        await world.reminders.over(await booking(world), START + 3 * HOUR)


async def test_nobody_is_reminded_of_what_has_begun(world: World) -> None:
    await world.paid()
    world.clock.move_to(START)
    with pytest.raises(Gone):
        await world.reminders.ahead(await booking(world), START, 2)


async def test_after_a_pause_only_the_last_reminder_comes(world: World) -> None:
    await world.paid()
    world.clock.move_to(START - HOUR)
    with pytest.raises(Gone):
        await world.reminders.ahead(await booking(world), START, 24)
    assert (await world.reminders.ahead(await booking(world), START, 2)).customer.telegram_id == 1001


@pytest.mark.fault(31)
async def test_a_slot_that_was_moved_is_told_of_at_its_new_time(world: World) -> None:
    await world.paid()
    later = START + timedelta(days=3, hours=6)
    await change(world, starts_at=later, ends_at=later + HOUR)

    async def plan(connection: Connection) -> None:
        await world.reminders.slots_changed(connection, [world.shop.slots[0]], world.clock.now())

    await world.database.run(plan)
    await world.database.run(plan)
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    about = [row["data"].get("starts_at") for row in rows if row["kind"] == "reminder"]
    assert about == [START.isoformat(), later.isoformat(), later.isoformat()]
    with pytest.raises(Gone):
        await world.reminders.ahead(await booking(world), START, 2)
    assert (await world.reminders.ahead(await booking(world), later, 2)).customer.telegram_id == 1001
    world.clock.move_to(later + HOUR)
    assert (await world.reminders.over(await booking(world), later + HOUR)).customer.telegram_id == 1001
    with pytest.raises(Gone):
        await world.reminders.over(await booking(world), START + 3 * HOUR)


async def test_guests_are_asked_once_it_is_over_and_not_for_ever(world: World) -> None:
    await world.paid()
    end = START + 3 * HOUR
    for moment, asked in ((end - HOUR, False), (end, True), (end + timedelta(days=8), False)):
        world.clock.move_to(moment)
        if asked:
            assert (await world.reminders.over(await booking(world), end)).customer.telegram_id == 1001
        else:
            with pytest.raises(Gone):
                await world.reminders.over(await booking(world), end)


async def test_who_has_said_how_it_was_is_not_asked_any_more(world: World) -> None:
    await world.paid()
    world.clock.move_to(START + 4 * HOUR)
    await world.reviews.rate(world.shop.customer_id, await booking(world), 5)
    with pytest.raises(Gone):
        await world.reminders.over(await booking(world), START + 3 * HOUR)


async def test_who_is_forgotten_hears_of_nothing_any_more(world: World) -> None:
    await Customers(world.database, world.clock, ["en"]).meet(TelegramId(1001), "Ada", "en")
    await world.paid()
    world.clock.move_to(START + 4 * HOUR)
    assert await Privacy(world.database, world.clock, ()).forget(world.shop.customer_id) == ()
    assert await waiting(world) == {}
    with pytest.raises(Gone):
        await world.reminders.over(await booking(world), START + 3 * HOUR)
    async with world.database.read() as connection:
        assert await reminders.of_slots(connection, [world.shop.slots[0]]) == []


async def test_the_last_call_comes_before_the_hold_ends(world: World) -> None:
    begun = world.clock.now()
    await world.placed_with_link()
    assert (await waiting(world))["last_call"] == begun + timedelta(minutes=10)
    await world.live_through(11)
    assert world.messenger.kinds.count("last_call") == 1
    await world.live_through(10)
    assert world.messenger.kinds.count("last_call") == 1


async def test_an_order_whose_message_has_moved_loses_the_one_of_before(world: World) -> None:
    order = await world.placed_with_link()
    await world.ordering.move_card(order, ChatId(1001), MessageId(7))
    await world.ordering.move_card(order, ChatId(1001), MessageId(8))
    assert (await world.ordering.card(order)).message_id == 8
    moved = [row._mapping["data"] for row in await world.rows(schema.outbox) if row._mapping["kind"] == "card_moved"]
    assert moved == [{"order_id": order, "message_id": 7}]
