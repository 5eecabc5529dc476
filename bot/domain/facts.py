"""What Stripe tells us, stripped of its wire format."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import RefundId, SessionId
from bot.domain.money import Money
from bot.domain.orders import RefundState


class SessionStatus(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Mark:
    """Our own words on a Stripe object: whose shop, which order, which attempt."""

    shop: str
    order_code: str
    attempt: int


@dataclass(frozen=True)
class SessionFact:
    """A Checkout Session as Stripe showed it at one moment.

    `reference` is its `client_reference_id`, which ours alone bear: `<order code>-<attempt number>`.
    `total` is None when Stripe gave none or an odd one; `at` is when Stripe said so, None: asked just now.
    `subtotal` is the total of the lines, `discount` what promotion codes took off it.
    """

    session_id: SessionId
    mark: Mark | None
    mode: str
    livemode: bool
    status: SessionStatus
    paid: bool
    bank_failed: bool
    total: Money | None
    payment_intent: str | None
    url: str | None
    expires_at: datetime
    at: datetime | None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    subtotal: Money | None = None
    discount: Money | None = None
    reference: str | None = None


@dataclass(frozen=True)
class RefundFact:
    refund_id: str
    payment_intent: str
    ours: RefundId | None
    amount: Money
    state: RefundState
    at: datetime


@dataclass(frozen=True)
class ChargeRefundedFact:
    """Something of this payment was given back: ask Stripe which refunds there are."""

    payment_intent: str


@dataclass(frozen=True)
class DisputeFact:
    dispute_id: str
    payment_intent: str | None
    amount: Money | None
    status: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class IrrelevantFact:
    """An event that is stored and changes nothing."""

    type: str


Fact = SessionFact | RefundFact | ChargeRefundedFact | DisputeFact | IrrelevantFact
