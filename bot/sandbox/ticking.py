"""Lets time pass at the simulated Stripe while the world is served: what falls due happens, webhooks go out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import aiohttp
from aiohttp import web

from bot.sandbox.stripe.deliveries import Dispatch
from bot.sandbox.world import World

LONGEST_NAP = 5.0  # real seconds
ANSWER_WITHIN = aiohttp.ClientTimeout(total=20)


def keep_time(world: World) -> Callable[[web.Application], AsyncIterator[None]]:
    """A cleanup context: the world's time passes as long as the application runs."""

    async def passing(_: web.Application) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=64)
        async with aiohttp.ClientSession(timeout=ANSWER_WITHIN, connector=connector) as session:
            task = asyncio.create_task(Time(world, session).pass_by(), name="the sandbox's time")
            yield
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return passing


class Time:
    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._session = session

    async def pass_by(self) -> None:
        """Until the world closes: do what is due, then sleep until the next thing is, or something changes."""
        async with asyncio.TaskGroup() as sending:
            while not self._world.changed.closed:
                self._world.stripe.tick()
                for dispatch in self._world.stripe.deliveries.due():
                    sending.create_task(self._send(dispatch))
                await self._world.changed.wait(self._nap())

    def _nap(self) -> float:
        stripe, now = self._world.stripe, self._world.clock.now()
        instants = [due for due in (stripe.next_due(), stripe.deliveries.next_due()) if due is not None]
        left = min(((due - now).total_seconds() for due in instants), default=LONGEST_NAP)
        return min(max(left, 0.001), LONGEST_NAP)

    async def _send(self, dispatch: Dispatch) -> None:
        self._world.stripe.deliveries.report(dispatch.delivery_id, await self._status(dispatch))

    async def _status(self, dispatch: Dispatch) -> int | None:
        """What the application answered; None: nothing."""
        posting = self._session.post(dispatch.url, data=dispatch.body, headers=dispatch.headers, allow_redirects=False)
        try:
            async with posting as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return None
