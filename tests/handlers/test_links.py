"""Links into the chat: to the shop, to one resource, to a day of it."""

import pytest

from tests.handlers.counter import ADA, BLAISE, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_link_to_a_day_shows_its_times(counter: Counter) -> None:
    await counter.say(ADA, "/start r_sunrise_20261124")
    shown = counter.screen(ADA)
    assert shown.text.startswith("Sunrise\nTue 24 Nov 2026.")
    assert counter.labels(shown)[0].startswith("07:00")
    await counter.press(ADA, "Back")
    assert "24" in counter.labels(counter.screen(ADA))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("20261101", "This day can no longer be booked."),
        ("20261130", "Nothing takes place on this day."),
        ("99991231", "This can be booked up to 120 days ahead."),
        ("00010101", "This day can no longer be booked."),
    ],
)
async def test_a_day_that_cannot_be_chosen_leads_to_the_calendar_with_the_reason(
    counter: Counter, day: str, why: str
) -> None:
    await counter.say(ADA, f"/start r_sunrise_{day}")
    shown = counter.screen(ADA)
    assert shown.text.startswith(f"{why}\n")
    assert "Choose a day." in shown.text
    assert "24" in counter.labels(shown)


async def test_a_day_that_is_full_shows_what_can_be_waited_for(counter: Counter) -> None:
    await counter.say(ADA, "/start r_sunrise_20261126")
    assert counter.labels(counter.screen(ADA)) == ["07:00 · full, waiting list", "Back"]


async def test_a_day_of_something_undated_leads_to_its_card(counter: Counter) -> None:
    await counter.say(BLAISE, "/start r_lantern_20261124")
    assert "Choisir la quantité" in counter.labels(counter.screen(BLAISE))


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    ("payload", "first"),
    [
        ("r_gone", "This is no longer on offer."),
        ("r_gone_20261124", "This is no longer on offer."),
        ("r_sunrise_20261399", "Sunrise"),
        ("r_../../etc_20261124", "Lac & Sentiers"),
        ("r_' OR 1=1", "Lac & Sentiers"),
        ("x" * 64, "Lac & Sentiers"),
        ("r__20261124", "Lac & Sentiers"),
        ("r_sunrise extra words", "Sunrise"),
    ],
)
async def test_a_forged_link_opens_nothing_but_the_shop(counter: Counter, payload: str, first: str) -> None:
    await counter.say(ADA, f"/start {payload}")
    assert counter.screen(ADA).text.startswith(first)
