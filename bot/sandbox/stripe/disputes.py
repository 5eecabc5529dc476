"""Disputes: a cardholder's bank takes the money back until it is decided who is right."""

from bot.sandbox.stripe import render
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.entities import Charge, Dispute
from bot.sandbox.stripe.results import NotPossibleError


def open_dispute(account: Account, charge: Charge, amount: int | None) -> Dispute:
    """Dispute a charge, by default all of it; the funds are withdrawn at once."""
    if charge.status != "succeeded" or charge.dispute is not None:
        raise NotPossibleError("Only a captured charge can be disputed, and only once.")
    amount = charge.amount if amount is None else amount
    if not 0 < amount <= charge.amount:
        raise NotPossibleError(f"Between 1 and {charge.amount} can be disputed, not {amount}.")
    dispute = Dispute(
        id=account.ids.new("du"),
        created=account.now(),
        charge=charge.id,
        intent=charge.intent,
        amount=amount,
        currency=charge.currency,
    )
    account.disputes[dispute.id] = dispute
    charge.dispute = dispute.id
    _emit(account, "created", dispute)
    _emit(account, "funds_withdrawn", dispute)
    return dispute


def review(account: Account, dispute: Dispute) -> None:
    if dispute.status != "needs_response":
        raise NotPossibleError(f"The dispute is already {dispute.status}.")
    dispute.status = "under_review"
    _emit(account, "updated", dispute)


def close(account: Account, dispute: Dispute, *, won: bool) -> None:
    """Decide a dispute; won means that the money comes back."""
    if dispute.status in {"won", "lost"}:
        raise NotPossibleError(f"The dispute is already {dispute.status}.")
    dispute.status = "won" if won else "lost"
    _emit(account, "closed", dispute)
    if won:
        _emit(account, "funds_reinstated", dispute)


def _emit(account: Account, kind: str, dispute: Dispute) -> None:
    account.emit(f"charge.dispute.{kind}", render.dispute(dispute))
