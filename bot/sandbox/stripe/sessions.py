"""Checkout Sessions: making them, and ending those that nobody paid."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.agenda import Due
from bot.sandbox.stripe.cards import methods_for
from bot.sandbox.stripe.currencies import check_amount, check_total
from bot.sandbox.stripe.entities import LineItem, Session
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.fields import Fields

SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(hours=24)


def create(account: Account, asked: Fields) -> Session:
    """Make an open session out of checked parameters."""
    expires_at = _expiry(account.now(), asked.whole("expires_at"))
    currency = _currency(asked)
    for number, line in enumerate(asked.subs("line_items")):
        amount = line.sub("price_data").whole("unit_amount") or 0
        check_amount(amount, currency, f"line_items[{number}][price_data][unit_amount]")
    items = tuple(_item(account, line) for line in asked.subs("line_items"))
    methods = methods_for(currency, asked.texts("excluded_payment_method_types"))
    check_total(sum(item.total for item in items), currency)
    if not methods:
        raise Refusal("No valid payment method types for this Checkout Session.", param="excluded_payment_method_types")
    session = Session(
        id=account.ids.session(),
        created=account.now(),
        expires_at=expires_at,
        currency=currency,
        items=items,
        asked=asked,
        methods=tuple(methods),
    )
    account.sessions[session.id] = session
    account.agenda.add(expires_at, Due.SESSION_EXPIRES, session.id)
    return session


def expire(account: Account, session: Session) -> None:
    """End an open session; it can never be paid afterwards."""
    if session.status != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session.status}`.",
            executed=True,
        )
    session.status = "expired"
    if session.payment_intent is not None:
        intent = account.intent(session.payment_intent)
        intent.status, intent.canceled_at = "canceled", account.now()
        account.emit_intent("canceled", intent)
    account.emit_session("expired", session)


def expire_if_due(account: Account, session: Session) -> None:
    if session.status == "open" and session.expires_at <= account.now():
        expire(account, session)


def _expiry(now: datetime, asked: int | None) -> datetime:
    if asked is None:
        return now + LONGEST
    try:
        expires_at = datetime.fromtimestamp(asked, UTC)
    except (ValueError, OverflowError, OSError):
        raise Refusal(f"Invalid timestamp: {asked}", param="expires_at") from None
    # Stripe counts in whole seconds
    if expires_at < now.replace(microsecond=0) + SHORTEST:
        raise Refusal(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if expires_at > now + LONGEST:
        raise Refusal(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


def _currency(asked: Fields) -> str:
    used = [line.sub("price_data").text("currency") or "" for line in asked.subs("line_items")]
    wanted = asked.text("currency") or used[0]
    for number, currency in enumerate(used):
        if currency != wanted:
            raise Refusal(
                f"The price currency {currency} does not match the currency {wanted} of the other line items.",
                param=f"line_items[{number}][price_data][currency]",
            )
    return wanted


def _item(account: Account, line: Fields) -> LineItem:
    price = line.sub("price_data")
    product = price.sub("product_data")
    return LineItem(
        id=account.ids.new("li"),
        price=account.ids.new("price"),
        product=account.ids.short("prod"),
        name=product.text("name") or "",
        description=product.text("description"),
        images=tuple(product.texts("images")),
        unit_amount=price.whole("unit_amount") or 0,
        quantity=line.whole("quantity") or 1,
        metadata=line.metadata(),
    )
