"""Where the application's time comes from: the machine, or a simulated world's clock that is followed over HTTP."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
import structlog

# Longer sleeps are taken in parts, so that a machine whose clock is set forward wakes up soon after.
_LONGEST_NAP = 30.0
_LONG_POLL = aiohttp.ClientTimeout(total=90)


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, instant: datetime) -> None:
        while (left := (instant - self.now()).total_seconds()) > 0:
            await _nap(left)


class FollowedClock:
    """The machine's time plus the offset of another clock, kept up to date while the context is open.

    Entering waits until the other clock has answered once; from then on its failures only delay its changes.
    """

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        *,
        source: Callable[[], float] = time.time,
        pause: float = 1.0,
    ) -> None:
        self._url = url.rstrip("/")
        self._session = session
        self._source = source
        self._pause = pause
        self._offset: float | None = None
        self._moved: set[asyncio.Event] = set()
        self._following: asyncio.Task[None] | None = None
        self._log = structlog.get_logger(__name__)

    async def __aenter__(self) -> Self:
        await self._learn()
        self._following = asyncio.create_task(self._follow(), name="follow the clock")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._source(), UTC) + timedelta(seconds=self._offset or 0)

    async def sleep_until(self, instant: datetime) -> None:
        moved = asyncio.Event()
        self._moved.add(moved)
        try:
            while (left := (instant - self.now()).total_seconds()) > 0:
                moved.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, _LONGEST_NAP)):
                        await moved.wait()
        finally:
            self._moved.discard(moved)

    async def _follow(self) -> None:
        while True:
            await self._learn()

    async def _learn(self) -> None:
        """Take over the other clock's offset, as soon as it differs from the one that is known."""
        while True:
            try:
                offset = await self._ask()
            except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
                self._log.warning("clock.unreachable", error=type(exc).__name__)
                await asyncio.sleep(self._pause)
            else:
                return self._set(offset)

    async def _ask(self) -> float:
        url = self._url if self._offset is None else f"{self._url}/wait?after={self._offset}"
        async with self._session.get(url, timeout=_LONG_POLL, raise_for_status=True) as response:
            answer: object = await response.json()
        match answer:
            case {"offset": int() | float() as offset}:
                return float(offset)
            case _:
                raise ValueError("the clock's answer has no offset")

    def _set(self, offset: float) -> None:
        if offset == self._offset:
            return
        self._offset = offset
        for moved in self._moved:
            moved.set()


async def _nap(seconds: float) -> None:
    await asyncio.sleep(min(seconds, _LONGEST_NAP))
