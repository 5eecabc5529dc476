"""The order's own message says what is so now, and has a button only for what works."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.effects import Notice
from bot.domain.ids import BookingId
from bot.domain.order_card import OrderCard
from bot.domain.orders import Closing, State
from handlers import markup
from handlers.callbacks import Action, pack
from handlers.notices import order_notice, refund_notice, still_true
from handlers.order_cards import order_screen
from handlers.orders import paid_or_not
from handlers.screens import Screen
from handlers.texts import Texts, Translations
from tests.handlers import views
from tests.handlers.views import DEADLINE, order


@pytest.fixture
def english(translations: Translations) -> Texts:
    return translations.for_("en")


@pytest.mark.parametrize(
    ("state", "title", "buttons"),
    [
        (State.HELD, "Held for you until 14:35", ["Cancel"]),
        (State.AWAITING_PAYMENT, "Held for you until 14:35", ["Pay €97.00", "I have paid", "Cancel"]),
        (State.PROCESSING, "Waiting for your bank", []),
        (State.CLOSING, "Being released …", []),
        (State.PAID, "Paid · your ticket is below", []),
        (State.EXPIRED, "Released at 14:35 · nothing was charged", ["Choose again"]),
        (State.CANCELLED, "Cancelled · nothing was charged", ["Choose again"]),
        (State.FAILED, "Not booked", ["Choose again"]),
        (State.REFUNDED, "Refunded in full", ["Choose again"]),
    ],
)
def test_each_state_has_its_look(english: Texts, state: State, title: str, buttons: list[str]) -> None:
    screen = order_screen(order(state), english)
    assert screen.title == title
    assert [button.label for row in screen.rows for button in row] == buttons


@pytest.mark.parametrize(("state", "title"), [(State.EXPIRED, "Released at 14:35"), (State.CANCELLED, "Cancelled")])
def test_who_may_pay_on_a_page_that_we_lost_sight_of_is_not_told_that_nothing_was_charged(
    english: Texts, state: State, title: str
) -> None:
    card = replace(order(state), unsure=True)
    assert order_screen(card, english).title == title
    for screen in (order_screen(card, english), order_notice(Notice.RELEASED, card, english)):
        assert "nothing was charged" not in screen.caption
        assert "If your bank shows a charge nevertheless: /paysupport" in screen.caption


def test_the_look_names_what_was_ordered(english: Texts) -> None:
    said = order_screen(order(), english).caption.replace("\N{NO-BREAK SPACE}", " ")
    assert said.split("\n")[1:] == ["Sunrise", "Sat 12 Dec 2026, 06:00", "2 adults", "Total €97.00"]


def test_a_link_that_is_being_made_is_announced(english: Texts) -> None:
    assert "Preparing your payment link …" in order_screen(order(State.HELD), english).caption


@pytest.mark.fault(22)
def test_a_link_that_does_not_come_can_be_asked_for_again(english: Texts) -> None:
    screen = order_screen(replace(order(State.HELD), slow=True), english)
    assert "The payment page cannot be opened just now. Your order is held until 14:35." in screen.caption
    assert [button.label for row in screen.rows for button in row] == ["Try again", "Cancel"]


def test_an_amount_too_small_is_explained(english: Texts) -> None:
    screen = order_screen(replace(order(State.FAILED), too_small=True), english)
    assert "smaller than what can be paid by card" in screen.caption


def test_cancelling_looks_different_from_releasing(english: Texts) -> None:
    screen = order_screen(replace(order(State.CLOSING), closing=Closing.CUSTOMER), english)
    assert screen.title == "Being cancelled …"


def test_a_bank_that_takes_its_time_has_a_date(english: Texts) -> None:
    card = replace(order(State.PROCESSING), processing_until=DEADLINE)
    said = "this can take until Mon 23 Nov 2026"
    assert said in order_notice(Notice.PROCESSING, card, english).caption
    assert said not in order_screen(card, english).caption  # nothing is said twice


@pytest.mark.parametrize("state", State)
def test_what_i_have_paid_answers_fits_into_an_alert(texts: Texts, state: State) -> None:
    card = replace(order(state), processing_until=DEADLINE)
    assert 0 < markup.units(paid_or_not(card, texts)) <= markup.ALERT


@pytest.mark.parametrize("notice", [Notice.PROCESSING, Notice.RELEASED, Notice.BANK_FAILED])
def test_each_notice_names_the_order(texts: Texts, notice: Notice) -> None:
    assert "Sunrise" in order_notice(notice, order(State.EXPIRED), texts).caption


@pytest.mark.parametrize(
    "notice", [Notice.REFUNDED, Notice.REFUNDED_PART, Notice.REFUNDED_LATE, Notice.REFUNDED_SURPLUS]
)
def test_each_refund_names_the_amount(texts: Texts, notice: Notice) -> None:
    screen = refund_notice(notice, order(State.REFUNDED), views.euro(9700), texts)
    assert texts.money(views.euro(9700)) in screen.caption


def test_a_refund_for_lateness_offers_other_dates(english: Texts) -> None:
    days = (views.DAWN.date(),)
    screen = refund_notice(Notice.REFUNDED_LATE, order(State.REFUNDED), views.euro(9700), english, days)
    assert screen.caption.endswith("Other dates:")
    assert [button.label for row in screen.rows for button in row] == ["Sat 12 Dec 2026"]


def test_money_of_a_surcharge_comes_back_without_the_date_that_it_was_for(english: Texts) -> None:
    """The booking has moved on, or is cancelled where it is now."""
    surcharge = replace(order(State.PAID), moving=True)
    for notice in (Notice.REFUNDED_PART, Notice.REFUNDED):
        assert "Sunrise" in refund_notice(notice, surcharge, views.euro(600), english).caption
        assert "Dec" not in refund_notice(notice, surcharge, views.euro(600), english).caption
    assert "Dec" in refund_notice(Notice.REFUNDED_PART, order(State.PAID), views.euro(600), english).caption


ENDS = [State.EXPIRED, State.CANCELLED, State.FAILED, State.REFUNDED]


def unmoved(state: State) -> OrderCard:
    """The end of an order that was to move a booking, which stands where it was."""
    return replace(order(state), moving=True, moves=BookingId(3), stays=True)


def ends(card: OrderCard, texts: Texts) -> Iterator[Screen]:
    """All that is told of an order that came to nothing."""
    yield order_screen(card, texts)
    yield order_notice(Notice.RELEASED, card, texts)
    yield order_notice(Notice.BANK_FAILED, card, texts)


@pytest.mark.parametrize("state", ENDS)
def test_a_move_that_came_to_nothing_leads_to_another_date_and_to_no_purchase(texts: Texts, state: State) -> None:
    days = (views.DAWN.date(),)
    late = refund_notice(Notice.REFUNDED_LATE, unmoved(state), views.euro(600), texts, days)
    for screen in (*ends(unmoved(state), texts), late):
        assert [button.data for row in screen.rows for button in row] == [pack(Action.ANOTHER_DATE, 3)]
        assert "Other dates:" not in screen.caption


@pytest.mark.parametrize("state", ENDS)
@pytest.mark.parametrize("unsure", [True, False])
def test_a_move_that_came_to_nothing_says_that_the_booking_stays(english: Texts, state: State, *, unsure: bool) -> None:
    for screen in ends(replace(unmoved(state), unsure=unsure), english):
        assert screen.caption.count("Your booking stays as it is.") == 1


@pytest.mark.parametrize("state", State)
def test_a_booking_that_has_gone_on_is_not_told_to_stay(english: Texts, state: State) -> None:
    gone_on = replace(unmoved(state), stays=False)
    for screen in (*ends(gone_on, english), *ends(replace(gone_on, moves=None), english)):
        assert "Your booking stays" not in screen.caption


@pytest.mark.parametrize("state", ENDS)
def test_a_booking_that_is_cancelled_since_has_no_other_date(english: Texts, state: State) -> None:
    gone = replace(unmoved(state), stays=False, moves=None)
    assert not any(row for screen in ends(gone, english) for row in screen.rows)


@pytest.mark.parametrize(
    ("notice", "state", "told"),
    [
        (Notice.RELEASED, State.PAID, False),
        (Notice.RELEASED, State.EXPIRED, True),
        (Notice.PROCESSING, State.PAID, False),
        (Notice.BANK_FAILED, State.PAID, False),
        (Notice.REFUNDED_SURPLUS, State.PAID, True),
        (Notice.CARD, State.PAID, True),
    ],
)
def test_what_is_no_longer_so_is_not_told(notice: Notice, state: State, *, told: bool) -> None:
    assert still_true(notice, order(state)) is told
