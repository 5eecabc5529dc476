"""What is not paid yet is found under /bookings, and its message comes back from there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.domain.bookings import BookingList
from bot.domain.ids import InventoryId
from bot.domain.orders import State
from handlers import markup
from handlers.bookings import bookings_screen
from handlers.callbacks import Action, pack
from handlers.open_orders import held_already_screen
from handlers.screens import Screen
from handlers.texts import Texts, Translations
from storage import schema
from tests.handlers import views
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.test_waiting import FULL_DAY, everything_is_taken, joined, offered, sold_out
from tests.handlers.walks import to_the_link, to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NONE = BookingList((), ())


def every_screen(texts: Texts, words: str) -> Iterator[Screen]:
    cards = [views.order(state, words) for state in (State.HELD, State.PROCESSING, State.CLOSING)]
    yield bookings_screen(NONE, texts, 1, unpaid=cards * 4)
    yield held_already_screen(views.offer(0, words), cards[0], texts)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_screen_is_one_that_telegram_takes(texts: Texts, words: str, database_url: str) -> None:
    for screen in every_screen(texts, words):
        assert markup.units(screen.caption) <= markup.CAPTION + 5 * screen.caption.count("&") + len("<b></b>")
        assert "\u202e" not in screen.caption
        assert all(button.built() for line in screen.rows for button in line)


def test_what_is_not_paid_stands_before_what_is_booked(translations: Translations, database_url: str) -> None:
    many = BookingList(tuple(views.booking() for _ in range(7)), ())
    english = translations.for_("en")
    first = bookings_screen(many, english, 1, unpaid=[views.order(), views.order(State.PROCESSING)])
    assert first.caption.split("\n")[1:] == [
        *("", "Sunrise, Sat 12 Dec, 06:00", "Held for you until 14:35 · €97.00 to pay"),
        *("", "Sunrise, Sat 12 Dec, 06:00", "Waiting for your bank"),
        *("", "7 bookings ahead."),
    ]
    labels = [button.label for row in first.rows for button in row]
    assert labels[:3] == ["€97.00 to pay · Sunrise", "Waiting for your bank · Sunrise", "Sat 12 Dec, 06:00 · Sunrise"]
    second = bookings_screen(many, english, 2, unpaid=[views.order()])
    assert "to pay" not in second.caption + second.rows[0][0].label


def test_of_several_things_all_are_named(translations: Translations, database_url: str) -> None:
    sunrise, canoe = (
        replace(views.order(words=words).lines[0], inventory_id=InventoryId(row))
        for row, words in enumerate(("Sunrise", "Canoe"))
    )
    screen = bookings_screen(NONE, translations.for_("en"), 1, unpaid=[replace(views.order(), lines=(sunrise, canoe))])
    assert "Sunrise, Canoe\nHeld for you" in screen.caption


def test_nobody_who_holds_something_reads_that_nothing_is_ahead(translations: Translations, database_url: str) -> None:
    behind = BookingList((), (views.booking(),))
    for page in (1, 2):
        assert "ahead" not in bookings_screen(behind, translations.for_("en"), page, unpaid=[views.order()]).caption


async def test_an_order_whose_message_is_deleted_is_found_and_brought_back(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    counter.telegram.delete_message(ADA, counter.screen(ADA).id)
    await counter.say(ADA, "/bookings")
    listed = counter.screen(ADA)
    assert listed.text == "My bookings\n\nSunrise, Tue 24 Nov, 07:00\nHeld for you until 10:15 · €39.00 to pay"
    assert counter.labels(listed) == ["€39.00 to pay · Sunrise", "Back"]
    await counter.press(ADA, "€39.00 to pay")
    await counter.work()
    assert counter.labels(counter.screen(ADA)) == ["Pay €39.00", "I have paid", "Cancel"]
    assert listed in counter.messages(ADA)
    await counter.pay()
    said = [message.text.split("\n")[0] for message in counter.messages(ADA)]
    assert said[-2:] == ["Paid · your ticket is below", "You are booked"]


async def test_an_order_that_is_brought_back_has_one_pay_button(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    before = counter.screen(ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "€39.00 to pay")
    await counter.world.advance(seconds=1)
    await counter.press(ADA, "€39.00 to pay")
    await counter.work()
    with_button = [message for message in counter.messages(ADA) if "Pay €39.00" in counter.labels(message)]
    assert with_button == [counter.screen(ADA)]
    assert before.id not in [message.id for message in counter.messages(ADA)]
    assert counter.calls("sendMessage") == 2


async def test_an_order_can_be_brought_back_as_often_as_one_likes(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.say(ADA, "/bookings")
    for _ in range(3):
        before = counter.screen(ADA)
        await counter.press(ADA, "€39.00 to pay")
        await counter.work()
        assert counter.screen(ADA).id > before.id


async def test_what_has_been_paid_meanwhile_is_not_brought_back(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.say(ADA, "/bookings")
    old = counter.screen(ADA)
    await counter.pay()
    await counter.press(ADA, "€39.00 to pay", old.id)
    await counter.work()
    shown = next(message for message in counter.messages(ADA) if message.id == old.id)
    assert shown.text.startswith("It is paid. Your ticket is in this chat.\n\nMy bookings\n1 booking ahead.")
    assert counter.screen(ADA).text.startswith("You are booked")


async def test_what_is_paid_before_its_message_comes_back_does_not_come_back(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "€39.00 to pay")
    await counter.world.database.run(lambda c: c.execute(update(schema.orders).values(state=State.PAID)))
    await counter.work()
    assert counter.screen(ADA).text.startswith("My bookings")


@pytest.mark.fault(43)
@pytest.mark.parametrize("data", ["1:O", "1:O:1", "1:O:zz", "1:O:!", "1:O:1:1"])
async def test_a_strangers_order_is_not_brought(counter: Counter, data: str) -> None:
    await to_the_link(counter, ADA)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, data)
    await counter.work()
    assert not any("Sunrise" in message.text for message in counter.messages(BLAISE))
    assert all(row._mapping["kind"] != "card_again" for row in await counter.world.rows(schema.outbox))


# Waiting for what one holds


async def test_who_holds_an_offer_is_led_to_it_and_not_into_the_line(counter: Counter) -> None:
    await offered(counter)
    await everything_is_taken(counter)
    await counter.say(BLAISE, FULL_DAY)
    await counter.press(BLAISE, "07:00 · complet")
    screen = counter.screen(BLAISE)
    assert "Vous avez déjà des places ici\N{NO-BREAK SPACE}:\nDes places se libèrent" in screen.text
    assert [label.split("\N{NO-BREAK SPACE}")[0] for label in counter.labels(screen)] == ["39,00", "Retour"]
    await counter.press(BLAISE, "39,00")
    await counter.work()
    assert counter.labels(counter.screen(BLAISE))[-1] == "Non merci"


async def test_an_old_button_does_not_lead_into_the_line_either(counter: Counter) -> None:
    await offered(counter)
    await everything_is_taken(counter)
    await counter.say(BLAISE, "/start")
    shop = counter.world.shop
    await counter.forge(BLAISE, pack(Action.WAIT, "j", shop.slots[1], f"{shop.event.fares['adult']}.1"))
    assert "Vous avez déjà des places ici" in counter.screen(BLAISE).text
    assert await counter.world.rows(schema.waiting) == []


async def test_who_has_paid_may_wait_for_more(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await sold_out(counter)
    await joined(counter, ADA)
    assert counter.screen(ADA).text.startswith("You are on the waiting list")
