"""The simulated Stripe over HTTP, with the faults that were planned for it."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from datetime import timedelta

import orjson
from aiohttp import web

from bot.sandbox.clock import WorldClock
from bot.sandbox.faults import Fault, Faults, Kind, Service
from bot.sandbox.stripe.forms import decode
from bot.sandbox.stripe.journal import Call
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import Reply

LOOK_EVERY = 0.05  # seconds between looks at whether the caller has hung up
RESET = struct.pack("ii", 1, 0)  # linger for no time: closing sends RST


@dataclass(frozen=True)
class Incoming:
    """A call before it reaches the model."""

    method: str
    path: str
    raw: str
    headers: dict[str, str]

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key") if self.method == "POST" else None


class StripeApi:
    """`/stripe/v1/…`; point the library at it with base_addresses={"api": "http://127.0.0.1:PORT/stripe"}."""

    def __init__(self, stripe: Stripe, faults: Faults, clock: WorldClock) -> None:
        self._stripe = stripe
        self._faults = faults
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/stripe/v1/{path:.*}", self.answer)]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        incoming = await _read(request)
        fault = self._faults.take(Service.STRIPE, incoming.path)
        if fault is None:
            return _response(self._call(incoming))
        match fault.kind:
            case Kind.ERROR:
                return _response(self._fail(incoming, fault))
            case Kind.SLOW:
                return _response(await self._call_slowly(incoming, fault.seconds))
            case Kind.TRUNCATED:
                return await _truncated(request, self._call(incoming))
            case Kind.TIMEOUT_AFTER | Kind.RESET_AFTER:
                self._call(incoming)
            case Kind.TIMEOUT_BEFORE | Kind.RESET_BEFORE:
                self._lose(incoming)
        if fault.kind in {Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER}:
            await _until_hung_up(request, fault.seconds)
        _reset(request)
        return web.Response(status=502)

    def _call(self, incoming: Incoming) -> Reply:
        params = decode(incoming.raw)
        return self._stripe.call(incoming.method, incoming.path, params, incoming.headers, incoming.raw)

    def _fail(self, incoming: Incoming, fault: Fault) -> Reply:
        return self._stripe.fail(
            incoming.method,
            incoming.path,
            decode(incoming.raw),
            incoming.headers,
            status=fault.status,
            retry_after=fault.retry_after,
            raw=incoming.raw,
        )

    async def _call_slowly(self, incoming: Incoming, seconds: float) -> Reply:
        """The effect comes at once and the answer late; until then the key is in use."""
        reply = self._call(incoming)
        if incoming.key is not None:
            self._stripe.hold_key(incoming.key)
        try:
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=seconds))
        finally:
            if incoming.key is not None:
                self._stripe.release_key(incoming.key)
        return reply

    def _lose(self, incoming: Incoming) -> None:
        """A call that never reaches Stripe is noted all the same."""
        self._stripe.journal.record(
            Call(
                at=self._clock.now(),
                method=incoming.method,
                path=incoming.path,
                raw=incoming.raw,
                params=decode(incoming.raw),
                status=None,
                idempotency_key=incoming.key,
            )
        )


async def _read(request: web.Request) -> Incoming:
    body = (await request.read()).decode("utf-8", "replace") if request.can_read_body else ""
    raw = request.query_string if request.method == "GET" else body
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Incoming(request.method, f"/v1/{request.match_info['path']}", raw, headers)


def _response(reply: Reply) -> web.Response:
    return web.Response(
        status=reply.status,
        headers=reply.headers,
        body=orjson.dumps(reply.body),
        content_type="application/json",
    )


async def _truncated(request: web.Request, reply: Reply) -> web.StreamResponse:
    """The right length in the header, and half of the body."""
    body = orjson.dumps(reply.body)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_type = "application/json"
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _until_hung_up(request: web.Request, seconds: float) -> None:
    for _ in range(max(1, round(seconds / LOOK_EVERY))):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(LOOK_EVERY)


def _reset(request: web.Request) -> None:
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    request.transport.abort()
