"""The independent descriptions find what is wrong in calls that are otherwise right."""

import pytest

from tests.oracles import stripe, telegram

CALL: dict[str, object] = {
    "chat_id": 1001,
    "text": "Hello",
    "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "1:h"}]]},
}


def test_a_right_call_passes() -> None:
    telegram.check_call("sendMessage", CALL)


@pytest.mark.parametrize(
    "wrong",
    [
        {**CALL, "colour": "red"},
        {**CALL, "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_date": "1:h"}]]}},
        {**CALL, "reply_markup": {"inline_keyboard": [[{"callback_data": "1:h"}]]}},
        {**CALL, "link_preview_options": {"is_disabled": True, "is_large": 1}},
        {"chat_id": 1001},
    ],
)
def test_a_wrong_field_of_a_telegram_call_is_found(wrong: dict[str, object]) -> None:
    with pytest.raises(telegram.Disagreement):
        telegram.check_call("sendMessage", wrong)


def test_a_method_that_does_not_exist_is_found() -> None:
    with pytest.raises(telegram.Disagreement):
        telegram.check_call("sendMassage", CALL)


def test_a_wrong_field_three_levels_deep_in_a_stripe_call_is_found() -> None:
    product = {"name": "Sunrise"}
    line = {"price_data": {"currency": "eur", "unit_amount": "3900", "product_data": product}, "quantity": "1"}
    stripe.check_body("POST", "/v1/checkout/sessions", {"mode": "payment", "line_items": [line]})
    product["nmae"] = "Sunset"
    with pytest.raises(stripe.Disagreement):
        stripe.check_body("POST", "/v1/checkout/sessions", {"mode": "payment", "line_items": [line]})
