"""Stripe's own library over HTTP gets from the sandbox what it gets from Stripe."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import stripe

from bot.sandbox.faults import Fault, Kind, Service
from tests.sandbox.stripe.net import SECRET, Net

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams


def params(reference: str = "K7Q4-1") -> "SessionCreateParams":
    return {
        "mode": "payment",
        "submit_type": "book",
        "locale": "fr",
        "client_reference_id": reference,
        "success_url": "http://127.0.0.1/done",
        "cancel_url": "http://127.0.0.1/cancelled",
        "expires_at": int((datetime.now(UTC) + timedelta(minutes=40)).timestamp()),
        "metadata": {"guichet_shop": "demo"},
        "payment_intent_data": {"metadata": {"guichet_shop": "demo"}},
        "name_collection": {"individual": {"enabled": True}},
        "phone_number_collection": {"enabled": False},
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 3900,
                    "product_data": {
                        "name": "Adulte",
                        "description": "Lever de soleil",
                        "images": ["http://127.0.0.1/media/1"],
                    },
                },
            }
        ],
    }


async def test_a_session_is_made_read_listed_and_expired(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    made = await sessions.create_async(params())
    read = await sessions.retrieve_async(made.id, {"expand": ["line_items"]})
    assert (made.status, read.client_reference_id, read.amount_total) == ("open", "K7Q4-1", 7800)
    assert made.url == f"{net.base}/stripe/pay/{made.id}"
    assert read.line_items is not None
    assert read.line_items.data[0].description == "Adulte"
    listed = await sessions.list_async({"created": {"gte": made.created}, "limit": 5})
    assert [session.id for session in listed.data] == [made.id]
    expired = await sessions.expire_async(made.id)
    assert (expired.status, expired.url) == ("expired", None)


async def test_pages_are_followed_by_the_library(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    made = [(await sessions.create_async(params(f"R-{number}"))).id for number in range(5)]
    listed = await sessions.list_async({"limit": 2, "status": "open"})
    assert [session.id async for session in listed.auto_paging_iter()] == made[::-1]


async def test_a_payment_is_refunded_through_the_library(net: Net) -> None:
    client = net.client()
    made = await client.v1.checkout.sessions.create_async(params())
    net.model.pay(made.id, "success")
    intent = str((await client.v1.checkout.sessions.retrieve_async(made.id)).payment_intent)
    refund = await client.v1.refunds.create_async({"payment_intent": intent, "amount": 1000})
    assert (refund.status, refund.amount) == ("succeeded", 1000)
    listed = await client.v1.refunds.list_async({"payment_intent": intent})
    assert [each.id for each in listed.data] == [refund.id]
    charge = await client.v1.charges.retrieve_async(str(refund.charge))
    assert charge.amount_refunded == 1000
    paid = await client.v1.payment_intents.retrieve_async(intent)
    assert (paid.status, paid.metadata["guichet_shop"]) == ("succeeded", "demo")
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        await client.v1.refunds.create_async({"payment_intent": intent, "amount": 6801})


async def test_events_account_and_endpoints_are_read(net: Net) -> None:
    client = net.client()
    made = await client.v1.checkout.sessions.create_async(params())
    net.model.pay(made.id, "success")
    events = await client.v1.events.list_async({"types": ["checkout.session.completed"]})
    assert (await client.v1.events.retrieve_async(events.data[0].id)).type == "checkout.session.completed"
    assert (await client.v1.accounts.retrieve_current_async()).charges_enabled
    endpoints = await client.v1.webhook_endpoints.list_async()
    assert endpoints.data[0].url == f"{net.base}/hook"


async def test_a_key_is_replayed_and_other_parameters_raise(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    frozen = params()
    first = await sessions.create_async(frozen, {"idempotency_key": "k1"})
    again = await sessions.create_async(frozen, {"idempotency_key": "k1"})
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        await sessions.create_async(params("other"), {"idempotency_key": "k1"})


async def test_a_slow_call_keeps_its_key_in_use(net: Net) -> None:
    sessions = net.client().v1.checkout.sessions
    frozen = params()
    net.faults.plan(Fault(0, Service.STRIPE, Kind.SLOW, "/v1/checkout/sessions", seconds=60))
    slow = asyncio.create_task(sessions.create_async(frozen, {"idempotency_key": "k1"}))
    await net.called()
    with pytest.raises(stripe.APIError) as refused:
        await sessions.create_async(frozen, {"idempotency_key": "k1"})
    assert refused.value.http_status == 409
    assert "idempotency_key_in_use" in str(refused.value.json_body)
    net.clock.advance(timedelta(seconds=60))
    first = await slow
    assert (await sessions.create_async(frozen, {"idempotency_key": "k1"})).id == first.id


async def test_an_unknown_field_is_named_by_the_librarys_error(net: Net) -> None:
    wrong = params()
    wrong["line_items"][0]["price_data"]["product_data"]["colour"] = "red"  # type: ignore[typeddict-unknown-key] # it is wrong on purpose
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await net.client().v1.checkout.sessions.create_async(wrong)
    assert refused.value.param == "line_items[0][price_data][product_data][colour]"


async def test_a_wrong_key_is_an_authentication_error(net: Net) -> None:
    with pytest.raises(stripe.AuthenticationError):
        await net.client().v1.accounts.retrieve_current_async(options={"api_key": "sk_test_wrong"})


async def test_the_journal_keeps_the_body_as_it_was_sent(net: Net) -> None:
    await net.client().v1.checkout.sessions.create_async(params())
    (call,) = net.model.journal.calls()
    assert "line_items[0][price_data][unit_amount]=3900" in call.raw
    assert isinstance(call.params["line_items"], list)


async def test_a_webhook_arrives_signed(net: Net) -> None:
    made = await net.client().v1.checkout.sessions.create_async(params())
    net.model.pay(made.id, "success")
    ((body, header),) = await net.webhooks(1)
    event = stripe.Webhook.construct_event(body, header, SECRET)
    assert (event.type, event.data.object["id"]) == ("checkout.session.completed", made.id)


async def test_a_webhook_is_sent_again_until_it_is_answered_with_2xx(net: Net) -> None:
    net.answers = [503, 307]
    made = await net.client().v1.checkout.sessions.create_async(params())
    net.model.pay(made.id, "success")
    for count in (1, 2, 3):
        answers = await net.attempts(count)
        net.clock.advance(timedelta(seconds=30))
    assert len({json.loads(body)["id"] for body, _ in net.received}) == 1
    assert answers == [503, 307, 200]
