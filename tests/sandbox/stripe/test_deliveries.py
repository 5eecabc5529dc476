"""Webhooks: signed, delivered in the chosen disorder, and tried again until they are answered."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
import stripe

from bot.sandbox.stripe.deliveries import Dispatch, Mode, State
from bot.sandbox.stripe.results import NoSuchObjectError
from tests.sandbox.stripe.world import World, at

URL = "http://127.0.0.1:1/stripe/webhook"
EVENTS = ["checkout.session.completed", "checkout.session.expired"]


@pytest.fixture
def hooked(world: World) -> World:
    world.stripe.deliveries.register(URL, "whsec_old", EVENTS)
    return world


def event_of(dispatch: Dispatch) -> dict[str, object]:
    event: dict[str, object] = json.loads(dispatch.body)
    return event


def answer(world: World, status: int | None) -> list[Dispatch]:
    """Send what is due and give every dispatch this answer."""
    sent = list(world.stripe.deliveries.due())
    for dispatch in sent:
        world.stripe.deliveries.report(dispatch.delivery_id, status)
    return sent


def test_an_event_goes_to_the_endpoint_that_wants_it(hooked: World) -> None:
    session, _ = hooked.paid()
    (dispatch,) = answer(hooked, 200)
    event = event_of(dispatch)
    assert (dispatch.url, event["type"], event["livemode"]) == (URL, "checkout.session.completed", False)
    assert event["api_version"] == "2026-10-28.endive"
    assert event["pending_webhooks"] == 1
    assert f'"id": "{session}"' in dispatch.body.decode()
    assert hooked.get(f"/v1/events/{event['id']}").body["pending_webhooks"] == 0


def test_the_signature_is_the_one_that_stripes_library_accepts(hooked: World) -> None:
    hooked.paid()
    (dispatch,) = hooked.stripe.deliveries.due()
    header = dispatch.headers["Stripe-Signature"]
    assert stripe.WebhookSignature.verify_header(dispatch.body, header, "whsec_old")
    assert header.startswith(f"t={int(hooked.now.timestamp())},v1=")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(dispatch.body, header, "whsec_other")


def test_both_secrets_sign_while_one_is_rolled(hooked: World) -> None:
    deliveries = hooked.stripe.deliveries
    endpoint = deliveries.roll(deliveries.endpoints()[0].id, "whsec_new")
    hooked.paid()
    (dispatch,) = deliveries.due()
    header = dispatch.headers["Stripe-Signature"]
    assert header.count("v1=") == 2
    assert stripe.WebhookSignature.verify_header(dispatch.body, header, "whsec_old")
    assert stripe.WebhookSignature.verify_header(dispatch.body, header, "whsec_new")
    assert deliveries.finish_roll(endpoint.id).secrets == ("whsec_new",)


@pytest.mark.parametrize("status", [None, 300, 302, 400, 500, 503])
def test_anything_but_2xx_is_tried_again(hooked: World, status: int | None) -> None:
    hooked.paid()
    (first,) = answer(hooked, status)
    assert hooked.stripe.deliveries.due() == ()
    hooked.wait(seconds=2)
    (second,) = answer(hooked, 204)
    assert second.body == first.body
    hooked.wait(days=4)
    assert hooked.stripe.deliveries.due() == ()


def test_retries_grow_apart_and_end_after_three_days(hooked: World) -> None:
    hooked.paid()
    moments = []
    while True:
        sent = answer(hooked, 500)
        if sent:
            moments.append(hooked.now)
        due = hooked.stripe.deliveries.next_due()
        if due is None:
            break
        hooked.wait(seconds=(due - hooked.now).total_seconds())
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps == sorted(gaps)
    assert len(moments) > 10
    assert timedelta(days=2) < moments[-1] - moments[0] <= timedelta(days=3)
    completed = next(e for e in hooked.stripe.events() if e["type"] == "checkout.session.completed")
    assert hooked.stripe.deliveries.of(str(completed["id"]))[0].state is State.GIVEN_UP


def test_a_retry_is_signed_with_its_own_time(hooked: World) -> None:
    hooked.paid()
    answer(hooked, 500)
    hooked.wait(seconds=2)
    (dispatch,) = hooked.stripe.deliveries.due()
    assert dispatch.headers["Stripe-Signature"].startswith(f"t={int(hooked.now.timestamp())},")


def test_dropped_events_never_arrive_but_can_be_sent_by_hand(hooked: World) -> None:
    hooked.stripe.deliveries.mode = Mode.DROPPED
    hooked.paid()
    hooked.wait(days=1)
    assert hooked.stripe.deliveries.due() == ()
    completed = next(e for e in hooked.stripe.events() if e["type"] == "checkout.session.completed")
    hooked.stripe.deliveries.send_again(str(completed["id"]))
    assert len(answer(hooked, 200)) == 1


def test_held_events_wait_for_their_release(hooked: World) -> None:
    hooked.stripe.deliveries.mode = Mode.HELD
    hooked.paid()
    hooked.paid()
    assert answer(hooked, 200) == []
    assert hooked.stripe.deliveries.release() == 2
    assert len(answer(hooked, 200)) == 2


def test_a_retry_is_held_too_when_events_are_held(hooked: World) -> None:
    hooked.paid()
    answer(hooked, 500)
    hooked.stripe.deliveries.mode = Mode.HELD
    hooked.wait(seconds=2)
    assert answer(hooked, 200) == []


def test_doubled_events_arrive_twice(hooked: World) -> None:
    hooked.stripe.deliveries.mode = Mode.DOUBLED
    hooked.paid()
    first, second = answer(hooked, 200)
    assert event_of(first)["id"] == event_of(second)["id"]


def test_delayed_events_arrive_later(hooked: World) -> None:
    hooked.stripe.deliveries.mode = Mode.DELAYED
    hooked.stripe.deliveries.delay = timedelta(seconds=20)
    hooked.paid()
    assert answer(hooked, 200) == []
    hooked.wait(seconds=20)
    assert len(answer(hooked, 200)) == 1


def test_shuffled_events_all_arrive_and_not_in_their_order(hooked: World) -> None:
    hooked.stripe.deliveries.mode = Mode.SHUFFLED
    sessions = [hooked.paid()[0] for _ in range(12)]
    hooked.wait(seconds=3)
    arrived = [at(json.loads(each.body), "data", "object", "id") for each in answer(hooked, 200)]
    assert sorted(map(str, arrived)) == sorted(sessions)
    assert arrived != sessions


def test_an_answered_event_can_be_sent_again(hooked: World) -> None:
    hooked.paid()
    (first,) = answer(hooked, 200)
    hooked.stripe.deliveries.send_again(first.event_id)
    (second,) = answer(hooked, 200)
    assert second.body == first.body
    assert [attempt.status for attempt in hooked.stripe.deliveries.log()] == [200, 200]


def test_an_unknown_event_cannot_be_sent_again(hooked: World) -> None:
    with pytest.raises(NoSuchObjectError):
        hooked.stripe.deliveries.send_again("evt_nothing")


@pytest.mark.parametrize("url", ["https://example.com/hook", "http://10.0.0.1/", "ftp://127.0.0.1/", "nonsense"])
def test_webhooks_go_to_this_machine_only(world: World, url: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        world.stripe.deliveries.register(url, "whsec_1")


def test_an_endpoint_without_a_secret_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="secret"):
        world.stripe.deliveries.register(URL, "")


def test_listeners_hear_of_new_events_and_answers(hooked: World) -> None:
    heard: list[str] = []
    hooked.stripe.deliveries.listen(lambda: heard.append("woken"))
    hooked.paid()
    before = len(heard)
    answer(hooked, 200)
    assert 0 < before < len(heard)
