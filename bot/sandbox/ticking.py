"""Lets time pass while the world is served: what falls due at Stripe happens, and its webhooks go out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from bot.sandbox.stripe.courier import Courier
from bot.sandbox.world import World

LONGEST_NAP = 5.0  # real seconds


def keep_time(world: World, courier: Courier) -> Callable[[web.Application], AsyncIterator[None]]:
    """A cleanup context: the world's time passes as long as the application runs."""

    async def passing(_: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each) for each in (courier.run(), _pass_by(world))]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return passing


async def _pass_by(world: World) -> None:
    """Sleep until the next thing is due, or until something has changed and with it what is due."""
    while not world.changed.closed:
        world.stripe.tick()
        due = world.stripe.next_due()
        left = LONGEST_NAP if due is None else (due - world.clock.now()).total_seconds()
        await world.changed.wait(min(max(left, 0.001), LONGEST_NAP))
