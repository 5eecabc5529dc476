"""The simulated Stripe: an account in memory that answers like Stripe, in test mode, without real time."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.sandbox.stripe import disputes, errors, expansion, payments, promotions, refunds, render, routes, sessions
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.agenda import Due
from bot.sandbox.stripe.deliveries import Deliveries
from bot.sandbox.stripe.entities import Charge, Customer, Promotion, Session
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.idempotency import Idempotency
from bot.sandbox.stripe.journal import Call, Journal
from bot.sandbox.stripe.ledger import ledger
from bot.sandbox.stripe.render_session import collects_phone, illustrated, line_items, typed
from bot.sandbox.stripe.request import Request, check_caller, is_live
from bot.sandbox.stripe.results import (
    JsonObject,
    LedgerRow,
    NoSuchObjectError,
    NotPossibleError,
    PayResult,
    Reply,
)


class Stripe:
    """One account. Synchronous and deterministic: the clock and the seed of its ids are passed in.

    Everything that changes makes the events that Stripe makes and hands them to `deliveries`.
    Methods raise NoSuchObjectError for an unknown id and NotPossibleError for a wrong state.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        secret_keys: Collection[str],
        seed: str = "",
        base_url: str = "http://127.0.0.1:8800",
    ) -> None:
        """Refuses live keys with ValueError. The same seed gives the same ids in the same order."""
        if any(is_live(key) for key in secret_keys):
            raise ValueError("the sandbox takes no live keys")
        self._keys = frozenset(secret_keys)
        self._account = Account(now=now, seed=seed, base_url=base_url)
        self._idempotency = Idempotency(now)
        self._now = now
        self.journal = Journal()

    @property
    def deliveries(self) -> Deliveries:
        return self._account.deliveries

    @property
    def base_url(self) -> str:
        """Where the pay page is served; may be set once the port is known."""
        return self._account.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._account.base_url = url

    # The API

    def call(
        self, method: str, path: str, params: Mapping[str, object], headers: Mapping[str, str], raw: str = ""
    ) -> Reply:
        """Answer one API call. `path` starts with /v1; `params` is the decoded nested form or query."""
        return self._handle(self._request(method, path, params, headers, raw=raw), self._execute)

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

        def refuse(_: Request) -> JsonObject:
            raise errors.broken(status)

        reply = self._handle(self._request(method, path, params, headers, raw=raw), refuse)
        if retry_after is None:
            return reply
        return replace(reply, headers={**reply.headers, "Retry-After": str(retry_after)})

    def hold_key(self, key: str) -> None:
        """Keep an idempotency key in flight: calls with it get 409 until `release_key`."""
        self._idempotency.hold(key)

    def release_key(self, key: str) -> None:
        self._idempotency.release(key)

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
        """Pay with a test card: a number or a slot name of `cards.CARDS`, such as `success`.

        What the customer leaves out is filled in as far as the session asks for it.
        """
        session = self._session(session_id)
        known = session.asked.text("customer_email")
        collected = phone or ("+33600000000" if collects_phone(session) else None)
        customer = Customer(email or known or "customer@example.com", name or "Sam Sandbox", collected)
        return payments.pay(self._account, session, card, customer)

    def enter_code(self, session_id: str, code: str) -> JsonObject:
        """Enter a promotion code on the pay page; NotPossibleError says why it is refused."""
        session = self._session(session_id)
        promotions.apply(self._account, session, code)
        return self._account.show_session(session)

    def confirm(self, session_id: str, *, ok: bool) -> PayResult:
        """Answer the bank's second step."""
        return payments.confirm(self._account, self._session(session_id), ok=ok)

    def asks_to_confirm(self, session_id: str) -> bool:
        """Whether the bank waits for the second step."""
        return payments.asks_to_confirm(self._account, self._session(session_id))

    # Banks and the dashboard

    def settle_delayed(self, session_id: str, *, succeed: bool) -> None:
        """End a payment by a delayed method now; by itself it ends three days after it was made."""
        payments.settle(self._account, self._session(session_id), succeed=succeed)

    def expire_session(self, session_id: str) -> JsonObject:
        """Expire an open session from the dashboard."""
        session = self._session(session_id)
        try:
            sessions.expire(self._account, session)
        except Refusal as refusal:
            raise NotPossibleError(refusal.message) from refusal
        return self._account.show_session(session)

    def refund_from_dashboard(self, payment_intent: str, amount: int | None = None) -> JsonObject:
        """Refund (the rest, unless an amount is given) without the application's doing."""
        self.tick()
        self._account.intent(payment_intent)
        asked = Fields({"payment_intent": payment_intent, "amount": amount})
        try:
            return render.refund(refunds.create(self._account, asked))
        except Refusal as refusal:
            raise NotPossibleError(refusal.message) from refusal

    def make_code(self, code: str, percent_off: int) -> None:
        """Make a promotion code in the dashboard."""
        promotions.make(self._account, code, percent_off)

    def codes(self) -> tuple[Promotion, ...]:
        return tuple(self._account.promotions.values())

    def charge(self, charge_id: str) -> Charge:
        return self._account.charge(charge_id)

    def fail_refund(self, refund_id: str) -> JsonObject:
        """A refund that was pending or succeeded comes back from the bank."""
        refund = self._account.refund(refund_id)
        refunds.fail(self._account, refund)
        return render.refund(refund)

    def settle_refund(self, refund_id: str) -> JsonObject:
        """A pending refund has arrived."""
        refund = self._account.refund(refund_id)
        refunds.succeed(self._account, refund)
        return render.refund(refund)

    def dispute(self, payment_intent: str, amount: int | None = None) -> JsonObject:
        """The cardholder disputes the payment; the funds are withdrawn."""
        charge = self._account.charge(self._account.intent(payment_intent).charge or "")
        return render.dispute(disputes.open_dispute(self._account, charge, amount))

    def review_dispute(self, dispute_id: str) -> JsonObject:
        """Evidence was sent in: the bank reviews it (charge.dispute.updated)."""
        dispute = self._account.find_dispute(dispute_id)
        disputes.review(self._account, dispute)
        return render.dispute(dispute)

    def close_dispute(self, dispute_id: str, *, won: bool) -> JsonObject:
        """Won: the funds come back."""
        dispute = self._account.find_dispute(dispute_id)
        disputes.close(self._account, dispute, won=won)
        return render.dispute(dispute)

    # Time

    def tick(self) -> None:
        """Let everything happen that is due by now: sessions expire, delayed payments and refunds end."""
        account = self._account
        while entry := account.agenda.take(self._now()):
            match entry:
                case (Due.SESSION_EXPIRES, object_id):
                    sessions.expire_if_due(account, account.session(object_id))
                case (Due.PAYMENT_ENDS, object_id):
                    payments.settle_if_due(account, account.session(object_id))
                case (Due.REFUND_ENDS, object_id):
                    refunds.end_if_due(account, account.refund(object_id))

    def next_due(self) -> datetime | None:
        """When `tick` has something to do next."""
        return self._account.agenda.next()

    # To look at

    def ledger(self) -> tuple[LedgerRow, ...]:
        """The money, one row per payment intent that captured something, oldest first."""
        self.tick()
        return ledger(self._account)

    def session(self, session_id: str) -> JsonObject:
        """The session as the API shows it, with its `line_items`."""
        session = self._session(session_id)
        return {**self._account.show_session(session), "line_items": line_items(session)}

    def page_of(self, session_id: str) -> JsonObject:
        """The session with what only the pay page knows: pictures of its lines, and what was typed."""
        session = self._session(session_id)
        shown = self._account.show_session(session)
        return {**shown, "line_items": illustrated(session), "sandbox_typed": typed(session)}

    def sessions(self) -> tuple[JsonObject, ...]:
        """All sessions as the API shows them, newest first."""
        self.tick()
        return tuple(map(self._account.show_session, reversed(self._account.sessions.values())))

    def refunds(self) -> tuple[JsonObject, ...]:
        """All refunds, newest first."""
        self.tick()
        return tuple(map(render.refund, reversed(self._account.refunds.values())))

    def disputes(self) -> tuple[JsonObject, ...]:
        """All disputes, newest first."""
        return tuple(map(render.dispute, reversed(self._account.disputes.values())))

    def events(self) -> tuple[JsonObject, ...]:
        """All events, newest first; how each is delivered: `deliveries.of(event_id)`."""
        self.tick()
        return tuple(map(self._account.show_event, reversed(self._account.events.values())))

    # Inside

    def _session(self, session_id: str) -> Session:
        self.tick()
        return self._account.session(session_id)

    def _request(
        self, method: str, path: str, params: Mapping[str, object], headers: Mapping[str, str], *, raw: str
    ) -> Request:
        self.tick()
        lowered = {name.lower(): value for name, value in headers.items()}
        return Request(self._account.ids.short("req"), method.upper(), path, params, lowered, raw)

    def _handle(self, request: Request, act: Callable[[Request], JsonObject]) -> Reply:
        try:
            check_caller(request, self._keys)
            reply = self._once(request, act)
        except Refusal as refusal:
            reply = request.reply(refusal.status, refusal.body())
        self.journal.record(
            Call(
                at=self._now(),
                method=request.method,
                path=request.path,
                raw=request.raw,
                params=request.params,
                status=reply.status,
                idempotency_key=request.key,
                replayed="Idempotent-Replayed" in reply.headers,
            )
        )
        return reply

    def _once(self, request: Request, act: Callable[[Request], JsonObject]) -> Reply:
        """Execute, or replay what the request's key has saved."""
        if request.key is None:
            return request.reply(200, act(request))
        saved = self._idempotency.replay(request.key, request.fingerprint)
        if saved is not None:
            original = {"Idempotent-Replayed": "true", "Original-Request": saved.headers["Request-Id"]}
            return request.reply(saved.status, saved.body, original)
        try:
            reply = request.reply(200, act(request))
        except Refusal as refusal:
            if not refusal.executed:
                raise
            reply = request.reply(refusal.status, refusal.body())
        self._idempotency.save(request.key, request.fingerprint, reply)
        return reply

    def _execute(self, request: Request) -> JsonObject:
        route, object_id = routes.find(request.method, request.path)
        asked = Fields(route.takes.check(request.params, ""))
        for number, path in enumerate(asked.texts("expand")):
            expansion.check(path, route.shows, number)
        try:
            with self._account.caused_by(request.cause):
                shown = route.answer(self._account, object_id, asked)
            for path in asked.texts("expand"):
                expansion.expand(self._account, shown, path)
        except NoSuchObjectError as error:
            raise errors.no_such(error.kind, error.object_id, error.kind.removeprefix("checkout.")) from error
        return shown
