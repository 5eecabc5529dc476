"""The simulated Telegram behind a real HTTP server on a free port of this machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from bot.sandbox.faults import Fault, Faults, Kind, Service
from bot.sandbox.telegram.http import telegram_app
from bot.sandbox.telegram.model import Telegram
from tests.sandbox.telegram.builders import TOKEN, a_telegram


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, object]


@dataclass(frozen=True)
class Served:
    telegram: Telegram
    faults: Faults
    session: ClientSession
    base: str

    def url(self, method: str, token: str = TOKEN) -> str:
        return f"{self.base}/telegram/bot{token}/{method}"

    async def post(self, method: str, data: dict[str, str] | FormData | None = None, **params: object) -> Answer:
        """A form where `data` is given, else a JSON body."""
        sent = (
            self.session.post(self.url(method), data=data) if data else self.session.post(self.url(method), json=params)
        )
        async with sent as answer:
            return Answer(answer.status, await answer.json())

    def plan(
        self,
        kind: Kind,
        operation: str = "sendMessage",
        *,
        status: int = 500,
        retry_after: int | None = None,
        seconds: float = 30.0,
    ) -> None:
        fault = Fault(0, Service.TELEGRAM, kind, operation, status, retry_after, seconds)
        self.faults.plan(fault)


@asynccontextmanager
async def served(*, hold_seconds: float = 60.0) -> AsyncIterator[Served]:
    telegram, faults = a_telegram(), Faults()
    app = web.Application()
    app.add_subapp("/telegram", telegram_app(telegram, faults, hold_seconds=hold_seconds, retry_seconds=0.01))
    async with ClientSession() as session, TestServer(app) as server:
        yield Served(telegram, faults, session, f"http://127.0.0.1:{server.port}")


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it; a test that would wait for ever fails after some ten seconds."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen")
