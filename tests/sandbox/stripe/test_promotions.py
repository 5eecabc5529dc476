"""Promotion codes on the pay page, and the receipt of what was paid."""

import pytest

from bot.sandbox.stripe.results import NotPossibleError, Outcome
from tests.sandbox.stripe.world import World, at, line


def with_codes(world: World, **changes: object) -> str:
    return world.create(allow_promotion_codes="true", **changes)


def test_a_code_lowers_the_total_and_the_payment(world: World) -> None:
    world.stripe.make_code("HALF", 50)
    session = with_codes(world)
    world.stripe.enter_code(session, " half ")
    shown = world.stripe.session(session)
    assert (shown["amount_subtotal"], shown["amount_total"]) == (9700, 4850)
    assert at(shown, "total_details", "amount_discount") == 4850
    assert str(at(shown, "discounts", 0, "promotion_code")).startswith("promo_")
    world.stripe.pay(session, "success")
    (row,) = world.stripe.ledger()
    assert row.captured == 4850


def test_a_session_takes_codes_only_if_it_was_made_so(world: World) -> None:
    world.stripe.make_code("HALF", 50)
    session = world.create()
    with pytest.raises(NotPossibleError):
        world.stripe.enter_code(session, "HALF")
    assert world.stripe.session(session)["amount_total"] == 9700


def test_an_unknown_code_is_invalid(world: World) -> None:
    session = with_codes(world)
    with pytest.raises(NotPossibleError):
        world.stripe.enter_code(session, "NONE")


def test_a_code_replaces_an_earlier_one(world: World) -> None:
    world.stripe.make_code("HALF", 50)
    world.stripe.make_code("TEN", 10)
    session = with_codes(world)
    world.stripe.enter_code(session, "HALF")
    world.stripe.enter_code(session, "TEN")
    assert world.stripe.session(session)["amount_total"] == 8730


def test_what_is_over_takes_no_code(world: World) -> None:
    world.stripe.make_code("HALF", 50)
    session = with_codes(world)
    world.stripe.pay(session, "success")
    with pytest.raises(NotPossibleError):
        world.stripe.enter_code(session, "HALF")
    asked = with_codes(world)
    world.stripe.pay(asked, "second_step")
    with pytest.raises(NotPossibleError):
        world.stripe.enter_code(asked, "HALF")


def test_a_code_never_leaves_less_than_can_be_charged(world: World) -> None:
    world.stripe.make_code("MOST", 99)
    session = with_codes(world, line_items=[line({"unit_amount": "500"})])
    with pytest.raises(NotPossibleError):
        world.stripe.enter_code(session, "MOST")


def test_a_discount_is_in_steps_of_the_currency(world: World) -> None:
    world.stripe.make_code("THIRD", 33)
    session = with_codes(world, line_items=[line({"currency": "isk", "unit_amount": "70000"})])
    world.stripe.enter_code(session, "THIRD")
    assert at(world.stripe.session(session), "total_details", "amount_discount") == 46200


def test_a_code_that_takes_all_of_it_leaves_nothing_to_pay(world: World) -> None:
    world.stripe.make_code("ALL", 100)
    session = with_codes(world)
    world.stripe.pay(session, "declined")
    world.stripe.enter_code(session, "ALL")
    assert world.stripe.pay(session, "").outcome is Outcome.PAID
    shown = world.stripe.session(session)
    assert (shown["payment_status"], shown["payment_intent"], shown["amount_total"]) == ("no_payment_required", None, 0)
    assert world.stripe.ledger() == ()


def test_a_code_after_a_declined_card_counts(world: World) -> None:
    world.stripe.make_code("HALF", 50)
    session = with_codes(world)
    world.stripe.pay(session, "declined")
    world.stripe.enter_code(session, "HALF")
    world.stripe.pay(session, "success")
    assert [row.captured for row in world.stripe.ledger()] == [4850]


@pytest.mark.parametrize(("code", "percent"), [("", 10), ("A B", 10), ("A", 0), ("A", 101), ("TWICE", 10)])
def test_a_code_is_letters_and_takes_up_to_everything_and_is_made_once(world: World, code: str, percent: int) -> None:
    world.stripe.make_code("TWICE", 10)
    with pytest.raises(NotPossibleError):
        world.stripe.make_code(code, percent)


def test_a_charge_that_succeeded_has_a_receipt(world: World) -> None:
    _, intent = world.paid(payment_intent_data={"receipt_email": "ada@example.org"})
    shown = world.get(f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]}).body
    charge = str(at(shown, "latest_charge", "id"))
    assert at(shown, "latest_charge", "receipt_url") == f"http://127.0.0.1:8800/stripe/receipts/{charge}"
    assert at(shown, "latest_charge", "receipt_email") == "ada@example.org"


def test_a_charge_that_was_declined_has_no_receipt(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "declined")
    intent = str(world.stripe.session(session)["payment_intent"])
    shown = world.get(f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]}).body
    assert at(shown, "latest_charge", "receipt_url") is None
