"""Asks Stripe, always with our own time-out and idempotency key, and says what a failure means."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp
import orjson
import stripe

from bot.domain.facts import RefundFact, SessionFact, SessionStatus
from bot.domain.ids import SessionId
from bot.payments import objects
from bot.payments.events import HANDLED, Event
from bot.payments.failures import OutcomeUnknown, Refused, ServerFailed
from bot.payments.objects import BadObject, Json

TIMEOUT = 20.0
PAGE = 100
SESSIONS = "/v1/checkout/sessions"


def client(session: aiohttp.ClientSession, secret_key: str, api_url: str) -> stripe.StripeClient:
    """Stripe's own client over our session; it never retries by itself, our stored rows do."""
    stripe.enable_telemetry = False
    http = stripe.AIOHTTPClient(session=session, timeout=aiohttp.ClientTimeout(total=TIMEOUT))
    return stripe.StripeClient(secret_key, http_client=http, base_addresses={"api": api_url}, max_network_retries=0)


class Gateway:
    """The calls that we make. Each raises OutcomeUnknown, ServerFailed or Refused."""

    def __init__(self, stripe_client: stripe.StripeClient) -> None:
        self._client = stripe_client

    async def create_session(self, parameters: Mapping[str, object], key: str) -> SessionFact:
        return _session(await self._call("post", SESSIONS, parameters, key))

    async def session(self, session_id: SessionId) -> SessionFact:
        return _session(await self._call("get", f"{SESSIONS}/{session_id}", {"expand": ["payment_intent"]}))

    async def expire_session(self, session_id: SessionId) -> SessionFact:
        """Expire an open session; one that is over by now is returned as it is."""
        try:
            return _session(await self._call("post", f"{SESSIONS}/{session_id}/expire", {}))
        except Refused as refused:
            now_is = await self.session(session_id)
            if now_is.status is SessionStatus.OPEN:
                raise OutcomeUnknown(refused.what) from refused
            return now_is

    async def find_session(self, client_reference: str, first: datetime, last: datetime) -> SessionFact | None:
        """The session that was made for this reference between two instants; sessions cannot be listed by it."""
        span = {"gte": int(first.timestamp()), "lte": int(last.timestamp())}
        async for found in self._pages(SESSIONS, {"created": span}):
            if found.get("client_reference_id") == client_reference:
                return await self.session(SessionId(_id(found)))
        return None

    async def create_refund(self, parameters: Mapping[str, object], key: str) -> RefundFact:
        return _refund(await self._call("post", "/v1/refunds", parameters, key))

    async def refunds_of(self, payment_intent: str) -> list[RefundFact]:
        return [_refund(body) async for body in self._pages("/v1/refunds", {"payment_intent": payment_intent})]

    async def receipt(self, payment_intent: str) -> str | None:
        """Where Stripe shows the receipt for a payment; None: nowhere yet."""
        found = await self._call("get", f"/v1/payment_intents/{payment_intent}", {"expand": ["latest_charge"]})
        address = objects.text(objects.mapping(found.get("latest_charge")).get("receipt_url"))
        return address if address is not None and address.startswith(("https://", "http://127.0.0.1:")) else None

    async def events_since(self, first: datetime) -> tuple[list[Event], datetime | None]:
        """The events that concern us and that Stripe made since an instant, oldest first (it keeps 30 days).

        With them the instant at which it made the newest, None if there is none.
        """
        query = {"created": {"gte": int(first.timestamp())}, "types": list(HANDLED)}
        found = [body async for body in self._pages("/v1/events", query)]
        events = [Event(str(body.get("id")), str(body.get("type")), orjson.dumps(body)) for body in reversed(found)]
        return events, max((objects.instant(body.get("created")) for body in found), default=None)

    async def account(self) -> Json:
        """The account that the key belongs to, or what Stripe says instead."""
        return await self._call("get", "/v1/account", {})

    async def webhook_endpoints(self) -> list[Json]:
        return [body async for body in self._pages("/v1/webhook_endpoints", {})]

    async def _pages(self, path: str, query: Mapping[str, object]) -> AsyncIterator[Json]:
        """Every object of a list, newest first."""
        after: dict[str, object] = {}
        while True:
            page = await self._call("get", path, {**query, **after, "limit": PAGE})
            listed = page.get("data")
            rows = [objects.mapping(row) for row in listed] if isinstance(listed, list) else []
            for row in rows:
                yield row
            if page.get("has_more") is not True or not rows:
                return
            after = {"starting_after": _id(rows[-1])}

    async def _call(
        self, method: str, path: str, parameters: Mapping[str, object], key: str | None = None
    ) -> Mapping[str, object]:
        options = {} if key is None else {"idempotency_key": key}
        try:
            answer = await self._client.raw_request_async(method, path, **parameters, **options)
            return objects.mapping(orjson.loads(answer.body))
        except stripe.StripeError as error:
            raise _meaning(error) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise OutcomeUnknown(type(error).__name__) from error


def _session(body: Json) -> SessionFact:
    try:
        return objects.session(body)
    except BadObject as error:
        raise OutcomeUnknown(str(error)) from error


def _refund(body: Json) -> RefundFact:
    try:
        fact = objects.refund(body)
    except BadObject as error:
        raise OutcomeUnknown(str(error)) from error
    if fact is None:
        raise OutcomeUnknown("a refund without a payment")
    return fact


def _id(body: Json) -> str:
    found = objects.text(body.get("id"))
    if found is None:
        raise OutcomeUnknown("an object without an id")
    return found


def _meaning(error: stripe.StripeError) -> OutcomeUnknown | ServerFailed | Refused:
    """What an error of the library says about the call's effect."""
    status = error.http_status or 0
    what = f"{type(error).__name__} {status} {error.code or ''}".strip()
    if isinstance(error, stripe.IdempotencyError) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailed(what)
    if isinstance(error, stripe.InvalidRequestError | stripe.CardError) and status != HTTPStatus.CONFLICT:
        return Refused(error.code or "", error.param or "", what)
    return OutcomeUnknown(what)
