"""Lists: newest first, filtered, page by page."""

from tests.sandbox.stripe.world import START, World, at, error

SESSIONS = "/v1/checkout/sessions"
NOW = int(START.timestamp())


def ids(world: World, path: str, **params: object) -> list[str]:
    data = world.get(path, params).body["data"]
    assert isinstance(data, list)
    return [str(item["id"]) for item in data]


def test_sessions_are_listed_newest_first_in_pages(world: World) -> None:
    made = [world.create() for _ in range(5)][::-1]
    assert ids(world, SESSIONS, limit="2") == made[:2]
    assert ids(world, SESSIONS, limit="2", starting_after=made[1]) == made[2:4]
    assert ids(world, SESSIONS, limit="2", ending_before=made[3]) == made[1:3]
    assert world.get(SESSIONS, {"limit": "2", "starting_after": made[3]}).body["has_more"] is False


def test_ten_are_listed_unless_a_limit_is_given(world: World) -> None:
    for _ in range(12):
        world.create()
    assert len(ids(world, SESSIONS)) == 10
    assert world.get(SESSIONS).body["has_more"] is True


def test_sessions_are_found_by_time_status_and_payment(world: World) -> None:
    early, intent = world.paid()
    world.wait(seconds=10)
    late = world.create()
    assert ids(world, SESSIONS, created={"gte": str(NOW + 10)}) == [late]
    assert ids(world, SESSIONS, created={"gt": str(NOW + 10)}) == []
    assert ids(world, SESSIONS, created={"lt": str(NOW + 10)}) == [early]
    assert ids(world, SESSIONS, created={"lte": str(NOW + 10)}) == [late, early]
    assert ids(world, SESSIONS, created=str(NOW)) == [early]
    assert ids(world, SESSIONS, status="open") == [late]
    assert ids(world, SESSIONS, payment_intent=intent) == [early]
    assert ids(world, SESSIONS, customer_details={"email": "customer@example.com"}) == [early]


def test_sessions_cannot_be_listed_by_client_reference_id(world: World) -> None:
    reply = world.get(SESSIONS, {"client_reference_id": "K7Q4-1"})
    assert (reply.status, error(reply).text("code")) == (400, "parameter_unknown")


def test_a_limit_above_100_is_refused(world: World) -> None:
    assert error(world.get(SESSIONS, {"limit": "101"})).text("param") == "limit"


def test_an_unknown_cursor_is_missing(world: World) -> None:
    reply = world.get(SESSIONS, {"starting_after": "cs_test_nothing"})
    assert error(reply).text("code") == "resource_missing"


def test_refunds_are_listed_by_payment_intent(world: World) -> None:
    _, first = world.paid()
    _, second = world.paid()
    refund = world.refund(first).body["id"]
    world.refund(second)
    assert ids(world, "/v1/refunds", payment_intent=first) == [refund]
    assert world.get(f"/v1/refunds/{refund}").body["payment_intent"] == first


def test_events_are_found_by_type_types_and_wildcard(world: World) -> None:
    world.paid()
    done = ids(world, "/v1/events", type="checkout.session.completed")
    assert len(done) == 1
    assert ids(world, "/v1/events", types=["checkout.session.completed", "refund.created"]) == done
    assert ids(world, "/v1/events", type="checkout.*") == done
    assert at(world.get(f"/v1/events/{done[0]}").body, "data", "object", "payment_status") == "paid"


def test_type_and_types_together_are_refused(world: World) -> None:
    assert world.get("/v1/events", {"type": "a", "types": ["b"]}).status == 400


def test_the_registered_webhook_endpoint_is_listed(world: World) -> None:
    world.stripe.deliveries.register("http://127.0.0.1:1/hook", "whsec_1", ["refund.failed"])
    shown = world.get("/v1/webhook_endpoints").body
    assert at(shown, "data", 0, "url") == "http://127.0.0.1:1/hook"
    assert at(shown, "data", 0, "enabled_events") == ["refund.failed"]
