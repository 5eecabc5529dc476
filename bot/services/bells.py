"""Wakes the workers when there is something to do, so that nobody polls and nobody waits."""

import asyncio
from datetime import datetime

from bot.domain.time import Clock


class Bell:
    """Rung after a commit; a ring that nobody waits for is kept for the next who does."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, clock: Clock, until: datetime | None) -> None:
        """Return at a ring, or once the clock shows `until`."""
        if not self._rung.is_set():
            await self._rest(clock, until)
        self._rung.clear()

    async def _rest(self, clock: Clock, until: datetime | None) -> None:
        waiting: set[asyncio.Future[object]] = {asyncio.ensure_future(self._rung.wait())}
        if until is not None:
            waiting.add(asyncio.ensure_future(clock.sleep_until(until)))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)


class Bells:
    """One bell per worker."""

    def __init__(self) -> None:
        self.inbox = Bell()
        self.stripe = Bell()
        self.outbox = Bell()
        self.mail = Bell()
        self.deadlines = Bell()
        self._deadlines_come = False

    def deadlines_may_come(self) -> None:
        """From now on every change rings for deadlines too: one that is being made brings an order with it."""
        self._deadlines_come = True

    def all(self) -> None:
        """An order is new: it has a deadline, and whatever else a change may bring."""
        self.deadlines.ring()
        self.changed()

    def changed(self) -> None:
        """An order has changed, which brings no deadline nearer: whoever may have to do something about it looks."""
        self.inbox.ring()
        self.settled()

    def settled(self) -> None:
        """The same, for who looks into the inbox again without being rung for."""
        self.stripe.ring()
        self.outbox.ring()
        self.mail.ring()
        if self._deadlines_come:
            self.deadlines.ring()
