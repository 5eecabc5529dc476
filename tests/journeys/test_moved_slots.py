"""What an owner moves while customers look at it: they are asked again, never moved along in silence."""

import pytest

from storage import schema
from tests.journeys.shop import CATALOGUE, Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(31)

TIMES = 'times = ["06:00", "18:00"]'


async def imports(shop: Shop, times: str) -> None:
    changed = CATALOGUE.read_text(encoding="utf-8").replace(TIMES, times)
    await shop.noe.sends_file("catalogue.toml", changed.encode())
    await shop.noe.presses("Apply")
    await shop.attended()


@pytest.mark.parametrize("steps", [['times = ["07:30"]'], ['times = ["08:00"]', 'times = ["07:30"]']])
async def test_a_time_that_was_moved_before_the_last_tap_is_not_held(shop: Shop, steps: list[str]) -> None:
    await Walks(shop.alice).to_summary()
    for times in steps:
        await imports(shop, times)
    await shop.alice.presses("Hold and pay")
    assert "This is no longer on offer." in shop.alice.screen().text or shop.alice.heard()
    assert (await shop.rows(schema.orders), await shop.taken()) == ([], 0)


async def test_a_time_that_somebody_holds_cannot_be_moved_away_from_them(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    held = next(row for row in await shop.rows(schema.inventory) if row["taken"])
    await imports(shop, 'times = ["07:30"]')
    (now,) = [row for row in await shop.rows(schema.inventory) if row["taken"]]
    assert (now["id"], now["starts_at"], now["closed"]) == (held["id"], held["starts_at"], True)
    await shop.alice.pays()
    await shop.alice.sees("You are booked")
    assert "06:00" in shop.alice.messages()[-1].text
