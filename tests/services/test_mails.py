"""Letters have a queue of their own: written with the fact that they tell, and in nobody's way."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.domain.ids import BookingId, OrderId
from bot.domain.outbox import Unsure
from storage import forgetting, schema
from storage.database import Database
from tests.clock import FakeClock
from tests.world import World, open_world


@pytest_asyncio.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_world(database, clock, mail=True) as opened:
        yield opened


async def letters(world: World) -> list[tuple[object, object]]:
    """What waits for the mail server or went there, with its state."""
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    return [(row["kind"], row["state"]) for row in rows if row["channel"] == "mail"]


async def cancel(world: World, order: OrderId, confirmed: int) -> BookingId:
    (booking,) = (await world.case(order)).bookings
    assert booking.id is not None
    await world.cancelling.cancel(world.shop.customer_id, booking.id, confirmed)
    return booking.id


async def test_a_booking_is_confirmed_by_a_letter_once(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    await world.deliver_webhooks(copies=3)
    await world.work()
    assert await letters(world) == [("mail_booked", "due")]
    await world.mailer.deliver()
    await world.mailer.deliver()
    assert world.postman.kinds == ["mail_booked"]


async def test_a_shop_without_a_mail_server_writes_no_letters(database: Database, clock: FakeClock) -> None:
    async with open_world(database, clock) as world:
        await world.paid()
        assert await letters(world) == []


async def test_a_cancelled_booking_is_told_with_what_goes_back(world: World) -> None:
    order = await world.paid(world.shop.slots[1])
    booking = await cancel(world, order, 7800)
    await world.hear()
    assert [kind for kind, _ in await letters(world)] == ["mail_booked", "mail_cancelled"]
    await world.mailer.deliver()
    assert world.postman.sent[-1].data["booking_id"] == booking


async def test_a_refund_in_the_dashboard_is_told_by_letter(world: World) -> None:
    await world.paid()
    intent = world.stripe.ledger()[0].payment_intent
    world.stripe.refund_from_dashboard(intent, 1000)
    await world.hear()
    world.stripe.refund_from_dashboard(intent)
    await world.hear()
    assert [kind for kind, _ in await letters(world)] == ["mail_booked", "mail_refunded", "mail_cancelled"]


@pytest.mark.fault(26)
async def test_a_mail_server_that_is_down_holds_up_no_message_and_the_other_way_round(world: World) -> None:
    world.postman.answers = [Unsure("mail server: SMTPConnectError")] * 200
    await world.paid()
    await world.advance(seconds=5)
    await world.deliverer.deliver()
    assert "booked" in world.messenger.kinds
    for _ in range(24):
        await world.mailer.deliver()
        await world.advance(hours=1)
    world.messenger.answers = [Unsure("502")] * 200
    await world.paid(world.shop.slots[1])
    assert world.postman.sent == []
    world.postman.answers = []
    for _ in range(10):
        await world.advance(minutes=10)
        await world.mailer.deliver()
    assert world.postman.kinds == ["mail_booked", "mail_booked"]
    assert world.messenger.kinds.count("booked") == 1


async def test_a_letter_is_given_up_after_three_days_and_staff_know_whose_it_was(world: World) -> None:
    order = await world.paid()
    world.postman.answers = [Unsure("mail server: SMTPConnectError")] * 2
    await world.mailer.deliver()
    assert await world.concerns() == []
    await world.advance(days=3, minutes=1)
    await world.mailer.deliver()
    assert await letters(world) == [("mail_booked", "dead")]
    (item,) = await world.rows(schema.attention)
    assert (item._mapping["kind"], item._mapping["order_id"]) == ("dead_message", order)


@pytest.mark.fault(45)
async def test_the_letter_of_somebody_who_is_forgotten_is_not_sent(world: World) -> None:
    await world.paid()
    await world.database.run(lambda connection: forgetting.erase(connection, world.shop.customer_id))
    assert await letters(world) == []
    await world.mailer.deliver()
    assert world.postman.tried == []


async def test_the_first_waiting_letter_says_when_to_come_back(world: World) -> None:
    await world.paid()
    world.postman.answers = [Unsure("451")]
    again = await world.mailer.deliver()
    assert again is not None
    assert again - world.clock.now() <= timedelta(seconds=2)
