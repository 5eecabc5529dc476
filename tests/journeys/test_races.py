"""Many customers at once, and one event many times at once."""

import asyncio

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.people import Person
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks
from tests.services.test_last_seat import check_off, conditions_off

BUYERS = 50
COPIES = 20


async def at_the_summary(shop: Shop) -> list[Person]:
    """So many customers, each about to tap "Hold and pay" for the same last seat."""
    await Walks(shop.alice).to_summary("kayak")
    back = next(button for row in shop.alice.screen().keyboard for button in row if button.text == "Back")
    summary = back.value.replace(":g:", ":s:")
    buyers = [shop.newcomer(number, "fr" if number % 2 else "en") for number in range(BUYERS)]
    await asyncio.gather(*(buyer.writes("/start") for buyer in buyers))
    await shop.attended()
    await asyncio.gather(*(buyer.slips_in(summary, buyer.screen()) for buyer in buyers))
    await shop.attended()
    return buyers


async def race(shop: Shop) -> list[Person]:
    """Everybody taps at once; who holds a seat now."""
    buyers = await at_the_summary(shop)
    await asyncio.gather(*(buyer.taps(buyer.screen(), buyer.button_texts()[0]) for buyer in buyers))
    await shop.attended()
    return [buyer for buyer in buyers if "faster" not in buyer.screen().text and "rapide" not in buyer.screen().text]


@pytest.mark.fault(30)
@pytest.mark.parametrize("sort", SORTS)
async def test_fifty_customers_who_tap_at_once_for_the_last_seat_make_one_order(shop: Shop) -> None:
    (lucky,) = await race(shop)
    assert len(await shop.rows(schema.orders)) == 1
    assert await shop.taken() == 1
    await lucky.pays()
    await shop.becomes("paid")
    assert len(shop.stripe.sessions()) == 1
    assert len(await shop.rows(schema.booking)) == 1


@pytest.mark.fault(30)
@pytest.mark.parametrize("sort", SORTS)
async def test_with_the_guards_off_the_same_race_oversells(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await check_off(shop.application._world.database)
    conditions_off(monkeypatch)
    await race(shop)
    assert len(await shop.rows(schema.orders)) > 1
    assert await shop.taken() > 1


@pytest.mark.fault(11)
@pytest.mark.parametrize("sort", SORTS)
async def test_the_same_event_twenty_times_at_once_makes_one_booking_and_one_message(shop: Shop) -> None:
    await shop.webhooks("held")
    await Walks(shop.alice).to_link()
    await shop.alice.pays()
    event = next(each for each in shop.stripe.events() if each["type"] == "checkout.session.completed")
    sendings = [shop.sandbox.post(f"events/{event['id']}/send") for _ in range(COPIES)]
    await asyncio.gather(*sendings)
    await shop.alice.sees("You are booked")

    def all_answered() -> bool | None:
        mine = [each for each in shop.stripe.deliveries.log() if each.event_id == event["id"]]
        return len(mine) >= COPIES or None

    await shop.eventually(all_answered, lambda: "twenty answers")
    assert {each.status for each in shop.stripe.deliveries.log()} == {200}
    await shop.advance(minutes=6)
    await shop.attended()
    assert shop.alice.count("You are booked") == 1
    assert len(await shop.rows(schema.booking)) == 1
    assert len([row for row in await shop.rows(schema.outbox) if row["kind"] == "booked"]) == 1


@pytest.mark.fault(12)
@pytest.mark.parametrize("mode", ["doubled", "shuffled", "delayed"])
async def test_webhooks_in_any_order_and_number_end_the_same(shop: Shop, mode: str) -> None:
    await shop.sandbox.post("webhooks", {"mode": mode, "delay_seconds": 5})
    await Walks(shop.alice).to_booking()
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/refund", {})
    await shop.alice.sees("Refunded, €39.00")
    assert shop.alice.count("You are booked") == 1
    assert shop.alice.count("Refunded, €39.00") == 1
    assert await shop.taken() == 0
