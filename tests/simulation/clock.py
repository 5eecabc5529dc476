"""The application's clock on virtual time; it can be set wrong by hours and right again."""

import asyncio
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2030, 6, 3, 8, tzinfo=UTC)
"""When every run begins: a Monday, 10:00 in Paris."""


def world_now() -> datetime:
    """The true time."""
    return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())


class SimulatedClock:
    """Fulfils `bot.domain.time.Clock`; setting it wakes all sleepers."""

    def __init__(self) -> None:
        self._wrong_by = timedelta()
        self._moved: dict[int, asyncio.Event] = {}
        self._numbers = 0

    def now(self) -> datetime:
        return world_now() + self._wrong_by

    @property
    def wrong(self) -> bool:
        return bool(self._wrong_by)

    def in_hours(self, hours: int) -> datetime:
        return self.now() + timedelta(hours=hours)

    def set_wrong(self, by: timedelta) -> None:
        self._wrong_by = by
        for moved in self._moved.values():
            moved.set()

    async def sleep_until(self, instant: datetime) -> None:
        self._numbers += 1
        number, moved = self._numbers, asyncio.Event()
        self._moved[number] = moved
        try:
            while (left := (instant - self.now()).total_seconds()) > 0:
                moved.clear()
                try:
                    async with asyncio.timeout(left):
                        await moved.wait()
                except TimeoutError:
                    continue
        finally:
            del self._moved[number]
