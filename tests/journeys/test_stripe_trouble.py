"""Stripe refuses, is slow or is down when a customer wants to pay."""

from datetime import datetime, timedelta

import pytest

from storage import schema
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(22)

SESSIONS = "/v1/checkout/sessions"


async def told_after(shop: Shop) -> timedelta:
    """How long after the tap the customer is told that the link is late."""
    (due,) = [row["due_at"] for row in await shop.rows(schema.outbox) if row["kind"] == "slow"]
    tapped = (await shop.order())["placed_at"]
    assert isinstance(due, datetime)
    assert isinstance(tapped, datetime)
    return due - tapped


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("error", {"status": 503}),
        ("error", {"status": 500}),
        ("error", {"status": 429}),
        ("timeout_before", {"seconds": 0.2}),
        ("reset_after", {}),
        ("truncated", {}),
    ],
)
async def test_while_stripe_is_in_trouble_the_customer_is_told_within_ten_seconds(
    shop: Shop, kind: str, more: dict[str, object]
) -> None:
    await shop.fault("stripe", kind, SESSIONS, times=None, **more)
    await Walks(shop.camille, french=True).to_summary()
    await shop.camille.presses("Réserver et payer")
    assert await told_after(shop) <= timedelta(seconds=10)
    await shop.advance(seconds=9)
    with shop.at_own_pace():
        told = await shop.camille.sees("La page de paiement ne peut pas s’ouvrir pour le moment.")
    assert "Réessayer" in shop.camille.labels(told)
    assert await shop.taken() == 1
    await shop.heal()
    await shop.camille.presses("Réessayer")
    await shop.camille.sees_button("Payer 39,00")
    await shop.camille.pays()
    await shop.camille.sees("C’est réservé")
    assert len(await shop.rows(schema.orders)) == 1
    assert [row.captured for row in shop.stripe.ledger()] == [3900]


async def test_the_link_comes_by_itself_when_stripe_is_back(shop: Shop) -> None:
    await shop.fault("stripe", "error", SESSIONS, status=503, times=2)
    await Walks(shop.alice).to_hold()
    await shop.alice.sees_button("Pay €39.00")
    assert shop.alice.count("Held for you until") == 1
    assert len(shop.stripe.sessions()) == 1


async def test_a_slow_stripe_keeps_nobody_from_browsing(shop: Shop) -> None:
    await shop.fault("stripe", "slow", SESSIONS, seconds=6)
    with shop.at_own_pace():
        await Walks(shop.alice).to_hold()
        await shop.alice.sees("Preparing your payment link …")
        await shop.alice.says("/start r_lantern")
        await shop.alice.sees("Brass, as the guides carry it.")
    await shop.advance(seconds=6)
    await shop.alice.sees_button("Pay €39.00")


async def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(shop: Shop) -> None:
    await shop.fault("stripe", "reset_after", SESSIONS)
    await Walks(shop.alice).to_hold()
    await shop.alice.sees_button("Pay €39.00")
    made = [call for call in shop.stripe.journal.calls() if (call.method, call.path) == ("POST", SESSIONS)]
    assert len({(call.idempotency_key, call.raw) for call in made}) == 1
    assert made[-1].replayed
    assert len(shop.stripe.sessions()) == 1


async def test_a_stored_500_is_left_behind_with_a_new_attempt(shop: Shop) -> None:
    await shop.fault("stripe", "error", SESSIONS, status=500)
    await Walks(shop.alice).to_hold()
    await shop.alice.sees_button("Pay €39.00")
    attempts = await shop.rows(schema.checkout_attempt)
    assert [row["number"] for row in attempts] == [1, 2]
    assert len({row["idempotency_key"] for row in attempts}) == 2
    await shop.alice.pays()
    await shop.alice.sees("You are booked")


async def test_an_amount_too_small_for_a_card_is_told_and_released(shop: Shop) -> None:
    await Walks(shop.alice).to_hold("sticker")
    told = await shop.alice.sees("This amount is smaller than what can be paid by card.")
    assert shop.alice.labels(told) == ["Choose again"]
    await shop.becomes("failed")
    assert await shop.taken() == 0
    assert not await shop.rows(schema.attention)


async def test_a_stripe_that_is_down_until_the_hold_ends_frees_the_seats_afterwards(shop: Shop) -> None:
    await shop.fault("stripe", "error", "/v1", status=503, times=None)
    await Walks(shop.alice).to_hold()
    await shop.alice.sees("The payment page cannot be opened just now.")
    await shop.advance(minutes=31)
    await shop.becomes("closing")
    assert await shop.taken() == 1
    await shop.heal()
    await shop.alice.sees("Your hold has ended")
    assert await shop.taken() == 0
    assert not [each for each in shop.stripe.sessions() if each["status"] == "open"]
