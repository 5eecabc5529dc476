"""Whoever chooses another language hears everything in it from then on, also of what was begun in the other one."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from storage import schema
from storage.database import Database
from tests.builders import add_slot, at
from tests.clock import FakeClock
from tests.handlers.counter import ADA, Counter, open_counter
from tests.handlers.walks import to_the_link
from tests.world import open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest_asyncio.fixture
async def counter(database: Database, clock: FakeClock) -> AsyncIterator[Counter]:
    async with open_world(database, clock, attentive=True, mail=True) as world, open_counter(world) as opened:
        yield opened


async def to_french(counter: Counter) -> None:
    await counter.say(ADA, "/language")
    await counter.press(ADA, "Français")


async def after(counter: Counter, minutes: int) -> None:
    await counter.world.live_through(minutes)
    await counter.work()


async def test_a_hold_is_called_and_ends_in_the_language_of_now(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await to_french(counter)
    await after(counter, 11)
    called = counter.screen(ADA)
    assert called.text.startswith("À vous pour encore")
    assert counter.labels(called)[0].startswith("Payer")
    await after(counter, 10)
    assert any(message.text.startswith("Le délai est dépassé") for message in counter.messages(ADA))


async def test_what_was_paid_for_comes_in_the_language_of_now_and_by_mail_in_that_of_the_order(
    counter: Counter,
) -> None:
    await to_the_link(counter, ADA)
    await to_french(counter)
    await counter.pay()
    assert counter.screen(ADA).text.startswith("C’est réservé")
    await counter.world.mailer.deliver()
    assert [letter.subject.partition(" · ")[0] for letter in counter.post.letters] == ["You are booked"]


async def test_the_ticket_of_a_moved_booking_comes_in_the_language_of_now(counter: Counter) -> None:
    await add_slot(counter.world.database, counter.world.shop.event.id, at(5))
    await counter.world.paid(counter.world.shop.slots[1])
    await to_french(counter)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Mer. 25 nov.")
    await counter.press(ADA, "Autre date")
    await counter.press(ADA, "Sam. 28 nov.")
    await counter.press(ADA, "Changer la date")
    await counter.work()
    assert "Agenda" in counter.labels(counter.screen(ADA))


@pytest.mark.parametrize("in_vain", [True, False])
async def test_a_waiting_list_ends_in_the_language_of_now(counter: Counter, in_vain: bool) -> None:  # noqa: FBT001 - a row of the table
    await counter.world.paid(counter.world.shop.slots[1])
    await counter.say(ADA, "/start r_sunrise_20261125")
    await counter.press(ADA, "07:00 · ")
    await counter.press(ADA, "Join")
    await to_french(counter)
    if in_vain:
        counter.world.clock.advance(timedelta(days=1, hours=21, minutes=5))
    else:
        closed = update(schema.inventory).where(schema.inventory.c.id == counter.world.shop.slots[1])
        await counter.world.database.run(lambda connection: connection.execute(closed.values(closed=True)))
        await counter.world.waiting.catch_up()
    await counter.work()
    assert any(message.text.startswith("Votre liste d’attente est close") for message in counter.messages(ADA))
