"""Every change makes the events that Stripe makes."""

from tests.sandbox.stripe.world import KEY, World, at


def test_an_event_is_a_snapshot(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "sepa_debit_ok")
    world.stripe.settle_delayed(session, succeed=True)
    completed = next(e for e in world.stripe.events() if e["type"] == "checkout.session.completed")
    assert at(completed, "data", "object", "payment_status") == "unpaid"
    assert at(completed, "data", "object", "metadata") == {"guichet_order": "K7Q4"}


def test_an_event_names_the_request_that_caused_it(world: World) -> None:
    _, intent = world.paid()
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "k1"}
    reply = world.stripe.call("POST", "/v1/refunds", {"payment_intent": intent}, headers)
    event = world.stripe.events()[0]
    assert event["request"] == {"id": reply.headers["Request-Id"], "idempotency_key": "k1"}


def test_an_event_from_the_page_names_no_request(world: World) -> None:
    world.paid()
    assert world.stripe.events()[0]["request"] == {"id": None, "idempotency_key": None}


def test_a_failed_refund_says_what_changed(world: World) -> None:
    _, intent = world.paid()
    refund = world.stripe.refund_from_dashboard(intent)
    world.stripe.fail_refund(str(refund["id"]))
    failed = next(e for e in world.stripe.events() if e["type"] == "refund.failed")
    assert at(failed, "data", "previous_attributes") == {"status": "succeeded"}
    assert at(failed, "data", "object", "failure_reason") == "unknown"


def test_a_paid_session_makes_events_from_intent_to_completion(world: World) -> None:
    world.paid()
    assert world.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
