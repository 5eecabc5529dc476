"""Rules of virtual time."""

import asyncio
from contextvars import copy_context

import pytest

from tests.simulation.loop import LIFE, Deadlock, Life, VirtualLoop


def test_hours_pass_in_no_time() -> None:
    loop = VirtualLoop()
    loop.run_until_complete(asyncio.sleep(3600 * 24))
    assert loop.time() == 3600 * 24
    loop.close()


def test_waiting_for_what_never_comes_is_reported() -> None:
    loop = VirtualLoop()

    async def wait() -> None:
        await loop.create_future()

    waiting = loop.create_task(wait())
    with pytest.raises(Deadlock):
        loop.run_until_complete(waiting)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(waiting)
    loop.close()


def test_a_dead_life_says_no_farewell() -> None:
    loop, life, said = VirtualLoop(), Life(1), []

    async def live() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            said.append("farewell")

    context = copy_context()
    context.run(LIFE.set, life)
    task = loop.create_task(live(), context=context)
    loop.run_until_complete(asyncio.sleep(5))
    life.alive = False
    loop.run_until_complete(asyncio.sleep(60))
    assert said == []
    assert not task.done()
    life.alive = True
    task.cancel()
    loop.run_until_complete(asyncio.sleep(1))
    loop.close()


def test_no_socket_can_be_opened() -> None:
    loop = VirtualLoop()
    with pytest.raises(NotImplementedError):
        loop.run_until_complete(loop.create_connection(asyncio.Protocol, "127.0.0.1", 9))
    loop.close()
