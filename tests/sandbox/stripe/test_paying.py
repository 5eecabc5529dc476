"""What the test cards do."""

import pytest

from bot.sandbox.stripe.results import NotPossibleError, Outcome
from tests.sandbox.stripe.world import World, at, line

NAME = {"individual": {"enabled": "true"}}


def test_a_good_card_completes_and_pays_the_session(world: World) -> None:
    session = world.create()
    result = world.stripe.pay(session, "4242 4242 4242 4242")
    shown = world.stripe.session(session)
    assert (result.outcome, result.redirect_url) == (Outcome.PAID, f"http://127.0.0.1/done?s={session}")
    assert (shown["status"], shown["payment_status"], shown["url"]) == ("complete", "paid", None)
    assert "checkout.session.completed" in world.types()


def test_the_ledger_counts_what_was_captured(world: World) -> None:
    session, intent = world.paid()
    world.stripe.pay(world.create(), "declined")
    (row,) = world.stripe.ledger()
    assert (row.payment_intent, row.session, row.currency) == (intent, session, "eur")
    assert (row.captured, row.refunded, row.metadata) == (9700, 0, {"guichet_order": "K7Q4"})


def test_what_the_customer_typed_is_on_the_session(world: World) -> None:
    session = world.create(name_collection=NAME, phone_number_collection={"enabled": "true"})
    world.stripe.pay(session, "success", name="Ada Byron", email="ada@example.com", phone="+33612345678")
    shown = world.stripe.session(session)
    assert at(shown, "customer_details", "email") == "ada@example.com"
    assert at(shown, "customer_details", "name") == "Ada Byron"
    assert at(shown, "customer_details", "phone") == "+33612345678"
    assert at(shown, "collected_information", "individual_name") == "Ada Byron"


def test_a_declined_card_leaves_the_session_open_for_another_try(world: World) -> None:
    session = world.create()
    result = world.stripe.pay(session, "4000000000000002")
    assert (result.outcome, result.code) == (Outcome.DECLINED, "generic_decline")
    assert world.stripe.session(session)["status"] == "open"
    assert world.stripe.pay(session, "success").outcome is Outcome.PAID
    assert len(world.stripe.ledger()) == 1


def test_an_unknown_number_is_incorrect(world: World) -> None:
    assert world.stripe.pay(world.create(), "1234").code == "incorrect_number"


@pytest.mark.parametrize("card", ["4000002500003155", "4000002760003184"])
def test_a_second_step_pays_only_once_it_is_confirmed(world: World, card: str) -> None:
    session = world.create()
    assert world.stripe.pay(session, card).outcome is Outcome.REQUIRES_ACTION
    assert world.stripe.asks_to_confirm(session)
    assert world.stripe.ledger() == ()
    assert world.stripe.confirm(session, ok=True).outcome is Outcome.PAID
    assert len(world.stripe.ledger()) == 1


def test_a_second_step_that_fails_is_a_decline(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "second_step")
    assert world.stripe.confirm(session, ok=False).outcome is Outcome.DECLINED
    assert world.stripe.session(session)["status"] == "open"


def test_nothing_can_be_confirmed_that_was_not_asked(world: World) -> None:
    with pytest.raises(NotPossibleError):
        world.stripe.confirm(world.create(), ok=True)


@pytest.mark.parametrize("ending", ["paid", "expired"])
def test_a_session_that_is_over_cannot_be_paid(world: World, ending: str) -> None:
    session = world.create()
    if ending == "paid":
        world.stripe.pay(session, "success")
    else:
        world.stripe.expire_session(session)
    before = len(world.stripe.events())
    assert world.stripe.pay(session, "success").outcome is Outcome.OVER
    assert len(world.stripe.events()) == before


def test_a_session_that_expires_during_the_second_step_is_not_paid(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "second_step")
    world.wait(hours=24)
    assert world.stripe.confirm(session, ok=True).outcome is Outcome.OVER
    assert world.stripe.ledger() == ()


def test_a_delayed_method_completes_unpaid_and_pays_three_days_later(world: World) -> None:
    session = world.create()
    assert world.stripe.pay(session, "sepa_debit_ok").outcome is Outcome.PROCESSING
    shown = world.stripe.session(session)
    assert (shown["status"], shown["payment_status"]) == ("complete", "unpaid")
    world.wait(days=2, hours=23)
    assert world.stripe.ledger() == ()
    world.wait(hours=1)
    assert world.stripe.session(session)["payment_status"] == "paid"
    assert world.types()[-1] == "checkout.session.async_payment_succeeded"


def test_a_delayed_method_may_fail(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "sepa_debit_fail")
    world.wait(days=3)
    assert world.stripe.session(session)["payment_status"] == "unpaid"
    assert world.types()[-1] == "checkout.session.async_payment_failed"
    assert world.stripe.ledger() == ()


def test_a_delayed_payment_can_be_settled_by_hand_and_then_only_once(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "sepa_debit_fail")
    world.stripe.settle_delayed(session, succeed=True)
    world.wait(days=4)
    assert world.types().count("checkout.session.async_payment_succeeded") == 1
    assert "checkout.session.async_payment_failed" not in world.types()
    with pytest.raises(NotPossibleError):
        world.stripe.settle_delayed(session, succeed=True)


def test_an_excluded_method_is_not_offered(world: World) -> None:
    session = world.create(excluded_payment_method_types=["sepa_debit"])
    assert world.stripe.pay(session, "sepa_debit_ok").code == "payment_method_not_available"
    assert world.stripe.session(session)["payment_method_types"] == ["card"]


def test_nothing_to_pay_needs_no_payment(world: World) -> None:
    session = world.create(line_items=[line({"unit_amount": "0"})])
    assert world.stripe.pay(session, "").outcome is Outcome.PAID
    shown = world.stripe.session(session)
    assert (shown["payment_status"], shown["payment_intent"]) == ("no_payment_required", None)
