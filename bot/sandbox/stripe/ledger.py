"""The money at the simulated Stripe, so that tests can hold the application's books against it."""

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.entities import Intent
from bot.sandbox.stripe.results import LedgerRow


def ledger(account: Account) -> tuple[LedgerRow, ...]:
    """One row per payment intent that captured something, oldest first."""
    return tuple(_row(account, intent) for intent in account.intents.values() if intent.status == "succeeded")


def _row(account: Account, intent: Intent) -> LedgerRow:
    charge = account.charge(intent.charge or "")
    dispute = account.disputes.get(charge.dispute or "")
    taken = dispute is not None and dispute.status != "won"
    return LedgerRow(
        payment_intent=intent.id,
        session=intent.session,
        currency=intent.currency,
        captured=charge.amount,
        refunded=charge.refunded,
        disputed=dispute.amount if dispute is not None and taken else 0,
        metadata=intent.data.metadata(),
    )
