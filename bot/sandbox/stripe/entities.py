"""What the simulated Stripe keeps: sessions, payment intents, charges, refunds, disputes, events."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.sandbox.stripe.cards import Card
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.results import JsonObject


@dataclass(frozen=True)
class LineItem:
    """One line of a session. Amounts in the currency's minor units at Stripe."""

    id: str
    price: str
    product: str
    name: str
    description: str | None
    images: tuple[str, ...]
    unit_amount: int
    quantity: int
    metadata: dict[str, str]

    @property
    def total(self) -> int:
        return self.unit_amount * self.quantity


@dataclass(frozen=True)
class Customer:
    """Who paid, as typed into the pay page."""

    email: str
    name: str | None
    phone: str | None


@dataclass(frozen=True)
class Promotion:
    """A code that customers may enter, and the coupon behind it."""

    id: str
    coupon: str
    code: str
    percent_off: int


@dataclass
class Session:
    """A Checkout Session. `asked` is what it was made with; `ends` when a delayed payment ends by itself."""

    id: str
    created: datetime
    expires_at: datetime
    currency: str
    items: tuple[LineItem, ...]
    asked: Fields
    methods: tuple[str, ...]
    status: Literal["open", "complete", "expired"] = "open"
    payment_status: Literal["unpaid", "paid", "no_payment_required"] = "unpaid"
    payment_intent: str | None = None
    customer: Customer | None = None
    ends: datetime | None = None
    promotion: Promotion | None = None
    discount: int = 0

    @property
    def subtotal(self) -> int:
        return sum(item.total for item in self.items)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount


@dataclass
class Intent:
    """A payment intent; made when the customer first presses Pay. `card` is what is being tried."""

    id: str
    created: datetime
    session: str
    amount: int
    currency: str
    data: Fields
    methods: tuple[str, ...]
    card: Card
    method: str
    status: str = "requires_payment_method"
    charge: str | None = None
    error: JsonObject | None = None
    canceled_at: datetime | None = None


@dataclass
class Charge:
    id: str
    created: datetime
    intent: str
    amount: int
    currency: str
    card: Card
    method: str
    customer: Customer
    metadata: dict[str, str]
    status: Literal["pending", "succeeded", "failed"] = "pending"
    dispute: str | None = None
    refunded: int = 0
    receipt_email: str | None = None
    receipt_url: str | None = None


@dataclass
class Refund:
    """`ends` when it settles by itself, and how: `fails`."""

    id: str
    created: datetime
    charge: str
    intent: str
    amount: int
    currency: str
    reason: str | None
    metadata: dict[str, str]
    status: Literal["pending", "succeeded", "failed"] = "succeeded"
    ends: datetime | None = None
    fails: bool = False


@dataclass
class Dispute:
    id: str
    created: datetime
    charge: str
    intent: str
    amount: int
    currency: str
    status: Literal["needs_response", "under_review", "won", "lost"] = "needs_response"


@dataclass(frozen=True)
class Cause:
    """The API request that something happened through; empty for pages, banks and the dashboard."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Event:
    """A snapshot of an object at the moment of a change."""

    id: str
    created: datetime
    type: str
    subject: JsonObject
    previous: JsonObject
    cause: Cause = field(default_factory=Cause)
