"""The life of a Checkout Session."""

import pytest

from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError
from tests.sandbox.stripe.world import START, World, at, error, line, session_params

SESSIONS = "/v1/checkout/sessions"


def test_a_session_is_shaped_like_stripes(world: World) -> None:
    session = world.post(SESSIONS, session_params(submit_type="book", locale="fr")).body
    assert len(str(session["id"])) == 66
    assert session["object"] == "checkout.session"
    assert (session["amount_subtotal"], session["amount_total"], session["currency"]) == (9700, 9700, "eur")
    assert (session["status"], session["payment_status"], session["payment_intent"]) == ("open", "unpaid", None)
    assert session["url"] == f"http://127.0.0.1:8800/stripe/pay/{session['id']}"
    assert (session["submit_type"], session["locale"], session["livemode"]) == ("book", "fr", False)
    assert session["expires_at"] == START.timestamp() + 86_400


def test_the_same_seed_gives_the_same_ids() -> None:
    assert World("x").create() == World("x").create()
    assert World("x").create() != World("y").create()


def test_thirty_minutes_and_a_day_are_still_allowed(world: World) -> None:
    world.create(expires_at=str(int(START.timestamp()) + 1800))
    world.create(expires_at=str(int(START.timestamp()) + 86_400))


def test_an_open_session_is_expired_once(world: World) -> None:
    session = world.create()
    first = world.post(f"{SESSIONS}/{session}/expire", {})
    again = world.post(f"{SESSIONS}/{session}/expire", {})
    assert (first.body["status"], first.body["url"]) == ("expired", None)
    assert again.status == 400
    assert "This Checkout Session has a status of `expired`." in (error(again).text("message") or "")
    assert world.types() == ["checkout.session.expired"]


def test_a_complete_session_cannot_be_expired(world: World) -> None:
    session, _ = world.paid()
    refused = world.post(f"{SESSIONS}/{session}/expire", {})
    assert (refused.status, world.stripe.session(session)["url"]) == (400, None)
    with pytest.raises(NotPossibleError, match="status of `complete`"):
        world.stripe.expire_session(session)


def test_a_session_expires_by_itself_at_its_time(world: World) -> None:
    session = world.create(expires_at=str(int(START.timestamp()) + 1800))
    assert world.stripe.next_due() is not None
    world.wait(minutes=29, seconds=59)
    assert world.stripe.session(session)["status"] == "open"
    world.wait(seconds=1)
    assert world.get(f"{SESSIONS}/{session}").body["status"] == "expired"
    assert world.types() == ["checkout.session.expired"]


def test_expiring_cancels_the_payment_intent_of_a_declined_try(world: World) -> None:
    session = world.create()
    world.stripe.pay(session, "declined")
    world.stripe.expire_session(session)
    intent = world.stripe.session(session)["payment_intent"]
    assert world.get(f"/v1/payment_intents/{intent}").body["status"] == "canceled"


def test_line_items_are_listed_apart_and_only_on_request(world: World) -> None:
    session = world.create(line_items=[line(), line({"unit_amount": "100"}, quantity="1")])
    assert "line_items" not in world.get(f"{SESSIONS}/{session}").body
    listed = world.get(f"{SESSIONS}/{session}/line_items", {"limit": "1"}).body
    assert (at(listed, "data", 0, "amount_total"), listed["has_more"]) == (9700, True)
    rest = world.get(f"{SESSIONS}/{session}/line_items", {"starting_after": at(listed, "data", 0, "id")}).body
    assert (at(rest, "data", 0, "amount_total"), rest["has_more"]) == (100, False)
    expanded = world.get(f"{SESSIONS}/{session}", {"expand": ["line_items"]}).body
    assert at(expanded, "line_items", "data", 1, "price", "unit_amount") == 100


def test_an_unknown_session_is_missing(world: World) -> None:
    reply = world.get(f"{SESSIONS}/cs_test_nothing")
    assert (reply.status, error(reply).text("code"), error(reply).text("param")) == (
        404,
        "resource_missing",
        "session",
    )
    with pytest.raises(NoSuchObjectError):
        world.stripe.pay("cs_test_nothing", "success")


def test_a_payment_intent_is_expanded_down_to_its_charge(world: World) -> None:
    session, intent = world.paid()
    shown = world.get(f"{SESSIONS}/{session}", {"expand": ["payment_intent.latest_charge"]}).body
    assert at(shown, "payment_intent", "id") == intent
    assert at(shown, "payment_intent", "latest_charge", "amount_captured") == 9700


def test_metadata_of_the_session_does_not_reach_the_payment_intent(world: World) -> None:
    _, intent = world.paid(metadata={"a": "session"}, payment_intent_data={"metadata": {"b": "intent"}})
    assert world.get(f"/v1/payment_intents/{intent}").body["metadata"] == {"b": "intent"}
