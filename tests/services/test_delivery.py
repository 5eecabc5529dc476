"""Messages arrive: in order, at the rate that Telegram allows, and at least once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.ids import ChatId
from bot.domain.outbox import Blocked, Lane, Later, NoLongerTrue, Undeliverable, Unsure
from storage import outbox, schema
from storage.outbox import NewMessage
from tests.world import STAFF_CHAT, World

ADA, BEN = ChatId(1001), ChatId(1002)


async def put(
    world: World,
    *keys: str,
    chat: ChatId = ADA,
    lane: Lane = Lane.CUSTOMER,
    kind: str = "booked",
    due_at: datetime | None = None,
) -> None:
    now = world.clock.now()
    rows = [NewMessage(key, chat, kind, {"key": key}, lane, due_at or now) for key in keys]
    await world.database.run(lambda connection: outbox.add(connection, rows, now))


def sent(world: World) -> list[object]:
    return [message.data["key"] for message in world.messenger.sent]


async def states(world: World) -> list[object]:
    return [row._mapping["state"] for row in await world.rows(schema.outbox)]


async def deliver_for(world: World, **time: float) -> None:
    """Deliver whenever the deliverer wants to, for so long."""
    until = world.clock.now() + timedelta(**time)
    while (again := await world.deliverer.deliver()) is not None and again <= until:
        world.clock.move_to(again)
    world.clock.move_to(until)


async def test_a_message_is_sent_once(world: World) -> None:
    await put(world, "a")
    await put(world, "a", "b")
    assert await world.deliverer.deliver() is None
    await world.deliverer.deliver()
    assert sent(world) == ["a", "b"]
    assert await states(world) == ["sent", "sent"]


async def test_a_message_for_later_is_sent_later_and_holds_nobody_back(world: World) -> None:
    later = world.clock.now() + timedelta(hours=1)
    await put(world, "reminder", due_at=later)
    await put(world, "now")
    assert await world.deliverer.deliver() == later
    assert sent(world) == ["now"]
    await deliver_for(world, hours=1)
    assert sent(world) == ["now", "reminder"]


@pytest.mark.fault(26)
async def test_a_chat_gets_its_messages_in_order_and_one_a_second(world: World) -> None:
    keys = [f"{number}" for number in range(10)]
    await put(world, *keys)
    await world.deliverer.deliver()
    assert sent(world) == keys[:3]
    await deliver_for(world, seconds=3)
    assert sent(world) == keys[:6]
    await deliver_for(world, seconds=10)
    assert sent(world) == keys


@pytest.mark.fault(26)
async def test_a_group_gets_twenty_messages_a_minute(world: World) -> None:
    await put(world, *(f"{number}" for number in range(60)), chat=STAFF_CHAT, lane=Lane.STAFF)
    await deliver_for(world, seconds=59)
    assert 15 <= len(sent(world)) <= 20
    await deliver_for(world, minutes=4)
    assert len(sent(world)) == 60


@pytest.mark.fault(26)
async def test_all_chats_together_get_twenty_five_messages_a_second(world: World) -> None:
    for number in range(30):
        await put(world, f"a{number}", f"b{number}", chat=ChatId(2000 + number))
    await world.deliverer.deliver()
    assert len(sent(world)) == 25
    await deliver_for(world, seconds=1)
    assert 48 <= len(sent(world)) <= 50
    await deliver_for(world, seconds=1)
    assert len(sent(world)) == 60


async def test_customers_come_before_staff(world: World) -> None:
    await put(world, "staff", chat=STAFF_CHAT, lane=Lane.STAFF)
    await put(world, "customer")
    await world.deliverer.deliver()
    assert sent(world) == ["customer", "staff"]


@pytest.mark.fault(26)
async def test_a_message_that_must_wait_holds_back_its_followers_and_nobody_else(world: World) -> None:
    await put(world, "first", "second")
    await put(world, "elsewhere", chat=BEN)
    world.messenger.answers = [Later(30)]
    await deliver_for(world, seconds=29)
    assert sent(world) == ["elsewhere"]
    await deliver_for(world, seconds=2)
    assert sent(world) == ["elsewhere", "first", "second"]


@pytest.mark.fault(26)
async def test_after_a_day_of_failures_everything_arrives_in_order(world: World) -> None:
    await put(world, "first", "second")
    world.messenger.answers = [Unsure("502")] * 24
    for _ in range(24):
        await world.advance(hours=1)
        await world.deliverer.deliver()
    assert (sent(world), len(world.messenger.tried)) == ([], 24)
    await deliver_for(world, hours=1)
    assert sent(world) == ["first", "second"]


@pytest.mark.fault(27)
async def test_an_unsure_message_is_tried_again_once(world: World) -> None:
    await put(world, "money")
    world.messenger.answers = [Unsure("time-out")]
    await deliver_for(world, minutes=1)
    assert [message.data["key"] for message in world.messenger.tried] == ["money", "money"]
    assert sent(world) == ["money"]


@pytest.mark.fault(25)
async def test_who_has_blocked_us_is_remembered_and_not_tried_again(world: World) -> None:
    await put(world, "a")
    world.messenger.answers = [Blocked()]
    await deliver_for(world, days=4)
    assert (await states(world), len(world.messenger.tried)) == (["blocked"], 1)
    assert [row._mapping["blocked_at"] is not None for row in await world.rows(schema.customer)] == [True]


async def test_what_does_not_hold_any_more_is_skipped(world: World) -> None:
    await put(world, "a")
    world.messenger.answers = [NoLongerTrue()]
    await world.deliverer.deliver()
    assert await states(world) == ["skipped"]


async def test_what_telegram_refuses_is_for_a_human(world: World) -> None:
    await put(world, "a", "b")
    world.messenger.answers = [Undeliverable("can't parse entities")]
    await deliver_for(world, seconds=10)
    assert await world.concerns() == ["dead_message"]
    assert [message.kind for message in world.messenger.sent] == ["booked", "attention"]
    assert await states(world) == ["dead", "sent", "sent"]


async def test_a_message_is_given_up_after_three_days_and_is_for_a_human(world: World) -> None:
    await put(world, "a")
    world.messenger.answers = [Unsure("502")] * 2
    await world.advance(hours=71)
    await world.deliverer.deliver()
    assert await world.concerns() == []
    await world.advance(hours=2)
    await world.deliverer.deliver()
    assert await world.concerns() == ["dead_message"]
    assert (await states(world))[0] == "dead"


async def test_a_message_for_later_has_three_days_from_when_it_is_due(world: World) -> None:
    """A reminder that was written weeks ago must survive its first failure."""
    await put(world, "reminder", due_at=world.clock.now() + timedelta(days=20))
    world.messenger.answers = [Unsure("502")]
    await deliver_for(world, days=20, minutes=1)
    assert sent(world) == ["reminder"]
    assert await world.concerns() == []


async def orders_of_items(world: World) -> list[object]:
    return [row._mapping["order_id"] for row in await world.rows(schema.attention)]


async def test_of_a_dead_message_staff_know_whose_order_it_was_about(world: World) -> None:
    order = await world.placed_with_link()
    world.messenger.answers = [Undeliverable("can't parse entities")]
    await world.pay(order)
    await world.hear()
    assert await orders_of_items(world) == [order]


@pytest.mark.parametrize("kind", ["reminder", "cancelled_file"])
async def test_of_a_dead_message_about_a_booking_as_well(world: World, kind: str) -> None:
    order = await world.paid()
    (booking,) = (await world.case(order)).bookings
    await deliver_for(world, seconds=10)
    row = NewMessage("dead", ADA, kind, {"booking_id": booking.id}, Lane.CUSTOMER, world.clock.now())
    await world.database.run(lambda connection: outbox.add(connection, [row], world.clock.now()))
    world.messenger.answers = [Undeliverable("can't parse entities")]
    await world.deliverer.deliver()
    assert [message.kind for message in world.messenger.tried][-2:] == [kind, "attention"]
    assert await orders_of_items(world) == [order]


async def test_a_dead_message_about_no_booking_is_for_a_human_all_the_same(world: World) -> None:
    row = NewMessage("dead", ADA, "reminder", {"booking_id": 404}, Lane.CUSTOMER, world.clock.now())
    await world.database.run(lambda connection: outbox.add(connection, [row], world.clock.now()))
    world.messenger.answers = [Undeliverable("can't parse entities")]
    await world.deliverer.deliver()
    assert await orders_of_items(world) == [None]


async def test_an_alert_that_dies_alerts_nobody(world: World) -> None:
    await put(world, "a", chat=STAFF_CHAT, kind="attention")
    world.messenger.answers = [Undeliverable("chat not found")]
    await world.deliverer.deliver()
    assert (await states(world), await world.concerns()) == (["dead"], [])


async def test_a_message_that_cannot_be_rendered_stops_nobody(world: World) -> None:
    await put(world, "broken")
    await put(world, "fine", chat=BEN)
    world.messenger.answers = [ZeroDivisionError()]
    await world.deliverer.deliver()
    assert sent(world) == ["fine"]
    await deliver_for(world, seconds=5)
    assert sent(world) == ["fine", "broken"]


async def test_a_message_that_was_put_off_very_often_is_still_tried(world: World) -> None:
    """After a thousand tries a doubling pause was larger than any number."""
    await put(world, "a")
    often = update(schema.outbox).values(tries=2000)
    await world.database.run(lambda connection: connection.execute(often))
    world.messenger.answers = [Unsure("502")]
    await deliver_for(world, hours=1)
    assert sent(world) == ["a"]


@pytest.mark.fault(34)
async def test_a_clock_that_jumps_back_neither_floods_nor_silences(world: World) -> None:
    await put(world, *(f"{number}" for number in range(6)))
    await world.deliverer.deliver()
    world.clock.advance(timedelta(hours=-1))
    await put(world, "later", due_at=world.clock.now())
    await deliver_for(world, hours=1, seconds=10)
    assert sorted(map(str, sent(world))) == ["0", "1", "2", "3", "4", "5", "later"]
