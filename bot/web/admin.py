"""What the operator's machines ask on the second port: is everything running, and the numbers."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.metrics import Metrics
from bot.services.backlog import Backlog

Missing = Callable[[], Sequence[str]]
"""The parts that do not run, by name; none of them means ready."""


class Admin:
    def __init__(self, missing: Missing, backlog: Callable[[], Awaitable[Backlog]], metrics: Metrics) -> None:
        self._missing = missing
        self._backlog = backlog
        self._metrics = metrics

    async def ready(self, _: web.Request) -> web.Response:
        missing = self._missing()
        if missing:
            return web.Response(status=503, text="".join(f"not ready: {part}\n" for part in missing))
        return web.Response(text="ready\n")

    async def metrics(self, _: web.Request) -> web.Response:
        shown = self._metrics.show(await self._backlog())
        return web.Response(body=shown, headers={"Content-Type": CONTENT_TYPE_LATEST})
