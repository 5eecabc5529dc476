"""The oracle knows Stripe's API: what we send passes, and a wrong field anywhere does not."""

from collections.abc import AsyncIterator, Mapping
from copy import deepcopy

import pytest
import pytest_asyncio

from bot.payments.failures import Refused
from bot.sandbox.stripe.forms import decode
from storage.database import Database
from tests.clock import FakeClock
from tests.oracles.stripe import Disagreement, check_body, levels
from tests.world import open_world

SESSIONS = "/v1/checkout/sessions"
Json = Mapping[str, object]


@pytest_asyncio.fixture
async def created(database: Database, clock: FakeClock) -> AsyncIterator[Json]:
    """The body of a session create as it was really sent."""
    async with open_world(database, clock) as world:
        await world.placed_with_link(adult=2, child=1)
        (call,) = world.stripe.journal.calls()
        yield decode(call.raw)


def planted(body: Json, path: tuple[str, ...]) -> Json:
    """The body with a field at a path that Stripe does not have."""
    changed = deepcopy(body)
    place: object = changed
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place[step] if isinstance(place, Mapping) else None
    assert isinstance(place, dict)
    place["colour"] = "blue"
    return changed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wrong_field_at_any_depth_is_found(created: Json) -> None:
    check_body("POST", SESSIONS, created)
    free = [path for path in levels(created) if path[-1:] != ("metadata",)]
    assert max(map(len, free)) >= 4
    for path in free:
        with pytest.raises(Disagreement, match="colour"):
            check_body("POST", SESSIONS, planted(created, path))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/refunds", {"payment_intent": "pi_1", "amount": "1.5"}),
        ("POST", "/v1/refunds", {"payment_intent": "pi_1", "metadata": {"order": {"code": "x"}}}),
        ("POST", SESSIONS, {"mode": "dreaming"}),
        ("POST", SESSIONS, {"mode": "payment", "payment_method_types": ["card"]}),
        ("POST", SESSIONS, {"mode": "payment", "phone_number_collection": {"enabled": "perhaps"}}),
        ("GET", SESSIONS, {"created": {"since": "1"}}),
        ("GET", SESSIONS, {"limit": "many"}),
        ("DELETE", SESSIONS, {}),
        ("GET", "/v1/dreams", {}),
    ],
)
def test_what_stripe_does_not_know_is_found(method: str, path: str, body: Json) -> None:
    with pytest.raises(Disagreement):
        check_body(method, path, body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/refunds", {"payment_intent": "pi_1", "amount": "150", "metadata": {"order": "x"}}),
        ("POST", SESSIONS, {"mode": "payment", "allowed_payment_method_types": ["card"]}),
        ("POST", f"{SESSIONS}/cs_1/expire", {}),
        ("GET", f"{SESSIONS}/cs_1", {"expand": ["payment_intent"]}),
        ("GET", SESSIONS, {"created": {"gte": "1"}, "limit": "100"}),
        ("GET", "/v1/events", {"types": ["refund.created"], "created": {"gte": "1"}}),
        ("GET", "/v1/account", {}),
    ],
)
def test_what_stripe_knows_passes(method: str, path: str, body: Json) -> None:
    check_body(method, path, body)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_world_is_held_against_the_description(database: Database, clock: FakeClock) -> None:
    async def sell() -> None:
        async with open_world(database, clock) as world:
            wrong = {"mode": "payment", "line_items": [{"price_data": {"colour": "blue"}}]}
            with pytest.raises(Refused):
                await world.gateway.create_session(wrong, "key")

    with pytest.raises(Disagreement, match="colour"):
        await sell()
