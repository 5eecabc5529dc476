"""A served web application with fakes behind it, and small ways to speak to it.

served = Served(...)                    from the `served` fixture; `limits` can be overridden by a test's module
await served.send_event(body)           signed as Stripe signs, at the present of the served clock
await served.raw(b"GET / HTTP/1.1…")    bytes as they are on a fresh connection; what comes back until it is closed
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import orjson
from prometheus_client import CollectorRegistry
from stripe import WebhookSignature

from bot.domain.catalogue import Picture
from bot.domain.errors import Gone
from bot.domain.ids import MediaId
from bot.metrics import Metrics
from bot.payments.events import Event, Verifier
from bot.services.backlog import Backlog
from bot.web.admin import Admin
from bot.web.guards import hosts_of
from bot.web.limits import Limits
from bot.web.media import Media
from bot.web.pages import Kind, Pages, PageWords
from bot.web.server import Address, Public, WebServer
from bot.web.stripe_webhook import StripeWebhook
from bot.web.telegram_webhook import TelegramWebhook
from tests.canaries import OLD_WEBHOOK_SECRET, TELEGRAM_SECRET, WEBHOOK_SECRET
from tests.clock import FakeClock

SECRET, OLD_SECRET = WEBHOOK_SECRET, OLD_WEBHOOK_SECRET
CHAT = "https://t.me/guichet_bot"
LOCAL = Address("127.0.0.1", 0)
PATIENCE = 20


class Texts:
    """Words that show which page they are of, and that markup in them is only text."""

    def page(self, kind: Kind, language: str) -> PageWords:
        return PageWords(f"<{kind}> title", f"{language} {kind}", "The chat knows more & more.", "Back to the chat")


@dataclass
class Behind:
    """What stands behind the server; tests replace what they are about."""

    store: Callable[[Event], Awaitable[None]] | None = None
    accept: Callable[[Mapping[str, object]], Awaitable[None]] | None = None
    stored: list[Event] = field(default_factory=list)
    updates: list[Mapping[str, object]] = field(default_factory=list)
    pictures: dict[int, Picture] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    backlog: Backlog | None = None
    broken: Exception | None = None

    async def keep(self, event: Event) -> None:
        if self.store is not None:
            await self.store(event)
        self.stored.append(event)

    async def take(self, update: Mapping[str, object]) -> None:
        if self.accept is not None:
            await self.accept(update)
        self.updates.append(update)

    async def picture(self, media_id: MediaId) -> Picture:
        if self.broken is not None:
            raise self.broken
        if media_id not in self.pictures:
            raise Gone
        return self.pictures[media_id]

    async def count(self) -> Backlog:
        return self.backlog or Backlog(1, 2, 3, 4)


class Served:
    def __init__(self, server: WebServer, behind: Behind, clock: FakeClock, client: aiohttp.ClientSession) -> None:
        self.server = server
        self.behind = behind
        self.clock = clock
        self.client = client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.public.port}"

    @property
    def admin_url(self) -> str:
        return f"http://127.0.0.1:{self.server.admin.port}"

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        address = path if path.startswith("http") else f"{self.url}{path}"
        async with self.client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()}) as answer:
            return answer.status, await answer.text()

    def sign(self, body: bytes, secret: str = SECRET, seconds: float = 0) -> str:
        """Stripe's header for a body signed so many seconds from now."""
        at = int(self.clock.now().timestamp() + seconds)
        header: str = WebhookSignature.generate_signature_header(body.decode(), secret, at)
        return header

    async def send_event(self, body: bytes, signature: str | None = None) -> tuple[int, str]:
        headers = {"Stripe-Signature": self.sign(body) if signature is None else signature}
        async with self.client.post(f"{self.url}/stripe/webhook", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def send_update(self, body: bytes, secret: str | None = TELEGRAM_SECRET) -> tuple[int, str]:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with self.client.post(f"{self.url}/telegram/webhook", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.public.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def raw(self, *parts: bytes) -> bytes:
        """All that comes back until the server closes the connection."""
        async with self.connected() as (reader, writer):
            with suppress(ConnectionError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
            return await until_closed(reader)


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """What comes until then; TimeoutError if that is never."""
    received = bytearray()
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                received += chunk
    return bytes(received)


def event_body(event_id: str = "evt_1", kind: str = "checkout.session.completed", **more: object) -> bytes:
    return orjson.dumps({"id": event_id, "object": "event", "type": kind, "data": {"object": {}}, **more})


def web_server(behind: Behind, clock: FakeClock, limits: Limits, address: Address = LOCAL) -> WebServer:
    metrics = Metrics(CollectorRegistry())
    public = Public(
        stripe=StripeWebhook(Verifier([SECRET, OLD_SECRET]), behind.keep, clock, metrics, limits),
        telegram=TelegramWebhook(TELEGRAM_SECRET, behind.take, metrics, limits),
        pages=Pages(Texts(), ("en", "fr"), CHAT),
        media=Media(behind.picture),
        hosts=hosts_of("https://tickets.example.com"),
    )
    return WebServer(public, Admin(lambda: behind.missing, behind.count, metrics), address, LOCAL, limits)
