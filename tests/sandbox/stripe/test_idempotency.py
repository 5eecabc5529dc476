"""Idempotency keys: replay, other parameters, concurrent use, what is saved and for how long."""

from tests.sandbox.stripe.world import KEY, World, error, line, session_params

SESSIONS = "/v1/checkout/sessions"


def test_the_same_key_replays_the_first_answer(world: World) -> None:
    first = world.post(SESSIONS, session_params(), "k1")
    again = world.post(SESSIONS, session_params(), "k1")
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(world.stripe.sessions()) == 1


def test_a_replay_shows_the_old_state(world: World) -> None:
    first = world.post(SESSIONS, session_params(), "k1")
    world.stripe.expire_session(str(first.body["id"]))
    assert world.post(SESSIONS, session_params(), "k1").body["status"] == "open"


def test_other_parameters_under_a_used_key_are_refused(world: World) -> None:
    world.post(SESSIONS, session_params(), "k1")
    reply = world.post(SESSIONS, session_params(locale="fr"), "k1")
    assert (reply.status, error(reply).text("type")) == (400, "idempotency_error")


def test_a_key_in_flight_is_refused_until_it_is_free(world: World) -> None:
    world.stripe.hold_key("k1")
    reply = world.post(SESSIONS, session_params(), "k1")
    assert (reply.status, error(reply).text("code")) == (409, "idempotency_key_in_use")
    world.stripe.release_key("k1")
    assert world.post(SESSIONS, session_params(), "k1").status == 200


def test_a_500_is_saved_and_replayed(world: World) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "k1"}
    world.stripe.fail("POST", SESSIONS, session_params(), headers, status=500)
    reply = world.post(SESSIONS, session_params(), "k1")
    assert (reply.status, reply.headers["Idempotent-Replayed"]) == (500, "true")
    assert world.post(SESSIONS, session_params(), "k2").status == 200


def test_a_429_is_not_saved(world: World) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "k1"}
    reply = world.stripe.fail("POST", SESSIONS, session_params(), headers, status=429, retry_after=2)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "2")
    assert world.post(SESSIONS, session_params(), "k1").status == 200


def test_refused_parameters_are_not_saved(world: World) -> None:
    assert world.post(SESSIONS, session_params(line_items=[line(quantity="0")]), "k1").status == 400
    assert world.post(SESSIONS, session_params(), "k1").status == 200


def test_a_refusal_for_the_state_is_saved(world: World) -> None:
    session = world.create()
    world.stripe.expire_session(session)
    world.post(f"{SESSIONS}/{session}/expire", {}, "k1")
    again = world.post(f"{SESSIONS}/{session}/expire", {}, "k1")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (400, "true")


def test_keys_are_forgotten_after_a_day(world: World) -> None:
    first = world.post(SESSIONS, session_params(), "k1")
    world.wait(hours=24)
    again = world.post(SESSIONS, session_params(), "k1")
    assert again.body["id"] != first.body["id"]


def test_a_key_of_256_characters_is_refused(world: World) -> None:
    assert world.post(SESSIONS, session_params(), "k" * 256).status == 400


def test_keys_mean_nothing_to_get(world: World) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "k1"}
    world.stripe.call("GET", SESSIONS, {}, headers)
    reply = world.stripe.call("GET", "/v1/account", {}, headers)
    assert (reply.status, "Idempotent-Replayed" in reply.headers) == (200, False)
