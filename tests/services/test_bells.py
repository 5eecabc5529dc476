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


async def test_a_new_order_wakes_everybody_who_may_have_to_act(clock: FakeClock) -> None:
    bells = Bells()
    bells.all()
    assert await rung(bells, clock) == {"inbox", "stripe", "outbox", "mail", "deadlines"}


async def test_a_changed_order_brings_no_deadline(clock: FakeClock) -> None:
    bells = Bells()
    bells.changed()
    assert await rung(bells, clock) == {"inbox", "stripe", "outbox", "mail"}


async def test_what_was_settled_does_not_wake_who_has_settled_it(clock: FakeClock) -> None:
    bells = Bells()
    bells.settled()
    assert await rung(bells, clock) == {"stripe", "outbox", "mail"}


async def test_once_a_deadline_may_come_every_change_wakes_who_keeps_them(clock: FakeClock) -> None:
    bells = Bells()
    bells.deadlines_may_come()
    bells.settled()
    assert await rung(bells, clock) == {"stripe", "outbox", "mail", "deadlines"}


async def rung(bells: Bells, clock: FakeClock) -> set[str]:
    """The names of those that were, whichever there are."""
    named = {
        name: asyncio.create_task(bell.wait(clock, None))
        for name, bell in vars(bells).items()
        if isinstance(bell, Bell)
    }
    await asyncio.sleep(0.01)
    woken = {name for name, task in named.items() if task.done()}
    for task in named.values():
        task.cancel()
    await asyncio.gather(*named.values(), return_exceptions=True)
    return woken
