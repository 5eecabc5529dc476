"""The faults between the application and the simulated Stripe, as its library sees them."""

from datetime import timedelta

import aiohttp
import pytest
import stripe

from bot.sandbox.faults import Fault, Kind, Service
from tests.sandbox.stripe.net import Net
from tests.sandbox.stripe.test_library import params

PATH = "/v1/checkout/sessions"


def plan(net: Net, kind: Kind, *, status: int = 500, retry_after: int | None = None) -> None:
    net.faults.plan(Fault(0, Service.STRIPE, kind, PATH, status=status, retry_after=retry_after))


async def test_a_planned_500_is_saved_under_its_key_and_replayed(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    frozen = params()
    plan(net, Kind.ERROR)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            await sessions.create_async(frozen, {"idempotency_key": "k1"})
        assert failed.value.http_status == 500
    assert net.model.sessions() == ()
    assert (await sessions.create_async(frozen, {"idempotency_key": "k2"})).status == "open"


async def test_a_planned_429_has_no_effect_and_says_when_to_come_back(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    frozen = params()
    plan(net, Kind.ERROR, status=429, retry_after=3)
    with pytest.raises(stripe.RateLimitError) as limited:
        await sessions.create_async(frozen, {"idempotency_key": "k1"})
    assert (limited.value.headers or {})["Retry-After"] == "3"
    assert (await sessions.create_async(frozen, {"idempotency_key": "k1"})).status == "open"


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (Kind.TIMEOUT_BEFORE, 0),
        (Kind.TIMEOUT_AFTER, 1),
        (Kind.RESET_BEFORE, 0),
        (Kind.RESET_AFTER, 1),
        (Kind.TRUNCATED, 1),
    ],
)
async def test_a_lost_answer_has_its_effect_only_after(net: Net, kind: Kind, made: int) -> None:
    sessions = net.client().v1.checkout.sessions
    frozen = params()
    plan(net, kind)
    hasty = net.client(timeout=0.5).v1.checkout.sessions
    with pytest.raises((stripe.APIConnectionError, aiohttp.ClientError)):
        await hasty.create_async(frozen, {"idempotency_key": "k1"})
    assert len(net.model.sessions()) == made
    assert (await sessions.create_async(frozen, {"idempotency_key": "k1"})).status == "open"
    assert len(net.model.sessions()) == 1


async def test_a_call_that_never_arrived_is_in_the_journal_without_status(net: Net) -> None:
    plan(net, Kind.RESET_BEFORE)
    with pytest.raises(stripe.APIConnectionError):
        await net.client().v1.checkout.sessions.create_async(params())
    (call,) = net.model.journal.calls()
    assert (call.status, "unit_amount" in call.raw) == (None, True)


async def test_a_fault_of_another_path_is_not_met(net: Net) -> None:
    net.faults.plan(Fault(0, Service.STRIPE, Kind.ERROR, "/v1/refunds"))
    assert (await net.client().v1.checkout.sessions.create_async(params())).status == "open"


async def test_sessions_expire_by_themselves_when_the_clock_is_moved(net: Net) -> None:
    made = await net.client().v1.checkout.sessions.create_async(params())
    net.clock.advance(timedelta(hours=1))
    assert (await net.client().v1.checkout.sessions.retrieve_async(made.id)).status == "expired"
