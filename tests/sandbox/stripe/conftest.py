"""What the tests of the simulated Stripe share."""

import pytest

from tests.sandbox.stripe.world import World


@pytest.fixture
def world() -> World:
    return World()
