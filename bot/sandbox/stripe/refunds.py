"""Refunds: never more than is left, and some that the bank sends back later."""

from datetime import timedelta

from bot.sandbox.stripe import errors, render
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.agenda import Due
from bot.sandbox.stripe.cards import Behaviour
from bot.sandbox.stripe.currencies import in_words
from bot.sandbox.stripe.entities import Charge, Refund
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.results import JsonObject, NotPossibleError

SETTLES_AFTER = timedelta(hours=1)


def create(account: Account, asked: Fields) -> Refund:
    """Refund what was asked for, by default all that is left."""
    charge = _charge_of(account, asked)
    amount = _amount(charge, asked.whole("amount"))
    refund = Refund(
        id=account.ids.new("re", 3),
        created=account.now(),
        charge=charge.id,
        intent=charge.intent,
        amount=amount,
        currency=charge.currency,
        reason=asked.text("reason"),
        metadata=asked.metadata(),
    )
    _plan_ending(account, refund, charge.card.behaviour)
    account.refunds[refund.id] = refund
    before: JsonObject = {"amount_refunded": charge.refunded, "refunded": False}
    charge.refunded += amount
    account.emit("refund.created", render.refund(refund))
    account.emit_charge("refunded", charge, before)
    return refund


def succeed(account: Account, refund: Refund) -> None:
    """A pending refund has arrived."""
    if refund.status != "pending":
        raise NotPossibleError(f"The refund is already {refund.status}.")
    refund.status, refund.ends = "succeeded", None
    _emit_update(account, refund, {"status": "pending"})


def fail(account: Account, refund: Refund) -> None:
    """The bank could not take a refund: the money is ours again and must be given back another way."""
    if refund.status == "failed":
        raise NotPossibleError("The refund has already failed.")
    before: JsonObject = {"status": refund.status}
    refund.status, refund.ends = "failed", None
    account.charge(refund.charge).refunded -= refund.amount
    account.emit("refund.failed", render.refund(refund), before)
    _emit_update(account, refund, before)


def end_if_due(account: Account, refund: Refund) -> None:
    if refund.ends is None or refund.ends > account.now():
        return
    if refund.fails:
        fail(account, refund)
    else:
        succeed(account, refund)


def _plan_ending(account: Account, refund: Refund, behaviour: Behaviour) -> None:
    if behaviour not in {Behaviour.REFUND_FAILS, Behaviour.REFUND_PENDS}:
        return
    refund.fails = behaviour is Behaviour.REFUND_FAILS
    refund.status = "succeeded" if refund.fails else "pending"
    refund.ends = account.now() + SETTLES_AFTER
    account.agenda.add(refund.ends, Due.REFUND_ENDS, refund.id)


def _emit_update(account: Account, refund: Refund, before: JsonObject) -> None:
    account.emit("refund.updated", render.refund(refund), before)
    account.emit("charge.refund.updated", render.refund(refund), before)


def _charge_of(account: Account, asked: Fields) -> Charge:
    intent_id, charge_id = asked.text("payment_intent"), asked.text("charge")
    if intent_id is None and charge_id is None:
        raise Refusal(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    if intent_id is None:
        charge = account.charge(charge_id or "")
    else:
        intent = account.intent(intent_id)
        if intent.status != "succeeded" or intent.charge is None:
            raise Refusal(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
                param="payment_intent",
                executed=True,
            )
        charge = account.charge(intent.charge)
    _check_refundable(account, charge, charge_id)
    return charge


def _check_refundable(account: Account, charge: Charge, named: str | None) -> None:
    if named is not None and named != charge.id:
        raise errors.no_such("charge", named, "charge")
    if charge.status != "succeeded":
        raise Refusal(f"Charge {charge.id} has not succeeded.", executed=True)
    if charge.dispute is not None and account.find_dispute(charge.dispute).status != "won":
        raise Refusal(
            f"Charge {charge.id} has been charged back; cannot issue a refund.", code="charge_disputed", executed=True
        )


def _amount(charge: Charge, asked: int | None) -> int:
    left = charge.amount - charge.refunded
    if left == 0:
        raise Refusal(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded", executed=True)
    if asked is not None and asked < 1:
        raise Refusal("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if asked is not None and asked > left:
        raise Refusal(
            f"Refund amount ({in_words(asked, charge.currency)}) is greater than unrefunded amount on charge "
            f"({in_words(left, charge.currency)})",
            param="amount",
            executed=True,
        )
    return left if asked is None else asked
