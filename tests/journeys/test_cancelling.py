"""From /bookings to the money back: half of the price, since the first step of the shop's rules has passed."""

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(23)


async def to_the_question(shop: Shop, what: str = "sunrise", day: str = "4") -> None:
    await Walks(shop.alice).to_booking(what, day)
    await shop.alice.says("/bookings")
    await shop.alice.presses("Tue 4 Jun" if day == "4" else "Wed 5 Jun")
    await shop.alice.presses("Cancel this booking")


@pytest.mark.parametrize("sort", SORTS)
async def test_a_booking_is_cancelled_for_half_of_its_price(shop: Shop) -> None:
    await to_the_question(shop)
    asked = await shop.alice.sees("Cancel this booking?")
    assert "You get back €19.50 (50 %, less than 24 h before)." in asked.text
    await shop.alice.presses("Cancel and refund €19.50")
    await shop.alice.sees("Cancelled · €19.50 is on its way back")
    assert await shop.taken() == 0
    await shop.team.sees("Cancelled, €19.50 goes back")
    await shop.alice.sees("Refunded, €19.50")
    (row,) = shop.stripe.ledger()
    assert row.refunded == 1950
    assert (await shop.order())["state"] == "paid"
    assert [row["status"] for row in await shop.rows(schema.booking)] == ["cancelled"]
    await shop.alice.says("/bookings")
    await shop.alice.presses("Cancelled · Tue 4 Jun")
    await shop.alice.sees("Cancelled · €19.50 refunded")


async def test_the_rule_stands_on_the_card_and_on_the_summary(shop: Shop) -> None:
    await shop.alice.says("/start r_sunrise")
    assert "Free cancellation until 24 h before, 50 % back until 2 h before" in shop.alice.screen().text
    await Walks(shop.alice).to_summary()
    assert "\n50 % back until 2 h before" in shop.alice.screen().text  # the walk starts in less than 24 hours


async def test_all_of_it_goes_back_in_good_time(shop: Shop) -> None:
    await to_the_question(shop, day="5")
    await shop.alice.presses("Cancel and refund €39.00")
    await shop.becomes("refunded")
    await shop.alice.sees("Refunded, €39.00")
    assert shop.alice.count("Refunded, €39.00") == 1


async def test_what_is_cancelled_can_be_bought_by_somebody_else(shop: Shop) -> None:
    await to_the_question(shop)
    await shop.advance(hours=19)
    await shop.alice.presses("Cancel and refund €19.50")
    await shop.alice.sees("What goes back has changed meanwhile, and nothing was cancelled.")
    assert await shop.taken() == 1
    await shop.alice.presses("Cancel without refund")
    await shop.alice.sees("Cancelled · no refund")
    assert await shop.taken() == 0
