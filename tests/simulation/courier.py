"""Carries Stripe's events to the shop, and loses, doubles, delays, damages and reorders them on the way."""

import asyncio

from bot.sandbox.stripe.deliveries import Dispatch
from tests.simulation.clock import world_now
from tests.simulation.house import House

LATE = 600.0
STORED = "SELECT 1 FROM inbox WHERE event_id = ?"


class Courier:
    def __init__(self, house: House) -> None:
        self._house = house
        self._stripe, self._weather = house.world.stripe, house.weather
        self._news = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._stripe.deliveries.listen(self._news.set)

    async def run(self) -> None:
        """Time passes at Stripe, and whatever is due is sent, each on its own."""
        while True:
            self._stripe.tick()
            self._news.clear()
            for dispatch in self._stripe.deliveries.due():
                task = asyncio.create_task(self._carry(dispatch))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            await self._until_due()

    async def _until_due(self) -> None:
        times = (self._stripe.next_due(), self._stripe.deliveries.next_due())
        due = min((each for each in times if each is not None), default=None)
        left = None if due is None else max(0.001, (due - world_now()).total_seconds())
        try:
            async with asyncio.timeout(left):
                await self._news.wait()
        except TimeoutError:
            return

    async def _carry(self, dispatch: Dispatch) -> None:
        house, weather = self._house, self._weather
        if weather.climate.sweeps_only and not weather.calm:
            house.trace.fault("webhook.lost")
            self._stripe.deliveries.report(dispatch.delivery_id, 200)
            return
        mishap = weather.draw("webhook", dispatch.event_id[-6:])
        await asyncio.sleep(weather.latency())
        status = await self._arrive(dispatch, mishap)
        house.trace.note(f"webhook {dispatch.event_id[-6:]} {status}")
        if status == 200 and mishap != "lost" and not house.disk.rows(STORED, dispatch.event_id):
            house.trace.violate(f"event {dispatch.event_id[-6:]} is acknowledged and not stored")
        self._stripe.deliveries.report(dispatch.delivery_id, status)

    async def _arrive(self, dispatch: Dispatch, mishap: str) -> int | None:
        """The status that Stripe gets to see."""
        house, body, chance = self._house, dispatch.body, self._weather.chance("webhook")
        if mishap in {"lost", "refused"}:  # lost: taken by something in between that says thank you
            return 200 if mishap == "lost" else None
        if mishap == "hung_up":
            await house.deliver_and_hang_up(dispatch, body)
            return None
        if mishap == "delayed":
            await asyncio.sleep(chance.uniform(1, LATE))
        if mishap == "corrupted":
            body = body.replace(b"e", b"3", 1)
        copies = chance.randint(2, 4) if mishap == "doubled" else 1
        answers = await asyncio.gather(*(house.deliver(dispatch, body) for _ in range(copies)))
        return None if mishap == "unanswered" else answers[0]
