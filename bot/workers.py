"""The loops that do what is stored to be done: settle, ask Stripe, deliver, close, sweep, keep up, forget."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.time import Clock
from bot.services.bells import Bell, Bells
from bot.services.checkout import Checkout
from bot.services.deadlines import Deadlines
from bot.services.delivery import Deliverer
from bot.services.inbox import Inbox
from bot.services.refunds import Refunds
from bot.services.retention import Retention
from bot.services.settlement import Settlement
from bot.services.sweeping import Sweeping
from bot.services.waiting import WaitingLists

log = structlog.get_logger()

AT_ONCE = 8
"""Calls to Stripe under way at the same time."""
AFTER_ERROR = timedelta(seconds=2)
UPKEEP_EVERY = timedelta(hours=6)
FORGET_EVERY = timedelta(hours=24)
PATIENCE = 8.0
"""Seconds that work under way has to finish when the program stops."""

Step = Callable[[], Awaitable[datetime | None]]


class Upkeep(Protocol):
    """What keeps the shop's calendar ahead of its customers."""

    async def extend_slots(self) -> int: ...


@dataclass(frozen=True)
class Work:
    """The services whose due work the loops do."""

    inbox: Inbox
    settlement: Settlement
    checkout: Checkout
    refunds: Refunds
    deliverer: Deliverer
    deadlines: Deadlines
    sweeping: Sweeping
    upkeep: Upkeep
    retention: Retention
    waiting: WaitingLists
    mail: Deliverer | None = None


class Workers:
    def __init__(self, work: Work, clock: Clock, bells: Bells) -> None:
        self._work = work
        self._clock = clock
        self._bells = bells
        self._stopping = False
        self._time = (Bell(), Bell(), Bell())
        self._loops: list[asyncio.Task[None]] = []
        self._asking: dict[object, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    @property
    def running(self) -> bool:
        return bool(self._loops) and not any(loop.done() for loop in self._loops)

    async def start(self) -> None:
        """Ask about everything that was left unresolved, and start the loops."""
        await self._work.checkout.resume()
        await self._work.waiting.catch_up()
        sweeps, upkeep, retention = self._time
        self._loops = [
            self._task("store", self._work.inbox.run()),
            self._loop("settle", self._settle, self._bells.inbox),
            self._loop("ask", self._ask, self._bells.stripe),
            self._loop("deliver", self._work.deliverer.deliver, self._bells.outbox),
            self._loop("close", self._close, self._bells.deadlines),
            self._loop("sweep", self._work.sweeping.sweep, sweeps),
            self._loop("keep up", self._keep_up, upkeep),
            self._loop("forget", self._forget, retention),
        ]
        if self._work.mail is not None:
            self._loops.append(self._loop("mail", self._work.mail.deliver, self._bells.mail))

    async def stop(self) -> None:
        """Let what is under way finish, within seconds; the rest is stored and goes on later."""
        self._stopping = True
        for deliverer in (self._work.deliverer, self._work.mail):
            if deliverer is not None:
                deliverer.stop()
        self._bells.all()
        for bell in self._time:
            bell.ring()
        under_way = [*self._loops[1:], *self._asking.values()]
        if under_way:
            await asyncio.wait(under_way, timeout=PATIENCE)
        await self._work.inbox.flush()
        for task in (*self._loops, *self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._loops, *self._asking.values(), return_exceptions=True)

    def _task(self, name: str, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        return asyncio.create_task(work, name=name)

    def _loop(self, name: str, step: Step, bell: Bell) -> asyncio.Task[None]:
        return self._task(name, self._forever(name, step, bell))

    async def _forever(self, name: str, step: Step, bell: Bell) -> None:
        while not self._stopping:
            try:
                until = await step()
            except Exception as error:  # a loop must outlive whatever one step meets
                log.exception("worker.failed", loop=name, error=type(error).__name__)
                until = self._clock.now() + AFTER_ERROR
            if not self._stopping:
                await bell.wait(self._clock, until)

    async def _settle(self) -> datetime | None:
        await self._work.settlement.drain()
        return None

    async def _close(self) -> datetime | None:
        """Mostly nothing is late: then one look at the database is enough."""
        deadlines, looked = self._work.deadlines, self._clock.now()
        first = await deadlines.next_deadline()
        if first is None or first > looked:
            return first
        await deadlines.close_due()
        return await deadlines.next_deadline()

    async def _keep_up(self) -> datetime | None:
        await self._work.upkeep.extend_slots()
        await self._work.waiting.catch_up()
        return self._clock.now() + UPKEEP_EVERY

    async def _forget(self) -> datetime | None:
        await self._work.retention.erase_old()
        return self._clock.now() + FORGET_EVERY

    async def _ask(self) -> datetime | None:
        """Start what is due and not under way; who finishes rings for the next."""
        looked = self._clock.now()  # what falls due after this very instant is what to come back for
        attempt, refund = await self._work.checkout.first_due()
        times = (await self._ask_about_attempts(looked, attempt), await self._ask_about_refunds(looked, refund))
        return min((when for when in times if when is not None), default=None)

    async def _ask_about_attempts(self, now: datetime, first: datetime | None) -> datetime | None:
        """When the next will be due. Mostly nothing is due yet."""
        checkout = self._work.checkout
        if first is None or first > now:
            return first
        for attempt in await checkout.due(self._limit):
            self._start(("attempt", attempt.id), checkout.handle(attempt))
        return await checkout.next_due(now)

    async def _ask_about_refunds(self, now: datetime, first: datetime | None) -> datetime | None:
        refunds = self._work.refunds
        if first is None or first > now:
            return first
        for refund in await refunds.due(self._limit):
            self._start(("refund", refund.id), refunds.handle(refund))
        for payment_id, intent in await refunds.looks_due(self._limit):
            self._start(("look", payment_id), refunds.look(payment_id, intent))
        return await refunds.next_due(now)

    @property
    def _limit(self) -> int:
        """So many that some are left when those under way are taken away."""
        return 4 * AT_ONCE + len(self._asking)

    def _start(self, key: object, asked: Coroutine[object, object, None]) -> None:
        if key in self._asking:
            asked.close()
            return
        self._asking[key] = self._task(f"ask {key}", self._within_slots(key, asked))

    async def _within_slots(self, key: object, asked: Coroutine[object, object, None]) -> None:
        try:
            async with self._slots:
                await asked
        except Exception as error:  # the row is still there; it is asked about again
            log.exception("worker.ask_failed", about=str(key), error=type(error).__name__)
            await self._clock.sleep_until(self._clock.now() + AFTER_ERROR)
        finally:
            asked.close()
            del self._asking[key]
            self._bells.stripe.ring()
