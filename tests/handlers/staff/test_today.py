"""Rules of `/today`: who comes, by name, with guests and code."""

from datetime import date

import pytest
from telegram import Bot

from bot.domain.ids import BookingId, InventoryId
from bot.domain.visits import SlotVisits, Visit, VisitDay, VisitFare
from handlers.staff_today import PER_PAGE, today_message
from handlers.texts import Translations
from tests.builders import add_customer, add_paid_order, at, small_shop
from tests.handlers.staff.shop import DOOR, StaffShop, buttons
from tests.handlers.staff.telegram import RecordedTelegram, command, tap

ADULTS = {"en": ("adult", "adults")}
TEXTS = Translations(("en", "fr")).for_("en")


def slot(*visits: Visit) -> SlotVisits:
    return SlotVisits(InventoryId(1), {"en": "Sunrise"}, at(0), "Europe/Paris", visits)


def visit(number: int, name: str = "Ada", phone: str | None = None) -> Visit:
    return Visit(BookingId(number), f"CODE-{number}", name, phone, (VisitFare(ADULTS, 2, 1),))


def test_a_day_reads_slot_by_slot_and_name_by_name() -> None:
    day = VisitDay(date(2026, 11, 23), (slot(visit(1, "Ada", "+33 1"), visit(2, "<b>Zoe")),))
    message = today_message(day, 1, TEXTS)
    assert message.html.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "<b>Mon 23 Nov 2026</b>",
        "4 guests",
        "",
        "07:00, Sunrise, 4 guests",
        "Ada · 2 adults · CODE-1 · +33 1",
        "&lt;b&gt;Zoe · 2 adults · CODE-2",
    ]
    assert [button.label for row in message.rows for button in row] == ["‹ Sun 22 Nov", "Tue 24 Nov ›"]


def test_who_comes_and_who_goes_of_what_is_let_is_told_apart() -> None:
    guest = Visit(BookingId(1), "CODE-1", "Ada", None, (VisitFare({"en": ("room", "rooms")}, 1, 1),), at(3, 10))
    coming = SlotVisits(InventoryId(1), {"en": "Room"}, at(0, 14), "Europe/Paris", (guest,), stays=True)
    going = SlotVisits(InventoryId(2), {"en": "Room"}, at(0, 10), "Europe/Paris", (guest,), stays=True, leaving=True)
    message = today_message(VisitDay(date(2026, 11, 23), (going, coming)), 1, TEXTS)
    assert message.html.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "<b>Mon 23 Nov 2026</b>",
        "",
        "11:00, Room, leaving",
        "Ada · 1 room · CODE-1",
        "",
        "15:00, Room, arriving",
        "Ada · 1 room · until Thu 26 Nov, 11:00 · CODE-1",
    ]


@pytest.mark.parametrize(
    ("page", "shown", "labels"), [(1, 15, ["1/3", "›"]), (2, 15, ["‹", "2/3", "›"]), (9, 5, ["‹", "3/3"])]
)
def test_a_long_day_is_paged_and_each_page_names_its_slot(page: int, shown: int, labels: list[str]) -> None:
    names = "\N{SMILING FACE WITH SUNGLASSES}" * 2000
    day = VisitDay(date(2026, 11, 23), (slot(*(visit(number, names) for number in range(2 * PER_PAGE + 5))),))
    message = today_message(day, page, TEXTS)
    assert message.html.count("CODE-") == shown
    assert message.html.count("07:00, Sunrise, 70 guests") == 1
    assert [button.label for button in message.rows[0]] == labels
    assert len(message.html) < 4096


@pytest.mark.parametrize("edge", [date(2000, 1, 1), date(9998, 12, 31)])
def test_there_is_no_way_beyond_the_calendar(edge: date) -> None:
    (_, days) = today_message(VisitDay(edge, ()), 1, TEXTS).rows
    assert len(days) == 1


async def test_the_door_asks_for_a_day_and_walks_to_the_next(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    seeded = await small_shop(shop.database)
    zoe = await add_customer(shop.database, 9, name="Zoe")
    await add_paid_order(shop.database, zoe, seeded.event.id, seeded.slots[0], {seeded.event.fares["adult"]: 2})
    await shop.feed(command(bot, DOOR, "/today"))
    (sent,) = telegram.made("sendMessage")
    assert "Nobody" in str(sent["text"])
    await shop.feed(tap(bot, DOOR, buttons(sent)["Tue 24 Nov ›"]))
    (edited,) = telegram.made("editMessageText")
    assert "Zoe · 2\N{NO-BREAK SPACE}adults · K7Q4-MZ" in str(edited["text"])


async def test_words_that_name_no_day_are_answered_with_what_is_possible(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    await shop.feed(command(bot, DOOR, "/today week"))
    (sent,) = telegram.made("sendMessage")
    assert "2026-11-20" in str(sent["text"])
