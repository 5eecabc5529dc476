"""Whatever guests have answered, staff can read it in full: nobody may miss an allergy below a cut."""

import re
from dataclasses import replace
from html import unescape

import pytest
from telegram import Bot

from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.money import Money
from bot.domain.orders import State
from bot.domain.questions import Answer, Per, Question, QuestionKind
from bot.domain.staff_news import OrderNews
from bot.domain.visits import SlotVisits, Visit, VisitDay, VisitFare
from handlers import markup
from handlers.answer_words import MOST_ON_A_LINE, answer_lines, short_lines
from handlers.screens import Message
from handlers.staff_answers import answers_message
from handlers.staff_notices import render_sale
from handlers.staff_today import today_message
from handlers.texts import Translations
from storage import answers
from tests.builders import add_paid_order, at, small_shop
from tests.clock import NOW
from tests.handlers.staff.shop import DOOR, StaffShop, buttons
from tests.handlers.staff.telegram import GROUP, RecordedTelegram, group, tap
from tests.handlers.views import booking

TEXTS = Translations(("en", "fr")).for_("en")
ADULTS = {"en": ("adult", "adults")}
ALLERGY = Question("allergy", QuestionKind.TEXT, Per.GUEST, True, {"en": "Any allergy? " + "Please tell us. " * 11})


def said(guest: int, length: int = 490) -> Answer:
    """As long as an answer may be, in signs that Telegram counts twice, with what matters at its end."""
    return Answer(ALLERGY, guest, "\N{PEANUTS}" * length + f" no nuts{guest:03}")


def text_of(message: Message) -> str:
    return unescape(re.sub("</?b>", "", message.html))


def leafed(pages: list[Message]) -> str:
    """All pages, each of which Telegram takes."""
    shown = [text_of(page) for page in pages]
    assert all(markup.units(page) <= markup.TEXT for page in shown)
    return "\n".join(shown)


def pages_of(message: Message) -> int:
    labels = [button.label for row in message.rows for button in row]
    return next((int(label.partition("/")[2]) for label in labels if "/" in label), 1)


def test_a_long_question_gives_way_and_never_its_answer() -> None:
    (line,) = answer_lines([said(1)], TEXTS)
    assert line.startswith("Guest 1 · Any allergy? Please tell us.")
    assert line.endswith("… " + said(1).value)


def test_whoever_has_answered_sees_the_beginning_of_it() -> None:
    (line,) = short_lines([said(1)], TEXTS)
    assert markup.units(line) <= MOST_ON_A_LINE
    assert "\N{PEANUTS}" * 20 in line


@pytest.mark.parametrize(("guests", "length"), [(1, 490), (60, 490), (120, 0)])
def test_today_shows_every_answer_in_full_on_one_of_its_pages(guests: int, length: int) -> None:
    many = Visit(
        BookingId(1), "CODE-1", "Ada", None, (VisitFare(ADULTS, guests, 1),),
        answers=tuple(said(guest, length) for guest in range(1, guests + 1)),
    )  # fmt: skip
    others = [Visit(BookingId(each), f"CODE-{each}", "Zoe", None, (VisitFare(ADULTS, 1, 1),)) for each in range(2, 12)]
    slot = SlotVisits(InventoryId(1), {"en": "Sunrise"}, at(0), "Europe/Paris", (*others[:5], many, *others[5:]))
    day = VisitDay(NOW.date(), (slot,))
    pages = [today_message(day, page, TEXTS) for page in range(1, pages_of(today_message(day, 1, TEXTS)) + 1)]
    whole = leafed(pages)
    assert all(each.value in whole for each in many.answers)
    assert all(whole.count(f"CODE-{each}\n") == 1 for each in range(2, 11))
    for page in map(text_of, pages):
        assert page.count("07:00, Sunrise") == 1
        assert ("CODE-1\n" in page) == ("no nuts" in page)


def test_where_answers_end_and_the_next_guests_begin_is_seen() -> None:
    visits = [
        Visit(BookingId(each), f"CODE-{each}", "Ada", None, (VisitFare(ADULTS, 1, 1),), answers=given)
        for each, given in enumerate([(), (Answer(ALLERGY, 0, "None"),), (), ()])
    ]
    slot = SlotVisits(InventoryId(1), {"en": "Sunrise"}, at(0), "Europe/Paris", tuple(visits))
    lines = text_of(today_message(VisitDay(NOW.date(), (slot,)), 1, TEXTS)).splitlines()[4:]
    assert [line[-6:] for line in lines] == ["CODE-0", "CODE-1", "… None", "", "CODE-2", "CODE-3"]


def news(*given: Answer) -> OrderNews:
    ordered = replace(booking().ordered, answers=given)
    return OrderNews(OrderId(7), "K7Q4-MZ", "Ada", State.PAID, Money(7800, "EUR"), Money(0, "EUR"), (ordered,))


def test_a_sale_is_announced_with_all_answers_where_they_fit() -> None:
    sale = render_sale(news(said(1), said(2)), TEXTS)
    assert sale.rows == ()
    assert said(2).value in leafed([sale])


@pytest.mark.parametrize(("guests", "length"), [(20, 490), (120, 0)])
def test_answers_that_do_not_fit_are_one_tap_away_and_none_looks_like_all(guests: int, length: int) -> None:
    given = [said(guest, length) for guest in range(1, guests + 1)]
    sale = render_sale(news(*given), TEXTS)
    assert f"\n{guests} answers\nAda, order K7Q4-MZ" in text_of(sale)
    assert "nuts" not in text_of(sale)
    assert [button.label for row in sale.rows for button in row] == ["Show the answers"]
    count = pages_of(answers_message(news(*given), 1, TEXTS))
    assert count > 1
    whole = leafed([answers_message(news(*given), page, TEXTS) for page in range(1, count + 1)])
    assert all(each.value in whole for each in given)


async def test_whoever_is_at_the_door_reads_the_answers_below_their_announcement(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    """The announcement stays; the pages turn in a message of their own."""
    seeded = await small_shop(shop.database)
    adult, slot = seeded.event.fares["adult"], seeded.slots[0]
    order = await add_paid_order(shop.database, seeded.customer_id, seeded.event.id, slot, {adult: 2})
    given = {slot: [said(guest) for guest in range(1, 21)]}
    await shop.database.run(lambda connection: answers.keep(connection, order.order_id, given))
    await shop.feed(tap(bot, DOOR, f"1:xw:{order.order_id}:0", group()))
    (sent,) = telegram.made("sendMessage")
    assert sent["chat_id"] == GROUP
    assert "no nuts001" in str(sent["text"])
    await shop.feed(tap(bot, DOOR, buttons(sent)["›"], group()))
    (edited,) = telegram.made("editMessageText")
    assert "no nuts001" not in str(edited["text"])
