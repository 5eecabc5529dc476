"""Takes Telegram's updates, when they are not polled, and hands them on without waiting for their handling."""

import hmac
from collections.abc import Awaitable, Callable, Mapping

import orjson
import structlog
from aiohttp import web

from bot.metrics import Metrics
from bot.web.bodies import read_body
from bot.web.limits import Limits

log = structlog.get_logger()

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"

Accept = Callable[[Mapping[str, object]], Awaitable[None]]
"""Queues an update and returns at once; raises if there is no room, and Telegram sends it again."""


class TelegramWebhook:
    def __init__(self, secret: str, accept: Accept, metrics: Metrics, limits: Limits) -> None:
        if not secret:
            raise ValueError("an empty secret would let anyone speak for every customer")
        self._secret = secret.encode()
        self._accept = accept
        self._count = metrics.telegram_webhooks.labels
        self._limits = limits

    async def handle(self, request: web.Request) -> web.Response:
        """200 for what is queued, 403 for who does not know the secret, 503 for what should be sent again."""
        if not self._knows_the_secret(request):
            self._count("refused").inc()
            return web.Response(status=403)
        update = _object(await read_body(request, self._limits))
        if update is None:
            self._count("refused").inc()
            return web.Response(status=400, text="Not an update.\n")
        if not await self._accepted(update):
            self._count("busy").inc()
            return web.Response(status=503, text="Please send it again.\n")
        self._count("accepted").inc()
        return web.Response()

    def _knows_the_secret(self, request: web.Request) -> bool:
        given = request.headers.getall(HEADER, [])
        return len(given) == 1 and hmac.compare_digest(given[0].encode(errors="surrogateescape"), self._secret)

    async def _accepted(self, update: Mapping[str, object]) -> bool:
        try:
            await self._accept(update)
        except Exception as error:  # noqa: BLE001 - whatever it was, the update is not queued
            log.warning("telegram_webhook.not_accepted", error=type(error).__name__)
            return False
        return True


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        update: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) else None
