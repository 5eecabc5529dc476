"""Rules and amounts read as a person would say them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.bookings import SentBack
from bot.domain.cancelling import Due
from bot.domain.catalogue_entries import Step
from bot.domain.errors import SoldOut
from bot.domain.orders import BookingStatus, RefundState
from bot.domain.refund_rules import RefundStep, Rules
from bot.domain.rentals import Length
from handlers.failures import words
from handlers.refund_words import cancelled_line, due_line, rule_line, standing_line
from handlers.stay_words import length
from handlers.texts import Texts, Translations
from tests.handlers import views

FREE, HALF = RefundStep(24, 100), RefundStep(2, 50)


@pytest.fixture
def english(translations: Translations) -> Texts:
    return translations.for_("en")


@pytest.mark.parametrize(
    ("rules", "dated", "said"),
    [
        ((FREE,), True, "Free cancellation until 24 h before"),
        ((FREE, HALF), True, "Free cancellation until 24 h before, 50 % back until 2 h before"),
        ((RefundStep(72, 75),), True, "75 % back until 3 days before"),
        ((RefundStep(0, 100),), True, "Free cancellation until the start"),
        ((RefundStep(0, 10),), True, "10 % back until the start"),
        ((RefundStep(336, 100),), False, "Free cancellation for 14 days after paying"),
        ((RefundStep(48, 80),), False, "80 % back for 48 h after paying"),
        ((), True, "No refund after paying"),
    ],
)
def test_the_rules_are_one_sentence(english: Texts, rules: Rules, *, dated: bool, said: str) -> None:
    assert rule_line(rules, english, dated=dated).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (24, "Free cancellation until 24 h before, 50 % back until 2 h before"),
        (23, "50 % back until 2 h before"),
        (1, "Too close to the start: no refund after paying"),
    ],
)
def test_only_those_rules_are_named_that_can_still_hold_for_the_date(english: Texts, hours: int, said: str) -> None:
    now = views.DAWN - timedelta(hours=hours)
    assert standing_line((FREE, HALF), views.DAWN, now, english).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize("starts_at", [None, views.DAWN])
def test_what_never_had_a_rule_is_not_too_late_for_one(english: Texts, starts_at: datetime | None) -> None:
    assert standing_line((), starts_at, views.DAWN, english) == "No refund after paying"


def test_the_rules_of_an_item_count_from_a_payment_that_is_to_come(english: Texts) -> None:
    said = standing_line((RefundStep(48, 80),), None, views.DAWN, english)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "80 % back for 48 h after paying"


def test_french_speaks_of_every_cancelled_booking_in_its_gender(translations: Translations) -> None:
    booking = views.booking(status=BookingStatus.CANCELLED)
    money = [None, *(SentBack(views.euro(3900), state) for state in RefundState)]
    said = [cancelled_line(replace(booking, sent_back=each), translations.for_("fr")) for each in money]
    assert {line.split()[0] for line in said} == {"Annulée"}


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("count", [1, 3])
def test_a_length_is_never_broken_over_two_lines(texts: Texts, step: Step, count: int) -> None:
    assert " " not in length(Length(step, count), texts)


def test_french_counts_one_thing_without_an_elision_before_it(translations: Translations) -> None:
    assert words(SoldOut(1), translations.for_("fr")).replace("\N{NO-BREAK SPACE}", " ") == "Nombre restant : 1."


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (Due(views.euro(7275), 75, FREE, capped=False), "You get back €72.75 (75 %, less than 24 h before)."),
        (Due(views.euro(9700), 100, None, capped=False), "You get back €97.00, all of it."),
        (Due(views.euro(4850), 50, None, capped=False), "You get back €48.50 (50 %)."),
        (Due(views.euro(0), 0, HALF, capped=False), "You get nothing back: it is less than 2 h before."),
        (Due(views.euro(0), 0, None, capped=False), "You get nothing back for this booking."),
        (Due(views.euro(800), 100, None, capped=True), "You get back €8.00: that is what is left of your payment."),
    ],
)
def test_what_goes_back_is_said_with_its_reason(english: Texts, due: Due, said: str) -> None:
    assert due_line(due, english, dated=True) == said
