"""An event is acknowledged when it is durable, and each caller learns the fate of its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import DatabaseBusy
from bot.payments.events import Event
from bot.services import inbox as service
from bot.services.bells import Bells
from bot.services.inbox import Inbox
from storage import schema
from storage.database import Database
from tests.clock import FakeClock
from tests.world import World


def event(number: int) -> Event:
    return Event(f"evt_{number}", "charge.succeeded", b"{}")


BAD = Event("evt_\ud800", "charge.succeeded", b"{}")
"""No database stores half of a character."""


def together(world: World, events: list[Event]) -> list[asyncio.Future[None]]:
    return [asyncio.ensure_future(world.inbox.store(each)) for each in events]


async def stored(world: World) -> list[object]:
    return [row._mapping["event_id"] for row in await world.rows(schema.inbox)]


@pytest.mark.fault(49)
async def test_one_bad_row_is_refused_and_the_others_are_stored(world: World) -> None:
    waiting = together(world, [event(1), BAD, event(2)])
    await asyncio.sleep(0)
    await world.inbox.flush()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), DatabaseBusy, type(None)]
    assert await stored(world) == ["evt_1", "evt_2"]


@pytest.mark.fault(49)
async def test_a_caller_who_hangs_up_takes_nobody_with_them(world: World) -> None:
    waiting = together(world, [event(1), event(2), event(3)])
    await asyncio.sleep(0)
    waiting[1].cancel()
    await world.inbox.flush()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), asyncio.CancelledError, type(None)]
    assert await stored(world) == ["evt_1", "evt_2", "evt_3"]


@pytest.mark.fault(49)
async def test_a_caller_who_hangs_up_with_a_bad_row_takes_nobody_with_them(world: World) -> None:
    waiting = together(world, [BAD, event(1)])
    await asyncio.sleep(0)
    waiting[0].cancel()
    await world.inbox.flush()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await stored(world) == ["evt_1"]


@pytest.mark.fault(6)
async def test_a_known_event_is_acknowledged_and_kept_as_it_was(world: World) -> None:
    await world.store([event(1)])
    await world.store([Event("evt_1", "charge.succeeded", b"another body"), event(2)])
    assert [row._mapping["body"] for row in await world.rows(schema.inbox)] == [b"{}", b"{}"]


@pytest.mark.fault(5)
async def test_nobody_is_acknowledged_before_the_commit(world: World) -> None:
    (waiting,) = together(world, [event(1)])
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await stored(world) == []
    await world.inbox.flush()
    await waiting
    assert await stored(world) == ["evt_1"]


async def refused(database: Database, work: Callable[..., Awaitable[None]]) -> None:
    raise DatabaseBusy


@pytest.mark.fault(35)
async def test_a_busy_database_refuses_the_batch_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one, a batch of a hundred would wait a hundred times as long."""
    tries: list[int] = []

    async def busy(database: Database, work: Callable[..., Awaitable[None]]) -> None:
        tries.append(1)
        await refused(database, work)

    waiting = together(world, [event(1), event(2), event(3)])
    await asyncio.sleep(0)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "run", busy)
        await world.inbox.flush()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert ([type(end) for end in ends], len(tries)) == ([DatabaseBusy] * 3, 1)
    await world.store([event(1)])
    assert await stored(world) == ["evt_1"]


async def test_more_than_can_be_stored_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_WAITING", 2)
    waiting = together(world, [event(1), event(2), event(3)])
    await asyncio.sleep(0)
    await world.inbox.flush()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), type(None), DatabaseBusy]


async def test_the_writer_stores_what_comes_and_rings(database: Database, clock: FakeClock) -> None:
    bells = Bells()
    inbox = Inbox(database, clock, bells)
    running = asyncio.create_task(inbox.run())
    await asyncio.gather(*(inbox.store(event(number)) for number in range(50)))
    await asyncio.wait_for(bells.inbox.wait(clock, None), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.fault(10)
async def test_flushing_waits_for_what_is_being_written(world: World) -> None:
    """Otherwise a program that stops would hang up on callers whose events are stored."""
    (waiting,) = together(world, [event(1)])
    await asyncio.sleep(0)
    writing = asyncio.create_task(world.inbox.flush())
    await asyncio.sleep(0)
    await world.inbox.flush()
    assert waiting.done()
    await asyncio.gather(writing, waiting)
