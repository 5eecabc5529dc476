"""What each screen shows, in both languages; pure functions from a view to words and buttons."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.bookings import BookingList, SentBack
from bot.domain.catalogue import DayState, SlotState, StockView
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, RefundState
from handlers import markup
from handlers.bookings import booking_screen, bookings_screen
from handlers.calendar import calendar_screen
from handlers.cards import Way, card_screen
from handlers.categories import category_screen
from handlers.guests import fitted, guests_screen
from handlers.home import home_screen
from handlers.information import help_screen, paysupport_screen, privacy_screen, terms_screen
from handlers.language import language_screen
from handlers.order_cards import order_screen
from handlers.screens import Screen
from handlers.slots import day_screen
from handlers.summary import held_screen, summary_screen
from handlers.texts import Texts, Translations
from handlers.tickets import ticket_screen
from tests.handlers import views
from tests.handlers.counter import HOUSE
from tests.handlers.views import ADULT, CHILD


def every_screen(texts: Texts, words: str) -> Iterator[Screen]:
    party = {ADULT: 2, CHILD: 1}
    yield home_screen(views.home(words), texts)
    yield category_screen(views.page(words, pages=3), texts)
    yield card_screen(views.card(words), texts, Way("shop_bot"))
    yield card_screen(views.card(words, StockView(InventoryId(7), 3)), texts, Way("shop_bot"))
    yield calendar_screen(views.calendar(), texts)
    yield day_screen(views.day(views.slot(), words=words), texts)
    yield guests_screen(views.offer(words=words), party, texts)
    yield summary_screen(views.quoted(words), texts, views.DEADLINE, hold_minutes=15, nonce="abcdefgh")
    yield held_screen(texts)
    yield bookings_screen(BookingList((views.booking(words),), ()), texts, 1)
    yield booking_screen(views.booking(words), texts, views.DEADLINE)
    yield ticket_screen(views.booking(words), texts, late=True)
    yield language_screen(("en", "fr"), texts)
    yield help_screen(texts, HOUSE)
    yield terms_screen(views.shop(words), texts, HOUSE)
    yield privacy_screen(views.shop(words), texts, HOUSE)
    yield paysupport_screen(texts, HOUSE)
    yield order_screen(views.order(words=words), texts)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_screen_is_one_that_telegram_takes(texts: Texts, words: str) -> None:
    for screen in every_screen(texts, words):
        assert markup.units(screen.caption) <= markup.CAPTION + 5 * screen.caption.count("&") + len("<b></b>")
        assert "\u202e" not in screen.caption
        assert "<i>" not in screen.caption
        assert sum(len(row) for row in screen.rows) <= 100
        assert all(button.built() for row in screen.rows for button in row)


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.rows if row]


@pytest.fixture
def english(translations: Translations) -> Texts:
    return translations.for_("en")


def test_a_list_says_what_a_button_cannot(english: Texts) -> None:
    screen = category_screen(views.page(), english)
    assert screen.blocks == (
        "Sunrise, 3 h, from €39",
        "Sunrise, €12",
        "Sunrise, sold out",
    )


def test_a_single_page_has_no_pager(english: Texts) -> None:
    assert labels(category_screen(views.page(), english)) == [["Sunrise"], ["Sunrise"], ["Sunrise"], ["Back"]]
    assert labels(category_screen(views.page(page=2, pages=3), english))[3] == ["‹", "2/3", "›"]
    assert labels(category_screen(views.page(page=1, pages=3), english))[3] == ["·", "1/3", "›"]


def test_a_card_leads_to_a_date_or_an_amount_or_nowhere(english: Texts) -> None:
    assert labels(card_screen(views.card(), english, Way("b")))[0] == ["Choose a date"]
    some, none = (views.card(stock=StockView(InventoryId(7), left)) for left in (2, 0))
    assert labels(card_screen(some, english, Way("b")))[0] == ["Choose how many"]
    assert card_screen(none, english, Way("b")).rows[0] == ()
    assert "sold out" in card_screen(none, english, Way("b")).caption


def test_sharing_names_the_resource(english: Texts) -> None:
    share = card_screen(views.card(), english, Way("shop_bot")).rows[1][0]
    assert share.url is not None
    assert "https%3A%2F%2Ft.me%2Fshop_bot%3Fstart%3Dr_sunrise" in share.url


def test_a_calendar_shows_whole_weeks(texts: Texts) -> None:
    rows = labels(calendar_screen(views.calendar({12: DayState.OPEN, 13: DayState.FEW, 19: DayState.FULL}), texts))
    assert all(len(row) == 7 for row in rows[1:-1])
    assert rows[3][5:] == ["12", "13"]
    assert rows[4][5] == "·"
    assert rows[0][0] == "·"
    assert rows[0][2] == "›"


def test_the_calendar_begins_with_the_week_that_is_not_over(texts: Texts) -> None:
    past = dict.fromkeys(range(1, 10), DayState.PAST)
    rows = labels(calendar_screen(views.calendar(past | {12: DayState.OPEN}), texts))
    assert rows[2] == ["·", "·", "·", "·", "·", "12", "·"]
    assert len(rows) == 2 + 4 + 1


@pytest.mark.parametrize(
    ("state", "left", "label"),
    [
        (SlotState.OPEN, 8, "06:00 · 8 left"),
        (SlotState.FEW, 2, "06:00 · last 2"),
        (SlotState.FEW, 1, "06:00 · last one"),
        (SlotState.FULL, 0, "06:00 · full, waiting list"),
    ],
)
def test_a_time_says_how_much_is_left(english: Texts, state: SlotState, left: int, label: str) -> None:
    assert labels(day_screen(views.day(views.slot(state, left)), english))[0] == [label]


def test_a_party_of_nobody_cannot_go_on(english: Texts) -> None:
    rows = labels(guests_screen(views.offer(), {}, english))
    assert rows[0] == ["·", "0\N{NO-BREAK SPACE}adults", "+"]
    assert rows[2] == ["Back"]


def test_a_party_is_lowered_to_what_is_left_and_allowed() -> None:
    assert fitted(views.offer(left=2), {ADULT: 2, CHILD: 1}) == {ADULT: 2, CHILD: 0}
    assert fitted(views.offer(left=1), {ADULT: 2, CHILD: 1}) == {ADULT: 1, CHILD: 0}
    assert fitted(views.offer(left=12), {ADULT: 9}) == {ADULT: 4, CHILD: 0}


def test_a_summary_names_everything_that_is_charged(english: Texts) -> None:
    screen = summary_screen(views.quoted(), english, views.DEADLINE, hold_minutes=15, nonce="abcdefgh")
    said = screen.caption.replace("\N{NO-BREAK SPACE}", " ")
    for line in (
        "Sat 12 Dec 2026, 06:00, local time (Paris)",
        "2 adults · €78.00",
        "1 child · €19.00",
        "Total €97.00",
        "It stays held for 15 min while you pay",
    ):
        assert line in said
    assert labels(screen) == [["Hold and pay"], ["Add to basket"], ["Back"]]


def test_nothing_undated_speaks_of_a_time(english: Texts) -> None:
    assert (
        "06:00"
        not in summary_screen(
            views.quoted(dated=False), english, views.DEADLINE, hold_minutes=15, nonce="a" * 8
        ).caption
    )


def test_a_cancelled_booking_has_no_code_to_copy_but_a_file_that_takes_it_back(english: Texts) -> None:
    given = SentBack(Money(11600, "EUR"), RefundState.SUCCEEDED)
    cancelled = replace(views.booking(status=BookingStatus.CANCELLED), sent_back=given)
    screen = booking_screen(cancelled, english, views.DEADLINE)
    assert "Cancelled · €116.00 refunded" in screen.caption
    assert labels(screen)[0] == ["Calendar"]


def test_nobody_without_bookings_sees_an_empty_list(english: Texts) -> None:
    screen = bookings_screen(BookingList((), ()), english, 1)
    assert labels(screen)[-1] == ["See what is on offer"]


CANCELLED = views.booking(status=BookingStatus.CANCELLED)


def test_a_cancelled_booking_is_marked_in_the_list(texts: Texts) -> None:
    lost = replace(CANCELLED, ordered=replace(CANCELLED.ordered, starts_at=None, ends_at=None))
    screen = bookings_screen(BookingList((views.booking(),), (CANCELLED, lost)), texts, 1)
    stands, cancelled, item, _ = (row[0].label for row in screen.rows if row)
    mark = {"en": "Cancelled · ", "fr": "Annulée · "}[texts.language]
    assert not stands.startswith(mark)
    assert cancelled == mark + stands
    assert item == mark + texts.own(lost.ordered.name)


def test_what_is_cancelled_is_not_told_as_behind(english: Texts) -> None:
    """Its date may well be ahead."""
    over = views.booking()
    assert bookings_screen(BookingList((), (CANCELLED,)), english, 1).blocks == ("Nothing is ahead.",)
    assert bookings_screen(BookingList((), (over, CANCELLED)), english, 1).blocks == ("Nothing is ahead.",)
    assert bookings_screen(BookingList((), (over,)), english, 1).blocks == ("Nothing is ahead; these are behind you.",)


def test_many_bookings_come_in_pages(english: Texts) -> None:
    many = BookingList(tuple(views.booking() for _ in range(13)), ())
    assert labels(bookings_screen(many, english, 99))[-2] == ["‹", "3/3", "·"]
