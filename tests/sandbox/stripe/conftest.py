"""What the tests of the simulated Stripe share."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.stripe.net import Net, network
from tests.sandbox.stripe.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    async with network() as started:
        yield started
