"""The application follows the clock that it is given, also when that clock is moved or falls silent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import FollowedClock, SystemClock
from bot.domain.time import Clock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class World:
    """Another process's clock, as its HTTP interface shows it."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.failures: list[web.Response] = []
        self.asked = 0
        self._changed = asyncio.Condition()

    async def move(self, offset: float) -> None:
        async with self._changed:
            self.offset = offset
            self._changed.notify_all()

    async def tell(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.failures:
            return self.failures.pop()
        return web.json_response({"now": NOON.isoformat(), "offset": self.offset})

    async def wait(self, request: web.Request) -> web.Response:
        async with self._changed:
            await self._changed.wait_for(lambda: self.failures or self.offset != float(request.query["after"]))
        return await self.tell(request)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/clock", self.tell), web.get("/clock/wait", self.wait)])
        return app


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def server(world: World) -> AsyncIterator[TestServer]:
    server = TestServer(world.app(), shutdown_timeout=0)
    await server.start_server()
    yield server
    await server.close()


def follow(server: TestServer, session: aiohttp.ClientSession) -> FollowedClock:
    return FollowedClock(str(server.make_url("/clock")), session, source=NOON.timestamp, pause=0.001)


async def reaches(clock: Clock, instant: datetime) -> None:
    for _ in range(5000):
        if clock.now() == instant:
            return
        await asyncio.sleep(0.001)
    pytest.fail(f"still {clock.now()}")


async def test_the_followed_clock_starts_with_the_offset_of_the_other(
    world: World, server: TestServer, session: aiohttp.ClientSession
) -> None:
    world.offset = 90.0
    async with follow(server, session) as clock:
        assert clock.now() == NOON + timedelta(seconds=90)


async def test_moving_the_other_clock_wakes_whoever_sleeps(
    world: World, server: TestServer, session: aiohttp.ClientSession
) -> None:
    async with follow(server, session) as clock:
        sleeper = asyncio.create_task(clock.sleep_until(NOON + timedelta(hours=1)))
        await world.move(3599)
        await reaches(clock, NOON + timedelta(seconds=3599))
        assert not sleeper.done()
        await world.move(3600)
        async with asyncio.timeout(5):
            await sleeper


async def test_an_instant_that_has_passed_needs_no_sleep(server: TestServer, session: aiohttp.ClientSession) -> None:
    async with follow(server, session) as clock, asyncio.timeout(5):
        await clock.sleep_until(NOON)
        await SystemClock().sleep_until(NOON - timedelta(days=365))


async def test_failures_of_the_other_clock_only_delay_its_changes(
    world: World, server: TestServer, session: aiohttp.ClientSession
) -> None:
    world.failures = [web.Response(status=503), web.json_response(["no", "offset"]), web.Response(text="<html>")]
    async with follow(server, session) as clock:
        assert world.asked == 4
        world.failures = [web.json_response({"offset": "soon"}), web.Response(status=500)]
        await world.move(60)
        await reaches(clock, NOON + timedelta(minutes=1))


async def test_a_clock_that_starts_again_is_followed_back(
    world: World, server: TestServer, session: aiohttp.ClientSession
) -> None:
    world.offset = 600.0
    async with follow(server, session) as clock:
        await world.move(0)
        await reaches(clock, NOON)


async def test_a_clock_that_is_not_there_yet_is_waited_for(session: aiohttp.ClientSession) -> None:
    clock = FollowedClock("http://127.0.0.1:1/clock", session, pause=0.001)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), clock:
            pytest.fail("entered without an answer")


async def test_the_system_clock_tells_utc_and_sleeps_until_an_instant() -> None:
    clock = SystemClock()
    instant = clock.now() + timedelta(milliseconds=20)
    await clock.sleep_until(instant)
    assert clock.now() >= instant
    assert clock.now().tzinfo is UTC
