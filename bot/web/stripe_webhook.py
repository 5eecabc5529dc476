"""Takes Stripe's events: proves where each comes from, stores it, and only then says thank you."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.domain.time import Clock
from bot.metrics import Metrics
from bot.payments.events import Event, NotFromStripe, Verifier
from bot.web.bodies import read_body
from bot.web.limits import Limits

log = structlog.get_logger()

PATH = "/stripe/webhook"

Store = Callable[[Event], Awaitable[None]]
"""Returns once the event is durable; raises if it is not."""


class StripeWebhook:
    def __init__(self, verifier: Verifier, store: Store, clock: Clock, metrics: Metrics, limits: Limits) -> None:
        self._verifier = verifier
        self._store = store
        self._clock = clock
        self._count = metrics.stripe_webhooks.labels
        self._limits = limits

    async def handle(self, request: web.Request) -> web.Response:
        """200 for what is stored, 400 for what is not from Stripe, 503 for what Stripe should send again."""
        try:
            event = await self._event(request)
        except web.HTTPException:
            self._count("refused").inc()
            raise
        except NotFromStripe as refused:
            self._count("refused").inc()
            log.warning("stripe_webhook.refused", cause=str(refused))
            return web.Response(status=400, text="Not a signed event.\n")
        if not await self._stored(event):
            self._count("busy").inc()
            return web.Response(status=503, text="Not stored. Please send it again.\n")
        self._count("stored").inc()
        return web.Response(text="Stored.\n")

    async def _event(self, request: web.Request) -> Event:
        body = await read_body(request, self._limits)
        signatures = request.headers.getall("Stripe-Signature", [])
        signature = signatures[0] if len(signatures) == 1 else None
        return self._verifier.verify(body, signature, self._clock.now())

    async def _stored(self, event: Event) -> bool:
        """Giving up on the wait does not take the event out of its batch: it may still be stored."""
        try:
            async with asyncio.timeout(self._limits.stored_within):
                await self._store(event)
        except Exception as error:  # noqa: BLE001 - whatever it was, the event is not known to be stored
            log.warning("stripe_webhook.not_stored", stripe_event=event.id, error=type(error).__name__)
            return False
        return True
