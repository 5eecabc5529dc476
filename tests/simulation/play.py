"""Plays one seed from the opening of the shop to four quiet days later, and says what was found."""

import asyncio
import gc
import sys
import warnings
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from unittest.mock import patch

from bot.payments.events import HANDLED
from bot.sandbox.clock import WorldClock
from bot.sandbox.world import WEB_URL, WEBHOOK_PATH, Person, World
from handlers import pictures
from tests.sandbox.world.client import PIXEL
from tests.simulation.backstage import Backstage
from tests.simulation.cancellers import Canceller
from tests.simulation.chaos import Chaos
from tests.simulation.checks import check
from tests.simulation.clock import EPOCH
from tests.simulation.courier import Courier
from tests.simulation.customers import Customer
from tests.simulation.gatherers import Gatherer
from tests.simulation.guests import Guest
from tests.simulation.house import House
from tests.simulation.line_watch import LineWatch
from tests.simulation.loop import Deadlock, Livelock, VirtualLoop
from tests.simulation.move_watch import MoveWatch
from tests.simulation.movers import Mover
from tests.simulation.offers import offers
from tests.simulation.quiet import quiet
from tests.simulation.trace import Trace
from tests.simulation.waiters import Waiter
from tests.simulation.weather import Weather
from tests.simulation.witness import Witness
from tests.simulation.workshop import Workshop

EXPECTED = frozenset({"DatabaseBusy", "TimedOut", "NetworkError", "RetryAfter", "Forbidden", ""})
"""What may be reported as an error while things go wrong."""
STEPS = tuple(3600.0 * hours for hours in (6.75, 4.25, 14, 10, 70))
"""Four days and a bit pass in steps of so many seconds: to when the visits of the first evening are near, to the
evening before the next ones, past the end of every page, to the next evening, past all patience."""
OFFERED = """SELECT 1 FROM orders WHERE origin = 'offer'
    AND state IN ('held', 'awaiting_payment', 'processing', 'closing')"""
LAST_OFFERS = 4
"""What a bank refuses at the very end is offered to who waits, one after the other; each has an hour for it."""


@dataclass(frozen=True)
class Played:
    seed: int
    hash: str
    violations: tuple[str, ...]
    faults: Counter[str]
    lines: tuple[str, ...]


def play(workshop: Workshop, seed: int) -> Played:
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    gc.disable()
    try:
        played = _played(workshop, seed, loop)
    finally:
        gc.enable()
        loop.clear()
        loop.close()
        asyncio.set_event_loop(None)
        sys.unraisablehook = hook
    return played


def _played(workshop: Workshop, seed: int, loop: VirtualLoop) -> Played:
    trace = Trace()

    def report(event: str, error: str) -> None:
        trace.note(f"error {event} {error}".rstrip())
        if error not in EXPECTED:
            trace.violate(f"{event}: {error}")

    with quiet(report), patch.object(pictures, "ticket_png", lambda _: PIXEL):  # drawing takes long, and has no seed
        run = Run(workshop, seed, trace, loop)
        try:
            loop.run_until_complete(run._go(run.whole()))
        except Deadlock:
            trace.violations.append("everybody waits for ever")
        except Livelock:
            trace.violations.append("somebody turns in circles")
        trace.violations.extend(loop.troubles)
        played = Played(seed, trace.hash, tuple(trace.violations), trace.faults, tuple(trace.lines))
        run.bury()
        del run
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of work that was never begun
            loop.clear()
            workshop.forget()
            gc.collect()
    return played


class Run:
    """One seed under way."""

    def __init__(self, workshop: Workshop, seed: int, trace: Trace, loop: VirtualLoop) -> None:
        self._workshop, self._seed, self._trace, self._loop = workshop, seed, trace, loop
        self._chance = Random(f"{seed} run")
        self.tasks: list[asyncio.Task[None]] = []
        self.house: House | None = None

    async def whole(self) -> None:
        house = self.house = self._open()
        witness = Witness(house, self._workshop.translations)
        LineWatch(house)
        MoveWatch(house)
        for work in (house.keep_alive(), Courier(house).run()):
            self._go(work)
        for user in self._users(house):
            self._go(Guest(house, user, self._seed).live())
        people = [self._go(customer.live()) for customer in self._customers(house)]
        others = [self._go(Backstage(house, self._seed).live()), self._go(Chaos(house, self._seed).live())]
        others += [self._go(Waiter(house, user, self._seed).live()) for user in self._users(house)]
        others += [self._go(Mover(house, user, self._seed).live()) for user in self._users(house)]
        others += [self._go(Canceller(house, user, self._seed).live()) for user in self._users(house)]
        others += [
            self._go(Gatherer(house, user, offers(house.disk), self._seed).live()) for user in self._users(house)
        ]
        await asyncio.wait(people, timeout=house.weather.climate.length)
        for task in (*people, *others):
            task.cancel()
        await self._heal(house)
        await check(house, witness)

    def _open(self) -> House:
        clock = WorldClock(source=lambda: EPOCH.timestamp() + self._loop.time())
        number = self._chance.choice((1, 1, 2, 2, 3))
        cast = [Person(1001 + each, f"Customer {each}", "fr" if each % 2 else "en") for each in range(number)]
        world = World(clock=clock, cast=(*cast, Person(9001, "Noé", "en", "staff")), seed=str(self._seed))
        world.stripe.make_code("HALF", 50)
        world.stripe.make_code("ALL", 100)
        world.stripe.deliveries.register(WEB_URL + WEBHOOK_PATH, world.secrets.webhook_secret, HANDLED)
        return House(self._workshop, world, Weather(self._seed, self._trace), self._trace, self._seed)

    def _customers(self, house: House) -> list[Customer]:
        found = offers(house.disk)
        chosen = self._chance.sample(found, k=self._chance.choice((1, 2, 3, len(found))))
        return [Customer(house, user, chosen, self._seed) for user in self._users(house)]

    def _users(self, house: House) -> list[int]:
        return [user for user in house.world.people if user < 9000]

    def _go(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self.tasks.append(task)
        return task

    async def _heal(self, house: House) -> None:
        """Nothing goes wrong any more, and time passes: hours as they are, then days in great steps."""
        self._trace.note("all faults heal")
        house.weather.calm = True
        house.clock.set_wrong(timedelta())
        house.healed.set()
        await house.up.wait()
        await asyncio.sleep(400)
        for step in STEPS:
            self._loop.skip(step)
            await asyncio.sleep(60)
        for _ in range(LAST_OFFERS):
            if house.disk.rows(OFFERED):
                self._loop.skip(3600.0)
                await asyncio.sleep(60)

    def bury(self) -> None:
        """Let go of everything that is left in the middle of something, without it doing anything more."""
        tasks: list[asyncio.Task[object] | asyncio.Task[None]] = [*self.tasks]
        self.tasks.clear()
        if self.house is not None:
            for life in self.house.lives:
                life.alive = False
                tasks += life.tasks
                life.tasks.clear()
            self.house.bury()
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[union-attr]  # they are meant to be pending
