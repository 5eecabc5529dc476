"""Who may call, and which paths there are."""

import pytest

from bot.sandbox.stripe.model import Stripe
from tests.sandbox.stripe.world import START, World, error


def test_a_call_without_a_key_is_unauthorized(world: World) -> None:
    reply = world.stripe.call("GET", "/v1/account", {}, {})
    assert reply.status == 401
    assert (error(reply).text("message") or "").startswith("You did not provide an API key.")


def test_a_wrong_key_is_unauthorized_and_shown_in_part_only(world: World) -> None:
    reply = world.stripe.call("GET", "/v1/account", {}, {"Authorization": "Bearer sk_test_somebodyelse"})
    assert reply.status == 401
    assert "somebody" not in (error(reply).text("message") or "")


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1"])
def test_live_keys_are_refused_by_calls_and_by_the_world_itself(world: World, key: str) -> None:
    reply = world.stripe.call("GET", "/v1/account", {}, {"Authorization": f"Bearer {key}"})
    assert (reply.status, "live" in (error(reply).text("message") or "")) == (401, True)
    with pytest.raises(ValueError, match="live"):
        Stripe(now=lambda: START, secret_keys=[key])


def test_a_restricted_key_may_call() -> None:
    stripe = Stripe(now=lambda: START, secret_keys=["rk_test_1"])
    assert stripe.call("GET", "/v1/account", {}, {"Authorization": "Bearer rk_test_1"}).status == 200


def test_another_api_version_is_refused(world: World) -> None:
    headers = {"Authorization": "Bearer sk_test_sandbox", "Stripe-Version": "2020-08-27"}
    assert world.stripe.call("GET", "/v1/account", {}, headers).status == 400


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/customers"), ("POST", "/v1/events"), ("GET", "/v1/refunds/re_1/x")]
)
def test_an_unknown_path_is_unrecognized(world: World, method: str, path: str) -> None:
    reply = world.stripe.call(method, path, {}, {"Authorization": "Bearer sk_test_sandbox"})
    assert reply.status == 404
    assert (error(reply).text("message") or "").startswith(f"Unrecognized request URL ({method}: {path})")


def test_the_account_can_charge(world: World) -> None:
    assert world.get("/v1/account").body["charges_enabled"] is True


def test_the_journal_keeps_calls_with_their_parameters_and_status(world: World) -> None:
    world.get("/v1/customers", {"limit": "3"})
    (call,) = world.stripe.journal.calls()
    assert (call.method, call.path, call.params, call.status) == ("GET", "/v1/customers", {"limit": "3"}, 404)
