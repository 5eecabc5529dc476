"""Refunds and disputes."""

import pytest

from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError
from tests.sandbox.stripe.world import World, error


def test_a_refund_takes_all_that_is_left_by_default(world: World) -> None:
    _, intent = world.paid()
    world.refund(intent, amount="1000")
    reply = world.refund(intent, reason="requested_by_customer", metadata={"guichet_refund": "1"})
    assert (reply.body["amount"], reply.body["status"], reply.body["reason"]) == (
        8700,
        "succeeded",
        "requested_by_customer",
    )
    assert reply.body["metadata"] == {"guichet_refund": "1"}
    assert world.stripe.ledger()[0].refunded == 9700
    assert world.types()[-2:] == ["refund.created", "charge.refunded"]


def test_more_than_is_left_is_refused(world: World) -> None:
    _, intent = world.paid()
    world.refund(intent, amount="9000")
    reply = world.refund(intent, amount="701")
    assert (reply.status, error(reply).text("param")) == (400, "amount")
    assert "greater than unrefunded amount on charge (7.00 EUR)" in (error(reply).text("message") or "")


def test_a_charge_that_was_refunded_is_refused(world: World) -> None:
    _, intent = world.paid()
    world.refund(intent)
    assert error(world.refund(intent)).text("code") == "charge_already_refunded"


@pytest.mark.parametrize("amount", ["0", "-5", "1.5"])
def test_an_amount_below_one_is_refused(world: World, amount: str) -> None:
    _, intent = world.paid()
    assert error(world.refund(intent, amount=amount)).text("code") == "parameter_invalid_integer"


def test_a_refund_names_a_payment(world: World) -> None:
    assert error(world.post("/v1/refunds", {"amount": "1"})).text("code") == "parameter_missing"
    assert error(world.refund("pi_nothing")).text("code") == "resource_missing"


def test_a_payment_that_did_not_succeed_cannot_be_refunded(world: World) -> None:
    _, intent = world.paid("declined")
    assert error(world.refund(intent)).text("code") == "payment_intent_unexpected_state"


def test_an_unknown_reason_is_refused(world: World) -> None:
    _, intent = world.paid()
    assert error(world.refund(intent, reason="rain")).text("param") == "reason"


def test_a_refund_that_fails_later_gives_the_money_back_to_us(world: World) -> None:
    _, intent = world.paid("4000000000005126")
    refund = world.refund(intent).body
    assert refund["status"] == "succeeded"
    world.wait(hours=1)
    assert world.get(f"/v1/refunds/{refund['id']}").body["status"] == "failed"
    assert world.stripe.ledger()[0].refunded == 0
    assert "refund.failed" in world.types()


def test_a_pending_refund_arrives_later(world: World) -> None:
    _, intent = world.paid("4000000000007726")
    refund = world.refund(intent).body
    assert refund["status"] == "pending"
    world.wait(hours=1)
    assert world.get(f"/v1/refunds/{refund['id']}").body["status"] == "succeeded"
    assert "refund.updated" in world.types()


def test_the_dashboard_refunds_and_a_refund_fails_by_hand(world: World) -> None:
    _, intent = world.paid()
    refund = world.stripe.refund_from_dashboard(intent, 700)
    assert world.stripe.ledger()[0].refunded == 700
    with pytest.raises(NotPossibleError, match="greater than"):
        world.stripe.refund_from_dashboard(intent, 9001)
    world.stripe.fail_refund(str(refund["id"]))
    assert world.stripe.ledger()[0].refunded == 0
    with pytest.raises(NotPossibleError):
        world.stripe.fail_refund(str(refund["id"]))
    with pytest.raises(NoSuchObjectError):
        world.stripe.refund_from_dashboard("pi_nothing")


def test_a_disputed_card_withdraws_the_funds(world: World) -> None:
    _, intent = world.paid("4000000000000259")
    (dispute,) = world.stripe.disputes()
    assert (dispute["payment_intent"], dispute["status"]) == (intent, "needs_response")
    assert world.types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert world.stripe.ledger()[0].disputed == 9700


def test_a_disputed_charge_cannot_be_refunded(world: World) -> None:
    _, intent = world.paid()
    world.stripe.dispute(intent)
    assert error(world.refund(intent)).text("code") == "charge_disputed"


def test_a_won_dispute_reinstates_the_funds(world: World) -> None:
    _, intent = world.paid()
    dispute = str(world.stripe.dispute(intent, 500)["id"])
    world.stripe.review_dispute(dispute)
    assert world.stripe.close_dispute(dispute, won=True)["status"] == "won"
    assert world.types()[-3:] == [
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]
    assert world.stripe.ledger()[0].disputed == 0
    assert world.refund(intent).status == 200


def test_a_lost_dispute_keeps_the_funds_and_is_closed_once(world: World) -> None:
    _, intent = world.paid()
    dispute = str(world.stripe.dispute(intent)["id"])
    world.stripe.close_dispute(dispute, won=False)
    assert (world.types()[-1], world.stripe.ledger()[0].disputed) == ("charge.dispute.closed", 9700)
    with pytest.raises(NotPossibleError):
        world.stripe.close_dispute(dispute, won=True)
    with pytest.raises(NotPossibleError):
        world.stripe.dispute(intent)
