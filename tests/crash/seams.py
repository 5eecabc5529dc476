"""Makes a process pass named points: at its calls, its commits, its answers, when it starts and when it stops."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch
from urllib.parse import urlsplit

import stripe
from aiohttp import ClientTimeout, web
from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram.ext import Application
from telegram.request import RequestData

from bot import app
from bot.conversation import Conversations
from bot.domain.outbox import OutboxMessage
from bot.payments.events import Event
from bot.web.server import WebServer
from bot.web.stripe_webhook import StripeWebhook
from bot.workers import Workers
from handlers.application import TelegramApplication
from handlers.deliveries import Deliveries
from handlers.transport import AiohttpRequest
from storage import backup, instance, migrating
from storage.database import Database
from tests.crash.plan import Points

Result = TypeVar("Result")
Work = Callable[[AsyncConnection], Awaitable[Result]]
KINDS = {
    "Ordering._place": "place",
    "Ordering.cancel.<locals>.work": "cancel",
    "Ordering.remember_card_message.<locals>.<lambda>": "card",
    "Checkout.resume.<locals>.<lambda>": "resume",
    "Checkout._adopt.<locals>.save": "link",
    "Checkout._settle.<locals>.save": "look",
    "Inbox._write.<locals>.<lambda>": "inbox",
    "Settlement._batch": "settle",
    "Settlement.settle.<locals>.<lambda>": "refunds",
    "Refunds._answered.<locals>.save": "refund",
    "Refunds._looked.<locals>.<lambda>": "looked",
    "Deadlines._batch": "deadline",
    "Deliverer._end.<locals>.<lambda>": "mark",
    "Sweeping.sweep.<locals>.save": "sweep",
    "Customers.meet.<locals>.<lambda>": "meet",
    "CatalogueImport.apply.<locals>.work": "catalogue",
}
"""What a transaction is for, by the name of the function that is its work."""
SESSIONS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"
CHANGES = ("CREATE ", "ALTER ", "DROP ", "INSERT INTO alembic_version", "UPDATE alembic_version")
EMPTY = b'{"ok":true,"result":[]}'
ON_ITS_WAY = 0.05
"""Seconds in which what was sent has arrived."""


def instrument(points: Points) -> None:
    """From now on this process passes points; it stays so until it ends."""
    for wrap in (_transactions, _stripe, _telegram, _messages, _updates, _webhook, _life, _schema, _files):
        wrap(points)


def _transactions(points: Points) -> None:
    attempts = Database._attempts

    async def counted(self: Database, work: Work[Result]) -> Result:
        kind = _kind(work)

        async def whole(connection: AsyncConnection) -> Result:
            result = await work(connection)
            points.reach(f"commit.{kind}.before")
            return result

        result: Result = await attempts(self, whole)
        points.reach(f"commit.{kind}.after")
        return result

    patch.object(Database, "_attempts", counted).start()


def _kind(work: object) -> str:
    name = getattr(work.func if isinstance(work, partial) else work, "__qualname__", "")
    return KINDS.get(name, "other")


def _stripe(points: Points) -> None:
    request = stripe.AIOHTTPClient.request_async

    async def asked(
        self: stripe.AIOHTTPClient, method: str, url: str, headers: Mapping[str, str], post_data: object = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        name = _call(method.upper(), urlsplit(url).path)
        points.reach(f"stripe.{name}.before")
        answer: tuple[bytes, int, Mapping[str, str]] = await request(self, method, url, headers, post_data)
        points.reach(f"stripe.{name}.after")
        return answer

    patch.object(stripe.AIOHTTPClient, "request_async", asked).start()


def _call(method: str, path: str) -> str:
    below = path[path.index("/v1") :]
    if below.startswith(SESSIONS) and below.endswith("/expire"):
        return "expire"
    if below.startswith(SESSIONS):
        return {"POST": "create", "GET": "find" if below == SESSIONS else "look"}[method]
    return {REFUNDS: {"POST": "refund", "GET": "refunds"}[method]}.get(below, below.rsplit("/", 1)[-1])


def _telegram(points: Points) -> None:
    exchange, confirming = AiohttpRequest._exchange, asyncio.Event()

    async def exchanged(
        self: AiohttpRequest, url: str, method: str, data: RequestData | None, limits: ClientTimeout
    ) -> tuple[int, bytes]:
        name = urlsplit(url).path.rsplit("/", 1)[-1]
        if name != "getUpdates":
            points.reach(f"telegram.{name}.before")
        elif confirming.is_set():
            confirming.clear()
            points.reach("updates.unconfirmed")
        answer = await exchange(self, url, method, data, limits)
        if name != "getUpdates":
            points.reach(f"telegram.{name}.after")
        elif answer[1] != EMPTY:
            confirming.set()
            points.reach("updates.taken")
        return answer

    patch.object(AiohttpRequest, "_exchange", exchanged).start()


def _messages(points: Points) -> None:
    """What the outbox sends: before it is made, and between its arrival and our mark."""
    send = Deliveries.send

    async def sent(self: Deliveries, message: OutboxMessage) -> None:
        points.reach(f"message.{message.kind}.before")
        await send(self, message)
        points.reach(f"message.{message.kind}.after")

    patch.object(Deliveries, "send", sent).start()


def _updates(points: Points) -> None:
    process = Application.process_update

    async def processed(self: object, update: object) -> None:
        points.reach("update.begun")
        if points.next_is("update.confirmed"):
            await asyncio.sleep(ON_ITS_WAY)  # the next poll, which confirms it, is on its way meanwhile
        points.reach("update.confirmed")
        await process(self, update)  # type: ignore[arg-type]  # the application is generic
        points.reach("update.handled")

    patch.object(Application, "process_update", processed).start()


def _webhook(points: Points) -> None:
    handle, stored = StripeWebhook.handle, StripeWebhook._stored

    async def handled(self: StripeWebhook, request: web.Request) -> web.Response:
        points.reach("webhook.arrived")
        answer = await handle(self, request)
        points.reach("webhook.unanswered")
        asyncio.get_running_loop().call_later(ON_ITS_WAY, points.reach, "webhook.answered")
        return answer

    async def kept(self: StripeWebhook, event: Event) -> bool:
        points.reach("webhook.verified")
        return await stored(self, event)

    patch.object(StripeWebhook, "handle", handled).start()
    patch.object(StripeWebhook, "_stored", kept).start()


def _life(points: Points) -> None:
    """One after the other: how the shop opens, and how it closes."""
    stages = (
        (TelegramApplication, "connect", "start.connected"),
        (Workers, "start", "start.working"),
        (WebServer, "start", "start.listening"),
        (Conversations, "start", "start.open"),
        (TelegramApplication, "stop", "stop.deaf"),
        (WebServer, "stop", "stop.unheard"),
        (Workers, "stop", "stop.idle"),
        (TelegramApplication, "disconnect", "stop.done"),
    )
    for owner, name, point in stages:
        _after(points, owner, name, point)


def _after(points: Points, owner: type, name: str, point: str) -> None:
    stage: Callable[[object], Awaitable[None]] = getattr(owner, name)

    async def passed(self: object) -> None:
        await stage(self)
        points.reach(point)

    patch.object(owner, name, passed).start()


def _schema(points: Points) -> None:
    upgrade, migrate, lock = migrating._upgrade, migrating.migrate, instance._lock

    def upgraded(connection: Connection) -> None:
        upgrade(connection)
        points.reach("migration.before_commit")

    async def migrated(engine: object) -> None:
        await migrate(engine)  # type: ignore[arg-type]  # handed through
        points.reach("migration.after_commit")

    def locked(descriptor: int) -> None:
        lock(descriptor)
        points.reach("lock.taken")

    def changed(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(CHANGES):
            points.reach("migration.step")

    patch.object(migrating, "_upgrade", upgraded).start()
    patch.object(app, "migrate", migrated).start()
    patch.object(instance, "_lock", locked).start()
    event.listen(Engine, "after_cursor_execute", changed)


def _files(points: Points) -> None:
    """What backup and restore do with files, one after the other."""
    copy, appear = backup._copy, backup._appear

    def copied(source: Path, part: Path) -> None:
        points.reach("file.begun")
        copy(source, part)
        points.reach("file.copied")

    def appeared(part: Path, target: Path) -> None:
        points.reach("file.before_rename")
        appear(part, target)
        points.reach("file.renamed")

    patch.object(backup, "_copy", copied).start()
    patch.object(backup, "_appear", appeared).start()
    for name, point in (("_fold", "file.folded"), ("_second_name", "file.second_name"), ("_keep", "file.kept")):
        _then(points, name, point)


def _then(points: Points, name: str, point: str) -> None:
    step: Callable[..., object] = getattr(backup, name)

    def done(*given: object) -> object:
        result = step(*given)
        points.reach(point)
        return result

    patch.object(backup, name, done).start()
