"""The simulated Stripe on a loopback port, with a webhook that remembers what it gets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import stripe
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.clock import WorldClock
from bot.sandbox.faults import Faults
from bot.sandbox.stripe.courier import Courier
from bot.sandbox.stripe.http import StripeApi
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.page import PayPage
from tests.sandbox.stripe.world import KEY

SECRET = "whsec_test"


@dataclass
class Net:
    """`answers` are given to the next webhooks; after them 200."""

    model: Stripe
    faults: Faults
    clock: WorldClock
    base: str
    http: aiohttp.ClientSession
    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    got: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, *, timeout: float = 5, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            KEY,
            base_addresses={"api": f"{self.base}/stripe"},
            http_client=stripe.AIOHTTPClient(session=self.http, timeout=aiohttp.ClientTimeout(total=timeout)),
            max_network_retries=retries,
        )

    async def webhook(self, request: web.Request) -> web.Response:
        self.received.append((await request.read(), request.headers["Stripe-Signature"]))
        self.got.set()
        return web.Response(status=self.answers.pop(0) if self.answers else 200, headers={"Location": "/"})

    async def called(self) -> None:
        """Wait until the API was called."""
        async with asyncio.timeout(10):
            for _ in range(1000):
                if self.model.journal.calls():
                    return
                await asyncio.sleep(0.01)

    async def attempts(self, count: int) -> list[int | None]:
        """Wait until that many webhooks were answered; the answers."""
        heard = asyncio.Event()
        self.model.deliveries.listen(heard.set)
        async with asyncio.timeout(10):
            while len(self.model.deliveries.log()) < count:
                heard.clear()
                await heard.wait()
        return [attempt.status for attempt in self.model.deliveries.log()]

    async def webhooks(self, count: int) -> list[tuple[bytes, str]]:
        """Wait for that many webhooks."""
        async with asyncio.timeout(10):
            while len(self.received) < count:
                self.got.clear()
                await self.got.wait()
        return self.received


@asynccontextmanager
async def network() -> AsyncIterator[Net]:
    clock, faults = WorldClock(), Faults()
    model = Stripe(now=clock.now, secret_keys=[KEY])
    async with aiohttp.ClientSession() as session:
        courier = Courier(model, clock, session)
        app = web.Application()
        app.add_routes([*StripeApi(model, faults, clock).routes(), *PayPage(model, courier).routes()])
        net = Net(model, faults, clock, "", session)
        app.router.add_post("/hook", net.webhook)
        async with TestServer(app, host="127.0.0.1") as server:
            net.base = model.base_url = str(server.make_url("")).rstrip("/")
            model.deliveries.register(f"{net.base}/hook", SECRET, ["checkout.session.completed", "refund.created"])
            running = asyncio.create_task(courier.run())
            yield net
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
