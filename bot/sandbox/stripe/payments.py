"""What happens when a customer pays on the page: at once, after a second step, or days later."""

from datetime import timedelta

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.agenda import Due
from bot.sandbox.stripe.cards import DELAYED_METHODS, Behaviour, Card, find_card
from bot.sandbox.stripe.disputes import open_dispute
from bot.sandbox.stripe.entities import Charge, Customer, Intent, Session
from bot.sandbox.stripe.results import NotPossibleError, Outcome, PayResult

DELAYED_FOR = timedelta(days=3)
OVER = PayResult(Outcome.OVER, "This checkout session is over: it was paid or has expired.")
NOT_OFFERED = Card(
    "unavailable", "", Behaviour.DECLINES, "payment_method_not_available", "This payment method is not available."
)
AUTHENTICATION_FAILED = Card(
    "authentication",
    "",
    Behaviour.DECLINES,
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)


def pay(account: Account, session: Session, card_text: str, customer: Customer) -> PayResult:
    """One press of the Pay button."""
    if session.status != "open":
        return OVER
    session.customer = customer
    if session.total == 0:
        session.payment_status, session.payment_intent = "no_payment_required", None
        return _complete(account, session, Outcome.PAID)
    card = find_card(card_text)
    method = DELAYED_METHODS.get(session.currency, "") if card.delayed else "card"
    if method not in session.methods:
        card, method = NOT_OFFERED, "card"
    intent = _intent(account, session, card, method)
    if card.behaviour is Behaviour.DECLINES:
        return _decline(account, session, intent, card)
    if card.behaviour is Behaviour.SECOND_STEP:
        intent.status = "requires_action"
        account.emit_intent("requires_action", intent)
        return PayResult(Outcome.REQUIRES_ACTION, "Your bank asks you to confirm this payment.")
    return _delay(account, session, intent) if card.delayed else _succeed(account, session, intent)


def confirm(account: Account, session: Session, *, ok: bool) -> PayResult:
    """The customer's answer to the bank."""
    if session.status != "open":
        return OVER
    if not asks_to_confirm(account, session):
        raise NotPossibleError("The bank asks nothing of this session.")
    intent = account.intent(session.payment_intent or "")
    if not ok:
        return _decline(account, session, intent, AUTHENTICATION_FAILED)
    return _succeed(account, session, intent)


def asks_to_confirm(account: Account, session: Session) -> bool:
    if session.status != "open" or session.payment_intent is None:
        return False
    return account.intent(session.payment_intent).status == "requires_action"


def settle(account: Account, session: Session, *, succeed: bool) -> None:
    """The bank's late word on a delayed payment."""
    if session.ends is None or session.payment_intent is None:
        raise NotPossibleError("No delayed payment is under way for this session.")
    session.ends = None
    intent = account.intent(session.payment_intent)
    charge = account.charge(intent.charge or "")
    if succeed:
        charge.status, intent.status, session.payment_status = "succeeded", "succeeded", "paid"
        charge.receipt_url = _receipt(account, charge)
        account.emit_charge("succeeded", charge)
        account.emit_intent("succeeded", intent)
        account.emit_session("async_payment_succeeded", session)
        return
    charge.status, intent.status = "failed", "requires_payment_method"
    intent.error = {"code": "payment_method_provider_decline", "message": "The payment failed.", "type": "card_error"}
    account.emit_charge("failed", charge)
    account.emit_intent("payment_failed", intent)
    account.emit_session("async_payment_failed", session)


def settle_if_due(account: Account, session: Session) -> None:
    if session.ends is not None and session.ends <= account.now() and session.payment_intent is not None:
        card = account.intent(session.payment_intent).card
        settle(account, session, succeed=card.behaviour is Behaviour.SETTLES_LATER)


def _intent(account: Account, session: Session, card: Card, method: str) -> Intent:
    if session.payment_intent is not None:
        intent = account.intent(session.payment_intent)
        intent.card, intent.method, intent.error, intent.amount = card, method, None, session.total
        return intent
    intent = Intent(
        id=account.ids.new("pi", 3),
        created=account.now(),
        session=session.id,
        amount=session.total,
        currency=session.currency,
        data=session.asked.sub("payment_intent_data"),
        methods=session.methods,
        card=card,
        method=method,
    )
    account.intents[intent.id] = intent
    session.payment_intent = intent.id
    account.emit_intent("created", intent)
    return intent


def _charge(account: Account, session: Session, intent: Intent) -> Charge:
    email = intent.data.text("receipt_email") or ""
    charge = Charge(
        id=account.ids.new("ch", 3),
        created=account.now(),
        intent=intent.id,
        amount=intent.amount,
        currency=intent.currency,
        card=intent.card,
        method=intent.method,
        customer=session.customer or Customer(email, None, None),
        metadata=intent.data.metadata(),
        receipt_email=intent.data.text("receipt_email"),
    )
    account.charges[charge.id] = charge
    intent.charge = charge.id
    return charge


def _decline(account: Account, session: Session, intent: Intent, card: Card) -> PayResult:
    charge = _charge(account, session, intent)
    charge.status, charge.card = "failed", card
    intent.status = "requires_payment_method"
    intent.error = {
        "charge": charge.id,
        "code": "card_declined",
        "decline_code": card.code,
        "message": card.message,
        "type": "card_error",
    }
    account.emit_charge("failed", charge)
    account.emit_intent("payment_failed", intent)
    return PayResult(Outcome.DECLINED, card.message, card.code)


def _delay(account: Account, session: Session, intent: Intent) -> PayResult:
    charge = _charge(account, session, intent)
    intent.status = "processing"
    session.ends = account.now() + DELAYED_FOR
    account.agenda.add(session.ends, Due.PAYMENT_ENDS, session.id)
    account.emit_charge("pending", charge)
    account.emit_intent("processing", intent)
    return _complete(account, session, Outcome.PROCESSING)


def _succeed(account: Account, session: Session, intent: Intent) -> PayResult:
    charge = _charge(account, session, intent)
    charge.status, intent.status, session.payment_status = "succeeded", "succeeded", "paid"
    charge.receipt_url = _receipt(account, charge)
    account.emit_charge("succeeded", charge)
    account.emit_intent("succeeded", intent)
    result = _complete(account, session, Outcome.PAID)
    if intent.card.behaviour is Behaviour.DISPUTED:
        open_dispute(account, charge, None)
    return result


def _receipt(account: Account, charge: Charge) -> str:
    return f"{account.base_url}/stripe/receipts/{charge.id}"


def _complete(account: Account, session: Session, outcome: Outcome) -> PayResult:
    session.status = "complete"
    event_id = account.emit_session("completed", session)
    return PayResult(outcome, redirect_url=redirect_url(session), event_id=event_id)


def redirect_url(session: Session) -> str:
    """Where the page leads once the session is complete."""
    return (session.asked.text("success_url") or "").replace("{CHECKOUT_SESSION_ID}", session.id)
