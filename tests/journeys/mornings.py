"""Mornings on the Semnoz: how the people of the demo shop get there on the sandbox's page, and pay."""

import re
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from playwright.async_api import Page, expect

from tests.browser import Phone

THANKS = re.compile("Thank you|Merci")
CLOSED = (date(2026, 12, 25), date(2026, 12, 26))


class Morning(IntEnum):
    """The weekday decides how many come along: on Saturdays, there is a second group for two."""

    PAIR = 5
    GROUP = 2


def morning(kind: Morning) -> date:
    """The first one in good time."""
    day = datetime.now(UTC).date() + timedelta(days=4)
    day += timedelta(days=(kind - day.weekday()) % 7)
    return day + timedelta(days=7) if day in CLOSED else day


def link_to(kind: Morning) -> str:
    return f"/start r_semnoz-sunrise_{morning(kind):%Y%m%d}"


async def buy(page: Page, alice: Phone) -> None:
    """One place in the group, for €39."""
    await alice.tap("Start")
    await alice.says(link_to(Morning.GROUP))
    await alice.tap("06:00")
    await alice.tap("Continue · €39")
    await alice.tap("Hold and pay")
    await pay(page, alice, "Pay €39.00")
    await alice.sees("You are booked", "Sunrise on the Semnoz")


async def pay(page: Page, phone: Phone, label: str) -> None:
    """To the page of thanks, which is in the language of the browser."""
    async with page.expect_popup() as opened:
        await phone.last.get_by_role("link", name=label).click()
    checkout = await opened.value
    await checkout.locator("input[name=email]").fill("hiker@example.org")
    await checkout.locator("input[name=name]").fill("Some Body")
    await checkout.locator("button[name=fill]").first.click()
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_role("heading")).to_have_text(THANKS)
    await checkout.close()


async def shown_code(phone: Phone) -> str:
    await phone.sees("Code ")
    found = re.search(r"Code \S+", await phone.last.inner_text())
    assert found is not None
    return found.group()
