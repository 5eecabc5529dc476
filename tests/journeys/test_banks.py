"""Payments that a bank confirms days later, and payments that come after the hold."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from storage import schema
from storage.database import Connection
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks


async def at_the_bank(shop: Shop, card: str) -> str:
    """Alice has paid with a method that takes days."""
    session = await Walks(shop.alice).to_link(day="28")
    await shop.alice.pays(card)
    await shop.becomes("processing")
    return session


@pytest.mark.fault(13)
@pytest.mark.parametrize("sort", SORTS)
async def test_a_payment_that_the_bank_confirms_later_is_told_twice_and_booked(shop: Shop) -> None:
    session = await at_the_bank(shop, "sepa_debit_ok")
    await shop.alice.sees("Your bank is still confirming")
    await shop.advance(hours=5)
    assert await shop.taken() == 1
    await shop.sandbox.post(f"sessions/{session}/settle", {"succeed": True})
    await shop.alice.sees("You are booked")
    assert shop.alice.count("You are booked") == 1
    assert await shop.taken() == 1


@pytest.mark.fault(13)
async def test_a_payment_that_the_bank_refuses_later_frees_the_seats(shop: Shop) -> None:
    await at_the_bank(shop, "sepa_debit_fail")
    await shop.alice.sees("Waiting for your bank")
    assert await shop.taken() == 1
    await shop.advance(days=3, minutes=1)
    told = await shop.alice.sees("Your bank did not confirm the payment")
    assert shop.alice.labels(told) == ["Choose again"]
    assert await shop.taken() == 0
    assert (await shop.order())["state"] == "failed"


async def test_slow_methods_are_not_offered_when_the_date_is_near(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    await shop.alice.pays("sepa_debit_ok")
    assert (await shop.order())["state"] == "awaiting_payment"
    assert not shop.stripe.ledger()


async def test_what_waits_for_the_bank_cannot_be_cancelled(shop: Shop) -> None:
    await Walks(shop.alice).to_link(day="28")
    card = await shop.alice.sees_button("Cancel")
    data = next(button.value for row in card.keyboard for button in row if button.text == "Cancel")
    await shop.alice.pays("sepa_debit_ok")
    await shop.becomes("processing")
    await shop.alice.forges(data, card)
    await shop.alice.hears("Your bank is still confirming this payment")
    assert (await shop.order())["state"] == "processing"


async def test_a_declined_card_leaves_the_hold_and_another_card_pays(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    await shop.alice.pays("declined")
    assert (await shop.order())["state"] == "awaiting_payment"
    await shop.alice.pays()
    await shop.alice.sees("You are booked")


async def test_a_card_that_asks_for_a_second_step_books_after_it(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    session = await shop.alice.pays("second_step")
    await shop.sandbox.post(f"sessions/{session}/confirm", {"ok": True})
    await shop.alice.sees("You are booked")


async def lose_the_session(shop: Shop) -> None:
    """As if Stripe's answer and its session had stayed out of sight until the hold was over: the seats are free."""
    now = shop.world.clock.now()

    async def forget(connection: Connection) -> None:
        await connection.execute(update(schema.orders).values(state="expired", ended_at=now))
        await connection.execute(
            update(schema.checkout_attempt).values(
                state="lost", session_id=None, url=None, ask_at=now + timedelta(minutes=5)
            )
        )
        await connection.execute(delete(schema.claim))
        await connection.execute(update(schema.inventory).values(taken=0))

    await shop.application._world.database.run(forget)


@pytest.mark.fault(14)
async def test_paid_late_is_booked_where_there_is_room(shop: Shop) -> None:
    session = await Walks(shop.alice).to_link("kayak")
    await lose_the_session(shop)
    await shop.alice.pays(session=session)
    await shop.advance(minutes=6)
    booked = await shop.alice.sees("You are booked")
    assert "Your payment came after the hold had ended, but there was still room." in booked.text
    assert await shop.taken() == 1


@pytest.mark.fault(14)
@pytest.mark.parametrize("sort", SORTS)
async def test_paid_late_without_room_is_refunded_in_full_with_other_dates(shop: Shop) -> None:
    session = await Walks(shop.alice).to_link("kayak")
    await lose_the_session(shop)
    await Walks(shop.camille, french=True).to_booking("kayak")
    await shop.alice.pays(session=session)
    await shop.advance(minutes=6)
    told = await shop.alice.sees("I have sent back €35.00 in full")
    assert shop.alice.labels(told) == ["Mon 3 Jun 2030", "Wed 5 Jun 2030", "Thu 6 Jun 2030"]
    assert sorted((row.captured, row.refunded) for row in shop.stripe.ledger()) == [(3500, 0), (3500, 3500)]
    assert await shop.taken() == 1
    await shop.team.sees("Refunded, €35.00")
    await shop.alice.presses("Wed 5 Jun")
    assert "Choose a time." in shop.alice.screen().text
