"""What the simulated Stripe answers to those who drive it, beside the API's own JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, Json]


@dataclass(frozen=True)
class Reply:
    """An answer of the API: `body` is JSON-able, header names are as Stripe writes them."""

    status: int
    headers: Mapping[str, str]
    body: JsonObject


class Outcome(StrEnum):
    """How an attempt to pay on the hosted page ended."""

    PAID = "paid"
    PROCESSING = "processing"  # the session is complete, the money is not there yet
    REQUIRES_ACTION = "requires_action"  # the bank asks: go on with `confirm`
    DECLINED = "declined"  # the session stays open, the customer may try again
    OVER = "over"  # the session was already complete or expired; nothing happened


@dataclass(frozen=True)
class PayResult:
    """`redirect_url` is set once the session is complete; `event_id` names checkout.session.completed.

    `code` says why a card was declined, such as `insufficient_funds`.
    """

    outcome: Outcome
    message: str = ""
    code: str = ""
    redirect_url: str | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class LedgerRow:
    """The money of one payment intent in Stripe's minor units; failed refunds do not count."""

    payment_intent: str
    session: str
    currency: str
    captured: int
    refunded: int
    disputed: int
    metadata: Mapping[str, str] = field(default_factory=dict)


class NoSuchObjectError(LookupError):
    """The simulated Stripe has no object of that kind with that id."""

    def __init__(self, kind: str, object_id: str) -> None:
        super().__init__(f"No such {kind}: '{object_id}'")
        self.kind = kind
        self.object_id = object_id


class NotPossibleError(ValueError):
    """The object is not in a state in which that can happen to it."""
