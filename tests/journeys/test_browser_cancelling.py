"""Time passes on the sandbox's page: a guest is reminded, gives up the day before, and gets half of it back."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from tests.browser import Phone, save_image
from tests.journeys import test_browser
from tests.journeys.mornings import Morning, buy, morning, shown_code
from tests.journeys.test_browser import ALICE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
demo, page = test_browser.demo, test_browser.page
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON, EVENING, PLACE = time(12), time(20), ZoneInfo("Europe/Paris")


async def test_a_guest_is_reminded_and_gives_back_for_half(page: Page) -> None:
    alice = Phone(page, ALICE)
    await buy(page, alice)
    code = await shown_code(alice)
    day = morning(Morning.GROUP)
    await move_the_clock(page, datetime.combine(day - 2 * DAY, EVENING, PLACE))
    await alice.sees(" at 06:00", "Sunrise on the Semnoz", code)
    await expect(alice.last.get_by_role("button", name="Manage booking")).to_be_visible()
    await save_image(page, "reminder", alice.screen)
    await move_the_clock(page, datetime.combine(day - DAY, NOON, PLACE))
    await alice.says("/bookings")
    await alice.tap("Sunrise on the Semnoz")
    await alice.tap("Cancel this booking")
    await alice.sees("Cancel this booking?", "You get back €19.50 (50 %, less than 24 h before).")
    await alice.tap("Cancel and refund €19.50")
    await alice.sees("Refunded, €19.50")
    await expect(alice.screen.get_by_text("Cancelled · €19.50 is on its way back").first).to_be_visible()
    await alice.says("/bookings")
    await alice.tap("Sunrise on the Semnoz")
    await alice.sees("Cancelled · €19.50 refunded")
    await expect(page.get_by_text("€19.50 refunded").first).to_be_visible()


async def move_the_clock(page: Page, until: datetime) -> None:
    """By the buttons of the controls, a day and then an hour at a time, until just after that moment."""
    while (now := await shown_time(page)) <= until:
        label, step = ("+1 day", DAY) if until - now > DAY else ("+1 h", HOUR)
        await page.get_by_role("button", name=label, exact=True).click()
        await page.wait_for_function(
            "moved => new Date(document.getElementById('clock').dateTime) >= new Date(moved)",
            arg=(now + step).isoformat(),
        )


async def shown_time(page: Page) -> datetime:
    return datetime.fromisoformat(await page.locator("#clock").get_attribute("datetime") or "")
