"""Verifies a webhook's signature and age, and makes a domain fact of its event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from stripe import SignatureVerificationError, WebhookSignature

from bot.domain.errors import GuichetError
from bot.domain.facts import ChargeRefundedFact, Fact, IrrelevantFact
from bot.payments import objects
from bot.payments.objects import BadObject, Json

FRESH = timedelta(minutes=5)
"""How far a signature's time stamp may lie from our clock, in either direction."""

HANDLED = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
"""The event types that have an effect; a webhook endpoint should send these."""


class NotFromStripe(GuichetError):
    """The request does not prove that it comes from Stripe, now."""


@dataclass(frozen=True)
class Event:
    """A verified event: its id and type, and the bytes as they came."""

    id: str
    type: str
    body: bytes


class Verifier:
    """Knows the signing secrets: one, or two while one is rolled."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("an empty signing secret would let anyone forge payments")
        self._secrets = tuple(secrets)

    def verify(self, body: bytes, signature: str | None, now: datetime) -> Event:
        """The event that these bytes are. Raises NotFromStripe, whatever the cause."""
        try:
            event = self._event(body, signature or "", now)
        except Exception as error:  # odd input makes the verifier and the parser raise almost anything
            raise NotFromStripe(type(error).__name__) from error
        return event

    def _event(self, body: bytes, signature: str, now: datetime) -> Event:
        if abs(now.timestamp() - self._signed_at(body, signature)) > FRESH.total_seconds():
            raise NotFromStripe("the time stamp is stale or in the future")
        head = objects.mapping(orjson.loads(body))
        event_id, kind = objects.text(head.get("id")), objects.text(head.get("type"))
        if event_id is None or kind is None or len(event_id) > 100 or len(kind) > 80:
            raise NotFromStripe("no event")
        return Event(event_id, kind, body)

    def _signed_at(self, body: bytes, signature: str) -> int:
        for secret in self._secrets:
            try:
                WebhookSignature.verify_header(body, signature, secret, tolerance=None)
            except SignatureVerificationError:
                continue
            return next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        raise NotFromStripe("no secret fits")


def parse(body: bytes) -> Fact:
    """The fact that a stored event tells; raises BadObject for one that cannot be read."""
    event = objects.mapping(orjson.loads(body))
    kind = objects.text(event.get("type")) or ""
    subject = objects.mapping(objects.mapping(event.get("data")).get("object"))
    if kind not in HANDLED:
        return IrrelevantFact(kind)
    if kind.startswith("checkout.session."):
        failed = kind == "checkout.session.async_payment_failed"
        return objects.session(subject, bank_failed=failed, at=objects.instant(event.get("created")))
    if kind.startswith("charge.dispute."):
        return objects.dispute(subject)
    if kind == "charge.refunded":
        return _charge_refunded(kind, subject)
    return objects.refund(subject) or IrrelevantFact(kind)


def _charge_refunded(kind: str, charge: Json) -> Fact:
    payment_intent = objects.reference(charge.get("payment_intent"))
    return ChargeRefundedFact(payment_intent) if payment_intent else IrrelevantFact(kind)


__all__ = ["FRESH", "HANDLED", "BadObject", "Event", "NotFromStripe", "Verifier", "parse"]
