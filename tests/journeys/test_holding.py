"""One hold, one session, one link; and how a hold ends without payment."""

import asyncio

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.people import Person
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

SESSIONS = "/v1/checkout/sessions"


async def assert_one_order(shop: Shop, person: Person) -> None:
    await person.sees_button("Pay €39.00")
    assert len(await shop.rows(schema.orders)) == 1
    assert len(shop.stripe.sessions()) == 1
    assert person.count("Held for you until") == 1
    assert await shop.taken() == 1


@pytest.mark.fault(28)
@pytest.mark.parametrize("sort", SORTS)
async def test_ten_taps_at_once_hold_once(shop: Shop) -> None:
    await Walks(shop.alice).to_summary()
    await shop.alice.presses("Hold and pay", times=10)
    await assert_one_order(shop, shop.alice)


@pytest.mark.fault(28)
@pytest.mark.parametrize("sort", SORTS)
async def test_taps_from_two_devices_at_once_hold_once(shop: Shop) -> None:
    await Walks(shop.alice).to_summary()
    summary = shop.alice.screen()
    await asyncio.gather(*(shop.alice.taps(summary, "Hold and pay", times=5) for _ in range(2)))
    await shop.attended()
    await assert_one_order(shop, shop.alice)


@pytest.mark.fault(28)
async def test_an_update_that_is_delivered_twice_holds_once(shop: Shop) -> None:
    await Walks(shop.alice).to_summary()
    summary = shop.alice.screen()
    pressed = shop.telegram.press(shop.alice.id, summary.id, text="Hold and pay")
    await shop.attended()
    assert pressed.update_id is not None
    shop.telegram.redeliver(pressed.update_id)
    await shop.attended()
    await assert_one_order(shop, shop.alice)


async def test_cancelling_frees_the_seats_after_the_link_is_dead(shop: Shop) -> None:
    session = await Walks(shop.alice).to_link()
    await shop.alice.presses("Cancel")
    card = await shop.alice.sees("Cancelled · nothing was charged")
    assert shop.alice.labels(card) == ["Choose again"]
    assert await shop.taken() == 0
    assert shop.stripe.session(session)["status"] == "expired"
    await shop.alice.presses("Choose again")
    assert shop.alice.screen().text.startswith("Sunrise on the Semnoz")


@pytest.mark.parametrize("sort", SORTS)
async def test_a_hold_that_runs_out_says_so_and_offers_to_start_again(shop: Shop) -> None:
    session = await Walks(shop.camille, french=True).to_link()
    await shop.advance(minutes=31)
    await shop.camille.sees("Libéré à 10:3")
    told = await shop.camille.sees("Le délai est dépassé")
    assert shop.camille.labels(told) == ["Choisir à nouveau"]
    assert await shop.taken() == 0
    assert shop.stripe.session(session)["status"] == "expired"


@pytest.mark.fault(48)
@pytest.mark.parametrize("end", ["cancel", "deadline"])
async def test_seats_stay_held_until_stripe_has_let_go_of_the_link(shop: Shop, end: str) -> None:
    session = await Walks(shop.alice).to_link()
    await shop.fault("stripe", "error", f"{SESSIONS}/{session}", status=503, times=None)
    if end == "cancel":
        await shop.alice.presses("Cancel")
    else:
        await shop.advance(minutes=30, seconds=30)
    await shop.becomes("closing")
    await shop.alice.sees("the payment page is being closed first")
    assert await shop.taken() == 1
    assert shop.stripe.session(session)["status"] == "open"
    await shop.heal()
    await shop.becomes("cancelled" if end == "cancel" else "expired")
    assert await shop.taken() == 0
    assert shop.stripe.session(session)["status"] == "expired"


@pytest.mark.fault(24)
@pytest.mark.fault(48)
async def test_a_payment_wins_over_the_cancelling_that_it_meets(shop: Shop) -> None:
    session = await Walks(shop.alice).to_link()
    await shop.fault("stripe", "timeout_before", f"{SESSIONS}/{session}/expire", seconds=0.2, times=2)
    await shop.alice.presses("Cancel")
    await shop.becomes("closing")
    await shop.alice.pays(session=session)
    await shop.alice.sees("You are booked")
    assert await shop.taken() == 1
    assert (await shop.order())["state"] == "paid"


async def test_another_choice_of_the_same_closes_the_earlier_order(shop: Shop) -> None:
    first = await Walks(shop.alice).to_link(day="4")
    await Walks(shop.alice).to_hold(day="5")
    await shop.until(schema.orders, lambda rows: rows[0]["state"] in {"cancelled", "expired"}, "the first order's end")
    assert await shop.alice.pay_session() != first
    assert shop.stripe.session(first)["status"] == "expired"
    assert await shop.taken() == 1
