"""Rules and amounts read as a person would say them."""

from datetime import datetime, timedelta

import pytest

from bot.domain.cancelling import Due
from bot.domain.refund_rules import RefundStep, Rules
from handlers.refund_words import due_line, rule_line, standing_line
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
