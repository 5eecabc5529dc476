"""Long polling: an answer as soon as there is an update, and only one poll at a time."""

import asyncio
from collections.abc import Callable

from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.polling import TERMINATED
from bot.sandbox.telegram.wire import ApiError, Reply


class Polls:
    """A new poll ends the one before with 409, as Telegram does it."""

    def __init__(self, telegram: Telegram, closing: asyncio.Event) -> None:
        self._telegram = telegram
        self._closing = closing
        self._newest: asyncio.Event | None = None

    async def poll(self, ask: Callable[[], Reply], seconds: float, gone: Callable[[], bool]) -> Reply:
        """Ask now and after every change, until there is an answer, the time is up or the client has left."""
        reply = ask()
        if not reply.ok:
            return reply
        mine = self._take_over()
        stop = self._telegram.listen(mine.set)
        try:
            async with asyncio.timeout(seconds):
                while reply.result == []:
                    await mine.wait()
                    mine.clear()
                    if self._newest is not mine:
                        return ApiError(409, TERMINATED).reply()
                    if gone() or self._closing.is_set():
                        return reply
                    if self._telegram.pending or self._telegram.webhook:
                        reply = ask()
        except TimeoutError:
            return reply
        finally:
            stop()
        return reply

    def close(self) -> None:
        if self._newest is not None:
            self._newest.set()

    def _take_over(self) -> asyncio.Event:
        previous, self._newest = self._newest, asyncio.Event()
        if previous is not None:
            previous.set()
        return self._newest
