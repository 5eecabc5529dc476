"""A fresh world for each test that asks for one, checked when the test is over."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.database import Database
from tests.clock import FakeClock
from tests.world import World, open_world


@pytest_asyncio.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_world(database, clock) as opened:
        yield opened
