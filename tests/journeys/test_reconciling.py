"""A booking arrives although no webhook does."""

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(18)


async def nothing_by_webhook(shop: Shop) -> None:
    """Pay while every webhook is lost."""
    await shop.webhooks("dropped")
    await Walks(shop.alice).to_link()
    await shop.alice.pays()
    assert (await shop.order())["state"] == "awaiting_payment"


@pytest.mark.parametrize("sort", SORTS)
async def test_with_every_webhook_dropped_the_booking_arrives_by_reconciliation(shop: Shop) -> None:
    await nothing_by_webhook(shop)
    await shop.advance(minutes=6)
    await shop.alice.sees("You are booked")
    assert shop.alice.count("You are booked") == 1
    assert not [each for each in shop.stripe.deliveries.log() if each.status]


async def test_i_have_paid_brings_the_booking_at_once(shop: Shop) -> None:
    await nothing_by_webhook(shop)
    await shop.alice.presses("I have paid")
    await shop.alice.hears("It is paid. Your ticket is in this chat.")
    await shop.alice.sees("You are booked")
    assert shop.alice.count("You are booked") == 1


async def test_i_have_paid_before_paying_says_that_nothing_came(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    await shop.alice.presses("I have paid")
    await shop.alice.hears("Stripe has not received it yet.")
    assert (await shop.order())["state"] == "awaiting_payment"


async def test_i_have_paid_while_stripe_is_down_says_so(shop: Shop) -> None:
    session = await Walks(shop.alice).to_link()
    await shop.fault("stripe", "error", f"/v1/checkout/sessions/{session}", status=503)
    await shop.alice.presses("I have paid")
    await shop.alice.hears("Stripe cannot be reached just now.")


async def test_a_refund_in_the_dashboard_is_noticed_without_webhooks(shop: Shop) -> None:
    await nothing_by_webhook(shop)
    await shop.advance(minutes=6)
    await shop.alice.sees("You are booked")
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/refund", {})
    await shop.advance(minutes=6)
    await shop.alice.sees("Refunded, €39.00")
    assert (await shop.order())["state"] == "refunded"


async def test_webhooks_that_come_days_later_change_nothing(shop: Shop) -> None:
    await shop.webhooks("held")
    await Walks(shop.alice).to_link()
    await shop.alice.pays()
    await shop.advance(minutes=6)
    await shop.alice.sees("You are booked")
    await shop.advance(days=2)
    await shop.webhooks("normal")
    await shop.sandbox.post("webhooks/release", {})
    await shop.eventually(
        lambda: [each for each in shop.stripe.deliveries.log() if each.status], lambda: "a late webhook"
    )
    await shop.until(schema.inbox, lambda rows: all(row["state"] != "new" for row in rows), "an empty inbox")
    assert shop.alice.count("You are booked") == 1
    assert len(await shop.rows(schema.booking)) == 1
