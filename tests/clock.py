"""A clock that stands still until a test moves it.

clock = FakeClock()                     # stands at NOW; or FakeClock(some_instant)
clock.advance(timedelta(minutes=5))     # wakes who slept until then; returns the new present
clock.move_to(instant)                  # the same, to an instant; backwards too (a clock may jump)
clock.sleepers                          # the instants that somebody sleeps until
"""

import asyncio
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """Fulfils `bot.domain.time.Clock`."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []

    @property
    def sleepers(self) -> list[datetime]:
        return sorted(instant for instant, _ in self._sleepers)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        return self.move_to(self._now + by)

    def move_to(self, instant: datetime) -> datetime:
        self._now = instant
        for until, woken in self._sleepers:
            if until <= instant:
                woken.set()
        return instant

    async def sleep_until(self, instant: datetime) -> None:
        if instant <= self._now:
            return
        sleeper = (instant, asyncio.Event())
        self._sleepers.append(sleeper)
        try:
            await sleeper[1].wait()
        finally:
            self._sleepers.remove(sleeper)
