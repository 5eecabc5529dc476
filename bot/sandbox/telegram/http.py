"""The simulated Telegram over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>` as a sub-application."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

from aiohttp import web

from bot.sandbox.faults import Fault, Faults, Service
from bot.sandbox.telegram.delivery import Delivery
from bot.sandbox.telegram.mishaps import BEFORE, Mishaps, gone, refusal
from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.polls import Polls
from bot.sandbox.telegram.reading import read_call
from bot.sandbox.telegram.wire import ApiError, Reply, Upload


def telegram_app(
    telegram: Telegram, faults: Faults, *, hold_seconds: float = 60.0, retry_seconds: float = 1.0
) -> web.Application:
    """Mount it with `add_subapp("/telegram", …)`. It delivers to the webhook as long as it runs.

    `hold_seconds`: how long a time-out fault keeps a connection; `retry_seconds`: between two tries of a webhook.
    """
    endpoint = Endpoint(telegram, faults, hold_seconds)
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", endpoint.call)
    app.router.add_get("/file/bot{token}/{path:.+}", endpoint.download)

    async def deliveries(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(Delivery(telegram, retry_seconds).run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    app.cleanup_ctx.append(deliveries)
    app.on_shutdown.append(endpoint.close)
    return app


class Endpoint:
    """Reads a call, lets the planned fault happen, asks the model."""

    def __init__(self, telegram: Telegram, faults: Faults, hold_seconds: float) -> None:
        self._telegram = telegram
        self._faults = faults
        self._closing = asyncio.Event()
        self._polls = Polls(telegram, self._closing)
        self._mishaps = Mishaps(self._closing, hold_seconds)

    async def close(self, _: web.Application) -> None:
        """Let go of whoever is waiting."""
        self._closing.set()
        self._polls.close()

    async def call(self, request: web.Request) -> web.StreamResponse:
        try:
            params, files = await read_call(request)
        except ApiError as refused:
            return _response(refused.reply())
        method = request.match_info["method"]
        fault = self._faults.take(Service.TELEGRAM, method)
        if fault is not None and fault.kind in BEFORE:
            return await self._fail(request, method, fault)
        reply = await self._ask(request, method, params, files)
        return _response(reply) if fault is None else await self._mishaps.after(request, fault, reply)

    async def download(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take(Service.TELEGRAM, "file")
        if fault is not None:
            return await self._mishaps.before(request, fault)
        found = self._telegram.download(request.match_info["token"], request.match_info["path"])
        if found is None:
            return _response(ApiError(404, "Not Found").reply())
        return web.Response(body=found.content, content_type="application/octet-stream")

    async def _fail(self, request: web.Request, method: str, fault: Fault) -> web.Response:
        """The call is noted with the status of the fault; 0 stands for no answer at all."""
        self._telegram.record(method, refusal(fault) if fault.kind == "error" else Reply(0, {}))
        return await self._mishaps.before(request, fault)

    async def _ask(
        self, request: web.Request, method: str, params: Mapping[str, object], files: Mapping[str, Upload]
    ) -> Reply:
        def ask() -> Reply:
            return self._telegram.call(request.match_info["token"], method, params, files)

        if method.lower() != "getupdates":
            return ask()
        return await self._polls.poll(ask, _seconds(params), lambda: gone(request))


def _seconds(params: Mapping[str, object]) -> float:
    """How long a poll may wait; what is no number is refused by the model."""
    try:
        return float(str(params.get("timeout", 0)))
    except ValueError:
        return 0.0


def _response(reply: Reply) -> web.Response:
    return web.json_response(reply.body, status=reply.status)
