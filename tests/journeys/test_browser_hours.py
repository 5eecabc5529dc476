"""Two pedal boats for three hours on a weekend, on the sandbox's page: a day, a time, an end, and how many.

Then they are moved to the weekend after: another day, and another time.
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import Phone, opened_page, save_image
from tests.test_docs import demo

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALICE = 1001


def next_saturday() -> date:
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    return today + timedelta(days=(5 - today.weekday()) % 7 or 7)


async def test_pedal_boats_are_taken_by_the_hour_at_the_price_of_the_weekend(chromium: Browser) -> None:
    async with demo() as address, opened_page(chromium, address) as page:
        alice = Phone(page, ALICE)
        await alice.tap("Start")
        await alice.sees("Lac & Sentiers")
        await choose(alice, next_saturday())
        await pay(page, alice)
        await move(alice, next_saturday() + timedelta(days=7))


async def choose(alice: Phone, day: date) -> None:
    await alice.says("/start r_pedal-boat")
    await alice.sees("Pedal boat by the hour", "Open 09:00 – 19:00 · At most 4 hours", "From €18 an hour")
    await alice.says(f"/start r_pedal-boat_{day:%Y%m%d}")
    await alice.sees(f"Sat {day.day} ", "Choose when it begins.")
    await alice.last.get_by_role("button", name=re.compile("^10:00 · ")).click()
    await alice.sees("10:00 – 11:00, 1 hour · €22", "Choose when it ends.")
    await alice.tap("13:00")
    await alice.sees("10:00 – 13:00, 3 hours · €66")
    await save_image(alice.page, "hours", alice.screen)
    await alice.tap("Continue · €66")
    await alice.tap("+")
    await alice.tap("Continue · €132")
    await alice.sees("10:00 – 13:00, 3 hours", "3 hours × €22", "Total €132.00")
    await alice.tap("Hold and pay")
    await alice.sees("Held for you until", "10:00 – 13:00, 3 hours", "2 pedal boats")


async def pay(page: Page, alice: Phone) -> None:
    link = alice.last.get_by_role("link", name="Pay €132.00")
    async with page.expect_popup() as opened:
        await link.click()
    checkout = await opened.value
    await expect(checkout.locator("#amount")).to_have_text("€132.00")
    await expect(checkout.locator("body")).to_contain_text("10:00 – 13:00, 3 hours")
    await checkout.get_by_label("E-mail").fill("alice@example.org")
    await checkout.get_by_label("Full name").fill("Alice Martin")
    await checkout.locator("button[name=fill]").first.click()
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_role("heading")).to_have_text("Thank you")
    await checkout.close()
    await alice.sees("You are booked", "Pedal boat by the hour", "10:00 – 13:00, 3 hours", "Code ")


async def move(alice: Phone, day: date) -> None:
    """In the calendar of the shop to another day, and there to other hours."""
    await alice.says("/bookings")
    await alice.tap("Pedal boat by the hour")
    await alice.tap("Another date")
    await alice.sees("Choose other dates, for as long as before.")
    await expect(alice.last.get_by_role("button", name=re.compile(r"^\[\d+\]$"))).to_be_visible()
    if day.month != next_saturday().month:
        await alice.last.get_by_role("button", name="›").click()
        await expect(alice.last.get_by_role("button", name=f"{day:%B %Y}")).to_be_visible()
    await alice.last.get_by_role("button", name=re.compile(f"^{day.day}$")).click()
    await alice.sees(f"Sat {day.day} ", "Choose when it begins.")
    await alice.tap("11:00 – 14:00")
    await alice.sees("Move this booking?", "11:00 – 14:00, 3 hours", "Moving is free")
    await alice.tap("Move it")
    await expect(alice.screen.get_by_text("Your booking has moved").last).to_be_visible()
    await expect(alice.screen.get_by_text("11:00 – 14:00, 3 hours").last).to_be_visible()
