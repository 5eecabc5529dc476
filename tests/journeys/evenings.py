"""Evenings in a kayak: how the people of the demo shop get there on the sandbox's page, and pay."""

import re
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from playwright.async_api import Page, expect

from tests.browser import Phone

THANKS = re.compile("Thank you|Merci")


class Evening(IntEnum):
    """The weekday decides how many kayaks there are."""

    PAIR = 1
    GROUP = 2


def evening(kind: Evening) -> datetime:
    """The first one that is in good time; its day, in UTC."""
    day = datetime.now(UTC) + timedelta(days=4)
    return day + timedelta(days=(kind - day.weekday()) % 7)


def link_to(kind: Evening) -> str:
    return f"/start r_sunset-by-kayak_{evening(kind):%Y%m%d}"


async def buy(page: Page, alice: Phone) -> None:
    """One place of a group, for €35."""
    await alice.tap("Start")
    await alice.says(link_to(Evening.GROUP))
    await alice.tap("18:00")
    await alice.tap("Continue · €35")
    await alice.tap("Hold and pay")
    await pay(page, alice, "Pay €35.00")
    await alice.sees("You are booked", "Sunset by kayak")


async def pay(page: Page, phone: Phone, label: str) -> None:
    """To the page of thanks, which is in the language of the browser."""
    async with page.expect_popup() as opened:
        await phone.last.get_by_role("link", name=label).click()
    checkout = await opened.value
    await checkout.locator("input[name=email]").fill("kayak@example.org")
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
