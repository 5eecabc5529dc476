"""Wakes whoever waits for the simulated world to change."""

import asyncio


class Pulse:
    """Every wait ends with the next beat, with its own time-out, or when the world closes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self.closed = False

    def beat(self) -> None:
        for event in self._waiting:
            event.set()

    def close(self) -> None:
        """From now on nobody waits."""
        self.closed = True
        self.beat()

    async def wait(self, seconds: float) -> None:
        """Sleep until the next beat, at most for so many real seconds."""
        if self.closed or seconds <= 0:
            return
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._waiting.discard(event)
