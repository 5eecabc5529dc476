"""Each parameter rule of session create is violated once."""

import pytest

from tests.sandbox.stripe.refused import CASES, Case
from tests.sandbox.stripe.world import World, error, session_params


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_wrong_parameter_is_refused_by_name(world: World, case: Case) -> None:
    reply = world.post("/v1/checkout/sessions", session_params(**case.changes))
    refused = error(reply)
    assert reply.status == 400
    assert refused.text("type") == "invalid_request_error"
    assert refused.text("param") == case.param
    assert case.message in (refused.text("message") or "")
    if case.code is not None:
        assert refused.text("code") == case.code


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_refused_session_is_not_made(world: World, case: Case) -> None:
    world.post("/v1/checkout/sessions", session_params(**case.changes))
    assert world.stripe.sessions() == ()


def test_the_body_that_the_cases_change_is_a_good_one(world: World) -> None:
    assert world.post("/v1/checkout/sessions", session_params()).status == 200
