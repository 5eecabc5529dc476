"""Promotion codes: made in the dashboard, entered by customers on the pay page, taken off the total."""

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.currencies import LEAST, smallest_step
from bot.sandbox.stripe.entities import Promotion, Session
from bot.sandbox.stripe.results import NotPossibleError


def make(account: Account, code: str, percent_off: int) -> Promotion:
    """A new code; letters count alike, small or capital."""
    if not code.isalnum() or not 1 <= percent_off <= 100 or code.upper() in account.promotions:
        raise NotPossibleError("A code has letters and figures, takes 1 to 100 percent off, and is made once.")
    made = Promotion(account.ids.new("promo"), account.ids.short("coupon"), code.upper(), percent_off)
    account.promotions[made.code] = made
    return made


def apply(account: Account, session: Session, code: str) -> None:
    """Take a code's percent off an open session, in place of an earlier code."""
    if session.asked.flag("allow_promotion_codes") is not True:
        raise NotPossibleError("This session takes no promotion codes.")
    if session.status != "open" or (session.payment_intent and _at_the_bank(account, session.payment_intent)):
        raise NotPossibleError("This session takes no promotion codes any more.")
    found = account.promotions.get(code.strip().upper())
    if found is None:
        raise NotPossibleError("This code is invalid.")
    discount = _percent_of(session.subtotal, found.percent_off, smallest_step(session.currency))
    if 0 < session.subtotal - discount < LEAST.get(session.currency, 1):
        raise NotPossibleError("This code leaves less than can be charged.")
    session.promotion, session.discount = found, discount


def _at_the_bank(account: Account, intent: str) -> bool:
    return account.intent(intent).status != "requires_payment_method"


def _percent_of(amount: int, percent: int, step: int) -> int:
    """Rounded to what the currency has; never more than the amount."""
    return min(amount, (amount * percent + 50 * step) // (100 * step) * step)
