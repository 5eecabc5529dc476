"""Reads Stripe's JSON without believing its shape: what is missing or odd becomes None or an error."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.errors import GuichetError
from bot.domain.facts import DisputeFact, Mark, RefundFact, SessionFact, SessionStatus
from bot.domain.ids import RefundId, SessionId
from bot.domain.money import Money, UnknownCurrency
from bot.domain.orders import RefundState

Json = Mapping[str, object]


class BadObject(GuichetError):
    """An object of Stripe's lacks what every such object has."""


def mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str | None:
    """A text that is not empty; a NUL, which PostgreSQL does not store, is dropped."""
    return value.replace("\0", "") or None if isinstance(value, str) else None


def instant(value: object) -> datetime:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadObject("a time stamp is missing")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise BadObject("a time stamp is out of range") from error


def money(amount: object, currency: object) -> Money | None:
    if not isinstance(amount, int) or isinstance(amount, bool) or not isinstance(currency, str) or amount < 0:
        return None
    try:
        return Money(amount, currency.upper())
    except UnknownCurrency:
        return None


def reference(value: object) -> str | None:
    """The id of a related object, which may be expanded."""
    return text(value) or text(mapping(value).get("id"))


def required(value: str | None, what: str) -> str:
    if value is None:
        raise BadObject(f"{what} is missing")
    return value


def mark(metadata: object) -> Mark | None:
    """Our own words on the object, if they are all there."""
    words = mapping(metadata)
    shop, order, number = (text(words.get(f"guichet_{name}")) for name in ("shop", "order", "attempt"))
    if shop is None or order is None or number is None or not number.isascii() or not number.isdecimal():
        return None
    return Mark(shop, order, int(number[:9]))


def session(body: Json, *, bank_failed: bool = False, at: datetime | None = None) -> SessionFact:
    """A Checkout Session (https://docs.stripe.com/api/checkout/sessions/object); raises BadObject."""
    try:
        status = SessionStatus(required(text(body.get("status")), "status"))
    except ValueError as error:
        raise BadObject("the session's status is unknown") from error
    details, collected = mapping(body.get("customer_details")), mapping(body.get("collected_information"))
    names = (collected.get("individual_name"), details.get("individual_name"), details.get("name"))
    return SessionFact(
        session_id=SessionId(required(text(body.get("id")), "id")),
        mark=mark(body.get("metadata")),
        mode=text(body.get("mode")) or "",
        livemode=body.get("livemode") is True,
        status=status,
        paid=text(body.get("payment_status")) in {"paid", "no_payment_required"},
        bank_failed=bank_failed or _intent_failed(body.get("payment_intent")),
        total=money(body.get("amount_total"), body.get("currency")),
        payment_intent=reference(body.get("payment_intent")),
        url=text(body.get("url")),
        expires_at=instant(body.get("expires_at")),
        at=at,
        name=next(filter(None, map(text, names)), None),
        email=text(details.get("email")),
        phone=text(details.get("phone")),
        subtotal=money(body.get("amount_subtotal"), body.get("currency")),
        discount=money(mapping(body.get("total_details")).get("amount_discount"), body.get("currency")),
        reference=text(body.get("client_reference_id")),
    )


def _intent_failed(payment_intent: object) -> bool:
    """An expanded payment intent that wants a new method, although its session is complete, has failed at the bank."""
    return text(mapping(payment_intent).get("status")) in {"requires_payment_method", "canceled"}


REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def refund(body: Json) -> RefundFact | None:
    """A refund (https://docs.stripe.com/api/refunds/object), or None if it is of no payment intent."""
    payment_intent = reference(body.get("payment_intent"))
    amount = money(body.get("amount"), body.get("currency"))
    state = REFUND_STATES.get(text(body.get("status")) or "succeeded")
    if payment_intent is None:
        return None
    if amount is None or state is None:
        raise BadObject("the refund's amount or status is unknown")
    ours = text(mapping(body.get("metadata")).get("guichet_refund"))
    return RefundFact(
        refund_id=required(text(body.get("id")), "id"),
        payment_intent=payment_intent,
        ours=RefundId(int(ours[:18])) if ours and ours.isascii() and ours.isdecimal() else None,
        amount=amount,
        state=state,
        at=instant(body.get("created")),
    )


def dispute(body: Json) -> DisputeFact:
    """A dispute (https://docs.stripe.com/api/disputes/object)."""
    return DisputeFact(
        dispute_id=required(text(body.get("id")), "id"),
        payment_intent=reference(body.get("payment_intent")),
        amount=money(body.get("amount"), body.get("currency")),
        status=text(body.get("status")) or "",
        reason=text(body.get("reason")) or "",
        at=instant(body.get("created")),
    )
