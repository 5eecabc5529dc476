"""The time of the simulated world: it runs like the real one and can be moved forward."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WorldClock:
    """Real time plus what it was moved forward; moving it wakes whoever sleeps until an instant."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = timedelta()
        self._moved: set[asyncio.Event] = set()

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The world's present, aware, in UTC."""
        return datetime.fromtimestamp(self._source(), UTC) + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move the world forward; raises ValueError for a step into the past."""
        if by < timedelta():
            raise ValueError("the world's clock only moves forward")
        self._offset += by
        for moved in self._moved:
            moved.set()
        return self.now()

    async def sleep_until(self, instant: datetime) -> None:
        moved = asyncio.Event()
        self._moved.add(moved)
        try:
            while (left := (instant - self.now()).total_seconds()) > 0:
                moved.clear()
                try:
                    async with asyncio.timeout(left):
                        await moved.wait()
                except TimeoutError:
                    continue
        finally:
            self._moved.discard(moved)
