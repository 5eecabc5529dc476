"""The simulated Stripe: an account in memory that answers like Stripe, in test mode, without real time."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.sandbox.stripe.deliveries import Deliveries
from bot.sandbox.stripe.journal import Journal
from bot.sandbox.stripe.results import JsonObject, LedgerRow, PayResult, Reply


class Stripe:
    """One account. Synchronous and deterministic: the clock and the seed of its ids are passed in.

    Everything that changes makes the events that Stripe makes and hands them to `deliveries`.
    Methods raise NoSuchObjectError for an unknown id and NotPossibleError for a wrong state.
    """

    deliveries: Deliveries
    journal: Journal
    base_url: str  # where the pay page is served; may be set once the port is known

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        secret_keys: Collection[str],
        seed: str = "",
        base_url: str = "http://127.0.0.1:8800",
    ) -> None:
        """Refuses live keys with ValueError. The same seed gives the same ids in the same order."""
        raise NotImplementedError

    # The API

    def call(
        self, method: str, path: str, params: Mapping[str, object], headers: Mapping[str, str], raw: str = ""
    ) -> Reply:
        """Answer one API call. `path` starts with /v1; `params` is the decoded nested form or query."""
        raise NotImplementedError

    def fail(
        self,
        method: str,
        path: str,
        params: Mapping[str, object],
        headers: Mapping[str, str],
        *,
        status: int,
        retry_after: int | None = None,
        raw: str = "",
    ) -> Reply:
        """Answer with a fault of `status`, without effect; a 5xx under an idempotency key is saved."""
        raise NotImplementedError

    def hold_key(self, key: str) -> None:
        """Keep an idempotency key in flight: calls with it get 409 until `release_key`."""
        raise NotImplementedError

    def release_key(self, key: str) -> None:
        raise NotImplementedError

    # The customer on the pay page

    def pay(
        self,
        session_id: str,
        card: str,
        *,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
    ) -> PayResult:
        """Pay with a test card: a number or a slot name of `cards.CARDS`, such as `success`."""
        raise NotImplementedError

    def confirm(self, session_id: str, *, ok: bool) -> PayResult:
        """Answer the bank's second step."""
        raise NotImplementedError

    # Banks and the dashboard

    def settle_delayed(self, session_id: str, *, succeed: bool) -> None:
        """End a payment by a delayed method now; by itself it ends three days after it was made."""
        raise NotImplementedError

    def expire_session(self, session_id: str) -> JsonObject:
        """Expire an open session from the dashboard."""
        raise NotImplementedError

    def refund_from_dashboard(self, payment_intent: str, amount: int | None = None) -> JsonObject:
        """Refund (the rest, unless an amount is given) without the application's doing."""
        raise NotImplementedError

    def fail_refund(self, refund_id: str) -> JsonObject:
        """A refund that was pending or succeeded comes back from the bank."""
        raise NotImplementedError

    def settle_refund(self, refund_id: str) -> JsonObject:
        """A pending refund has arrived."""
        raise NotImplementedError

    def dispute(self, payment_intent: str, amount: int | None = None) -> JsonObject:
        """The cardholder disputes the payment; the funds are withdrawn."""
        raise NotImplementedError

    def review_dispute(self, dispute_id: str) -> JsonObject:
        """Evidence was sent in: the bank reviews it (charge.dispute.updated)."""
        raise NotImplementedError

    def close_dispute(self, dispute_id: str, *, won: bool) -> JsonObject:
        """Won: the funds come back."""
        raise NotImplementedError

    # Time

    def tick(self) -> None:
        """Let everything happen that is due by now: sessions expire, delayed payments and refunds end."""
        raise NotImplementedError

    def next_due(self) -> datetime | None:
        """When `tick` has something to do next."""
        raise NotImplementedError

    # To look at

    def ledger(self) -> tuple[LedgerRow, ...]:
        """The money, one row per payment intent that captured something, oldest first."""
        raise NotImplementedError

    def session(self, session_id: str) -> JsonObject:
        """The session as the API shows it, with its `line_items`."""
        raise NotImplementedError

    def sessions(self) -> tuple[JsonObject, ...]:
        """All sessions as the API shows them, newest first."""
        raise NotImplementedError

    def refunds(self) -> tuple[JsonObject, ...]:
        raise NotImplementedError

    def disputes(self) -> tuple[JsonObject, ...]:
        raise NotImplementedError

    def events(self) -> tuple[JsonObject, ...]:
        """All events, newest first; how each is delivered: `deliveries.of(event_id)`."""
        raise NotImplementedError
