"""Fixtures of the web server."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.web.limits import Limits
from tests.clock import FakeClock
from tests.web.served import Behind, Served, web_server


@pytest.fixture
def limits() -> Limits:
    """As in production; tests of slow senders give shorter ones."""
    return Limits(lingering=0.1, grace=1)


@pytest_asyncio.fixture
async def served(clock: FakeClock, limits: Limits) -> AsyncIterator[Served]:
    behind = Behind()
    server = web_server(behind, clock, limits)
    await server.start()
    async with aiohttp.ClientSession() as client:
        yield Served(server, behind, clock, client)
    await server.stop()
