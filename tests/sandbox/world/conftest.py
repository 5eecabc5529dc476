"""Fixtures of the served world."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.sandbox.world.client import Sandbox, served_sandbox


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with served_sandbox() as sandbox:
        yield sandbox
