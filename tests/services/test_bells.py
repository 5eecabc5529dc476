"""A worker wakes when it is rung for, or when its time has come."""

import asyncio
from datetime import timedelta

from bot.services.bells import Bell, Bells
from tests.clock import NOW, FakeClock


async def test_a_ring_that_nobody_waits_for_is_kept_for_the_next(clock: FakeClock) -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    await bell.wait(clock, None)
    waiting = asyncio.create_task(bell.wait(clock, None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    bell.ring()
    await waiting


async def test_the_time_wakes_as_well(clock: FakeClock) -> None:
    waiting = asyncio.create_task(Bell().wait(clock, NOW + timedelta(minutes=5)))
    await asyncio.sleep(0.01)
    assert clock.sleepers == [NOW + timedelta(minutes=5)]
    clock.advance(timedelta(minutes=5))
    await waiting
    assert clock.sleepers == []


async def test_who_stops_waiting_leaves_nothing_behind(clock: FakeClock) -> None:
    waiting = asyncio.create_task(Bell().wait(clock, NOW + timedelta(minutes=5)))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert clock.sleepers == []


async def test_a_changed_order_wakes_everybody_who_may_have_to_act(clock: FakeClock) -> None:
    bells = Bells()
    bells.all()
    for bell in (bells.inbox, bells.stripe, bells.outbox, bells.deadlines):
        await bell.wait(clock, None)
