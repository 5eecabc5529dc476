"""The way to the simulated Stripe: the session that Stripe's own client posts through, without a network."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.payments.gateway import TIMEOUT, Gateway, client
from bot.sandbox.stripe.forms import decode
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import Reply
from tests.simulation.trace import Trace
from tests.simulation.weather import Death, Weather

LAG = timedelta(minutes=4)
LISTS = ("/v1/checkout/sessions", "/v1/events")


@dataclass(frozen=True)
class Body:
    content: bytes
    torn: bool = False

    async def read(self) -> bytes:
        if self.torn:
            raise aiohttp.ClientPayloadError
        return self.content


@dataclass(frozen=True)
class Answer:
    """What Stripe's client wants of a response."""

    status: int
    headers: Mapping[str, str]
    content: Body


class TillLine:
    """Stands in for an `aiohttp.ClientSession` in one life of the application."""

    def __init__(self, stripe: Stripe, weather: Weather, die: Death, trace: Trace) -> None:
        self._stripe, self._weather, self._die, self._trace = stripe, weather, die, trace

    def gateway(self, key: str, api_url: str) -> Gateway:
        return Gateway(client(self, key, api_url))  # type: ignore[arg-type]  # stands in for a session

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], data: str | None = None, **_more: object
    ) -> Answer:
        address = urlsplit(url)
        path = address.path.removeprefix("/stripe")
        raw = address.query if method.upper() == "GET" else data or ""
        mishap = self._weather.draw("stripe", f"{method} {_short(path)}")
        await asyncio.sleep(self._weather.latency())
        await self._before(mishap, path)
        reply = self._reply(mishap, method, path, raw, headers)
        self._trace.note(f"stripe {method} {_short(path)} {reply.status}")
        await asyncio.sleep(self._weather.latency())  # webhooks about what was done may be faster than the answer
        await self._after(mishap, path)
        if mishap == "error_after":
            return Answer(500, {}, Body(b'{"error": {"type": "api_error", "message": "lost"}}'))
        return Answer(reply.status, reply.headers, Body(orjson.dumps(reply.body), torn=mishap == "truncated"))

    def _reply(self, mishap: str, method: str, path: str, raw: str, headers: Mapping[str, str]) -> Reply:
        params = decode(raw)
        statuses = {"error": 500, "too_many": 429, "conflict": 409}
        if mishap in statuses:
            return self._stripe.fail(method, path, params, headers, status=statuses[mishap], raw=raw)
        reply = self._stripe.call(method, path, params, headers, raw)
        if method.upper() == "GET" and path in LISTS and self._weather.enabled("stripe", "lagging"):
            return self._lagging(reply)
        return reply

    def _lagging(self, reply: Reply) -> Reply:
        """Lists do not show yet what is new."""
        listed = reply.body.get("data")
        since = int((self._stripe._now() - LAG).timestamp())
        rows = listed if isinstance(listed, list) else []
        old = [row for row in rows if isinstance(row, dict) and int(str(row.get("created"))) < since]
        if len(old) < len(rows):
            self._trace.fault("stripe.lagging")
        return Reply(reply.status, reply.headers, {**reply.body, "data": old})

    async def _before(self, mishap: str, path: str) -> None:
        match mishap:
            case "timeout_before":
                await asyncio.sleep(TIMEOUT)
                raise TimeoutError
            case "reset_before":
                raise aiohttp.ClientConnectionError
            case "crash_before":
                await self._die.here(f"before {_short(path)}")

    async def _after(self, mishap: str, path: str) -> None:
        match mishap:
            case "timeout_after":
                await asyncio.sleep(TIMEOUT)
                raise TimeoutError
            case "slow":
                late = self._weather.lateness()
                await asyncio.sleep(min(late, TIMEOUT))
                if late >= TIMEOUT:
                    raise TimeoutError
            case "reset_after":
                raise aiohttp.ServerDisconnectedError
            case "crash_after":
                await self._die.here(f"after {_short(path)}")


def _short(path: str) -> str:
    """Without most of an id's letters."""
    return "/".join(part if len(part) < 30 else part[-8:] for part in path.split("/"))
