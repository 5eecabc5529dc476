"""How the faults that were planned look to a bot: refusals, lost answers, cut connections."""

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.sandbox.faults import Fault, Kind
from bot.sandbox.telegram.wire import ApiError, Reply

BEFORE = (Kind.ERROR, Kind.TIMEOUT_BEFORE, Kind.RESET_BEFORE)
LOOK_AGAIN = 0.02


def refusal(fault: Fault) -> Reply:
    """Telegram's answer to a call that meets an ERROR fault."""
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = fault.retry_after or 1
        return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds}).reply()
    if fault.status == HTTPStatus.FORBIDDEN:
        return ApiError(403, "Forbidden: bot was blocked by the user").reply()
    return ApiError(fault.status, HTTPStatus(fault.status).phrase).reply()


class Mishaps:
    """Holds, cuts and delays. `closing` ends everything that is held."""

    def __init__(self, closing: asyncio.Event, hold_seconds: float) -> None:
        self._closing = closing
        self._hold_seconds = hold_seconds

    async def before(self, request: web.Request, fault: Fault) -> web.Response:
        """The call has no effect."""
        if fault.kind is Kind.ERROR:
            reply = refusal(fault)
            return web.json_response(reply.body, status=reply.status)
        if fault.kind is Kind.TIMEOUT_BEFORE:
            await self._hold(request)
        return cut(request)

    async def after(self, request: web.Request, fault: Fault, reply: Reply) -> web.StreamResponse:
        """The call has had its effect; its answer is late, lost or torn."""
        answer = web.json_response(reply.body, status=reply.status)
        if fault.kind is Kind.SLOW:
            await self._pause(fault.seconds)
            return answer
        if fault.kind is Kind.TRUNCATED:
            return await _tear(request, answer)
        if fault.kind is Kind.TIMEOUT_AFTER:
            await self._hold(request)
        return cut(request)

    async def _hold(self, request: web.Request) -> None:
        """Say nothing until the client has left, or for `hold_seconds`."""
        until = asyncio.get_running_loop().time() + self._hold_seconds
        while not gone(request) and not self._closing.is_set() and asyncio.get_running_loop().time() < until:
            await self._pause(LOOK_AGAIN)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return


def gone(request: web.Request) -> bool:
    """Whether the client has hung up."""
    return request.transport is None or request.transport.is_closing()


def cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _tear(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Announce the whole body and send half of it."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    torn = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    torn.content_length = len(body)
    await torn.prepare(request)
    await torn.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return torn
