"""What comes by itself reads well, comes in the reader's language, and has buttons that work."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot.domain.errors import TooLong
from bot.domain.ids import ChatId
from bot.domain.outbox import NoLongerTrue, OutboxMessage, Undeliverable
from handlers import markup
from handlers.last_calls import last_call_screen
from handlers.reminders import reminder_screen
from handlers.reviews import MARKS, done_screen, question_screen, thanks_screen, too_long_screen
from handlers.screens import Screen
from handlers.texts import Texts
from storage import schema
from storage.database import Database
from tests.builders import at
from tests.clock import NOW, FakeClock
from tests.handlers import views
from tests.handlers.counter import ADA, BLAISE, Counter, open_counter
from tests.handlers.walks import to_the_link, to_the_ticket
from tests.world import open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

START, END = at(1), at(1, 9)  # 07:00 to 10:00 in Paris


@pytest_asyncio.fixture
async def counter(database: Database, clock: FakeClock) -> AsyncIterator[Counter]:
    async with open_world(database, clock, attentive=True) as world, open_counter(world) as opened:
        yield opened


def row(kind: str, **data: object) -> OutboxMessage:
    return OutboxMessage(1, ChatId(ADA), kind, data, 0, NOW)


async def live_until(counter: Counter, moment: datetime) -> None:
    """Everything that is due until then comes when it is due."""
    world = counter.world
    while (again := await world.deliverer.deliver()) is not None and again <= moment:
        world.clock.move_to(again)
    world.clock.move_to(moment)


async def to_the_question(counter: Counter, user: int = ADA) -> None:
    await to_the_ticket(counter, user)
    await live_until(counter, at(2, 9))


def every_screen(texts: Texts, words: str) -> Iterator[Screen]:
    booking = views.booking(words)
    yield reminder_screen(booking, texts, views.DAWN - timedelta(hours=2))
    yield question_screen(booking, texts)
    yield thanks_screen(booking.id, 1, texts)
    yield done_screen(texts, words)
    yield too_long_screen(TooLong(1000, 4096), texts)
    yield last_call_screen(views.order(words=words), 5, texts)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_screen_is_one_that_telegram_takes(texts: Texts, words: str, database_url: str) -> None:
    for screen in every_screen(texts, words):
        assert markup.units(screen.caption) <= markup.CAPTION + 5 * screen.caption.count("&") + len("<b></b>")
        assert "\u202e" not in screen.caption
        assert all(button.built() for line in screen.rows for button in line)


@pytest.mark.fault(33)
async def test_a_reminder_says_when_where_who_and_the_code(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await live_until(counter, START)
    (booking,) = await counter.world.rows(schema.booking)
    told = counter.screen(ADA)
    assert told.text == (
        "Tomorrow at 07:00\nSunrise\nTue 24 Nov 2026, 07:00, local time (Paris)\nSemnoz car park\n\n1\u00a0adult\n"
        f"Code {booking._mapping['code']}"
    )
    assert "Copy code" in counter.labels(told)


async def test_a_reminder_speaks_the_language_that_was_chosen_since(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/language")
    await counter.press(ADA, "Français")
    await live_until(counter, START)
    assert counter.screen(ADA).text.startswith("Demain à 07:00")


@pytest.mark.parametrize(
    ("before", "title"),
    [
        (timedelta(hours=2), "Today at 06:00"),
        (timedelta(hours=8), "Tomorrow at 06:00"),
        (timedelta(days=3), "In 3 days, at 06:00"),
    ],
)
def test_a_reminder_says_how_near_it_is(texts: Texts, before: timedelta, title: str, database_url: str) -> None:
    if texts.language == "en":
        assert reminder_screen(views.booking(), texts, views.DAWN - before).title == title


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("reminder", {"booking_id": 1, "hours": 2, "starts_at": (START + timedelta(hours=1)).isoformat()}),
        ("reminder", {"booking_id": 99, "hours": 2, "starts_at": START.isoformat()}),
        ("how_was_it", {"booking_id": 1, "ends_at": END.isoformat()}),
        ("last_call", {"order_id": 1}),
    ],
)
async def test_what_does_not_hold_is_skipped(counter: Counter, kind: str, data: dict[str, object]) -> None:
    await to_the_ticket(counter, ADA)
    before = len(counter.messages(ADA))
    with pytest.raises(NoLongerTrue):
        await counter.deliveries.send(row(kind, **data))
    assert len(counter.messages(ADA)) == before


@pytest.mark.parametrize(
    "message",
    [row("reminder", booking_id=1), row("reminder", booking_id=1, hours=2, starts_at="soon"), row("how_was_it"),
     row("last_call"), row("card_moved", order_id=1), row("card_again")],
)  # fmt: skip
async def test_a_row_that_makes_no_sense_is_undeliverable(counter: Counter, message: OutboxMessage) -> None:
    with pytest.raises(Undeliverable):
        await counter.deliveries.send(message)


# The last call


async def test_the_last_call_brings_the_order_down_and_leaves_one_pay_button(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    before = counter.screen(ADA)
    await live_until(counter, NOW + timedelta(minutes=11))
    told = counter.screen(ADA)
    assert told.text.startswith("Yours for 5 more minutes\n\nHeld for you until 10:15\nSunrise")
    assert counter.labels(told)[0] == "Pay €39.00"
    assert before.id not in [message.id for message in counter.messages(ADA)]
    await counter.pay()
    assert not any(label.startswith("Pay") for message in counter.messages(ADA) for label in counter.labels(message))
    assert [message.text.split("\n")[0] for message in counter.messages(ADA)][-2:] == [
        "Paid · your ticket is below",
        "You are booked",
    ]


async def test_an_order_that_is_over_has_no_last_call(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.press(ADA, "Cancel")
    await counter.work()
    before = counter.screen(ADA)
    await live_until(counter, NOW + timedelta(minutes=20))
    assert counter.screen(ADA).text == before.text


async def test_a_message_that_is_gone_already_is_not_missed(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    counter.telegram.delete_message(ADA, counter.screen(ADA).id)
    await live_until(counter, NOW + timedelta(minutes=11))
    assert counter.screen(ADA).text.startswith("Yours for 5 more minutes")
    assert await counter.world.concerns() == []


# How was it


async def test_a_guest_gives_a_mark_and_a_sentence(counter: Counter) -> None:
    await to_the_question(counter)
    question = counter.screen(ADA)
    assert question.text == "How was it?\nSunrise\nTue 24 Nov 2026"
    assert counter.labels(question) == [MARKS[mark] for mark in (5, 4, 3, 2, 1)]
    await counter.press(ADA, "4")
    assert counter.screen(ADA).text.startswith("Thank you\n4 · Good\nIf you like, write a sentence")
    assert question in counter.messages(ADA)
    await counter.say(ADA, "sunrise was lovely")
    assert "Your words are with the shop." in counter.screen(ADA).text
    await counter.say(ADA, "sunrise")
    assert "“sunrise”" in counter.screen(ADA).text
    (review,) = await counter.world.rows(schema.review)
    assert (review._mapping["stars"], review._mapping["comment"]) == (4, "sunrise was lovely")


async def test_who_writes_too_much_is_told_how_much_may_be(counter: Counter) -> None:
    await to_the_question(counter)
    await counter.press(ADA, "4")
    await counter.say(ADA, "x" * 4000)
    assert "up to 1,000 characters, and these were 4,000" in counter.screen(ADA).text
    await counter.say(ADA, "Lovely")
    assert "Your words are with the shop." in counter.screen(ADA).text


async def test_the_question_is_asked_in_french_too(counter: Counter) -> None:
    await to_the_question(counter, BLAISE)
    assert counter.screen(BLAISE).text.startswith("Comment c’était\u00a0?")
    await counter.press(BLAISE, "5 · Excellent")
    assert counter.screen(BLAISE).text.startswith("Merci")


async def test_another_mark_replaces_the_first_and_the_same_says_nothing_new(counter: Counter) -> None:
    await to_the_question(counter)
    question = counter.screen(ADA)
    await counter.press(ADA, "5", question.id)
    await counter.press(ADA, "3", question.id)
    count = len(counter.messages(ADA))
    await counter.press(ADA, "3", question.id)
    assert len(counter.messages(ADA)) == count
    assert [r._mapping["stars"] for r in await counter.world.rows(schema.review)] == [3]


async def test_after_skip_words_are_a_search_again(counter: Counter) -> None:
    await to_the_question(counter)
    await counter.press(ADA, "5")
    await counter.press(ADA, "Skip")
    assert counter.screen(ADA).text.startswith("Thank you\nUntil next time.")
    await counter.say(ADA, "sunrise")
    assert "“sunrise”" in counter.screen(ADA).text


@pytest.mark.parametrize("command", ["/start", "/bookings", "/search", "/nonsense"])
async def test_after_a_command_words_are_a_search_again(counter: Counter, command: str) -> None:
    await to_the_question(counter)
    await counter.press(ADA, "5")
    await counter.say(ADA, command)
    await counter.say(ADA, "sunrise")
    assert "“sunrise”" in counter.screen(ADA).text
    assert [r._mapping["comment"] for r in await counter.world.rows(schema.review)] == [None]


async def test_after_a_button_of_anything_else_words_are_a_search_again(counter: Counter) -> None:
    await to_the_question(counter)
    await counter.press(ADA, "5")
    await counter.press(ADA, "Manage booking")
    await counter.say(ADA, "sunrise")
    assert "“sunrise”" in counter.screen(ADA).text


async def test_the_code_of_a_booking_is_no_sentence_about_a_visit(counter: Counter) -> None:
    await to_the_question(counter)
    await counter.press(ADA, "5")
    (booking,) = await counter.world.rows(schema.booking)
    await counter.say(ADA, str(booking._mapping["code"]))
    assert f"Code {booking._mapping['code']}" in counter.screen(ADA).text
    await counter.say(ADA, "sunrise")
    assert "“sunrise”" in counter.screen(ADA).text


async def test_the_same_mark_asks_for_a_sentence_again_after_something_else(counter: Counter) -> None:
    await to_the_question(counter)
    question = counter.screen(ADA)
    await counter.press(ADA, "5")
    await counter.say(ADA, "/start")
    await counter.press(ADA, "5", question.id)
    await counter.press(ADA, "5", question.id)
    await counter.say(ADA, "Lovely")
    assert [r._mapping["comment"] for r in await counter.world.rows(schema.review)] == ["Lovely"]


@pytest.mark.fault(43)
@pytest.mark.parametrize("data", ["1:5:1:0", "1:5:1:6", "1:5:1", "1:5:zz:5", "1:6:zz", "1:5:1:5:5"])
async def test_forged_marks_change_nothing(counter: Counter, data: str) -> None:
    await to_the_question(counter)
    await counter.forge(ADA, data)
    assert await counter.world.rows(schema.review) == []


@pytest.mark.fault(43)
async def test_a_strangers_visit_cannot_be_marked(counter: Counter) -> None:
    await to_the_question(counter)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, "1:5:1:1")
    await counter.forge(BLAISE, "1:6:1")
    assert await counter.world.rows(schema.review) == []
