"""A booking moves to a date that costs more by now: the difference is paid, and the ticket comes once more."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser import Phone, save_image
from tests.journeys import test_browser
from tests.journeys.mornings import buy, pay, shown_code
from tests.journeys.test_browser import ALICE, NOE, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
demo, page = test_browser.demo, test_browser.page
CATALOGUE = ROOT / "bot" / "sandbox" / "demo" / "catalogue.toml"


async def test_a_booking_moves_with_a_surcharge(page: Page) -> None:
    alice, noe = Phone(page, ALICE), Phone(page, NOE)
    await buy(page, alice)
    await raise_the_price(noe)
    await alice.says("/bookings")
    await alice.tap("Sunrise on the Semnoz")
    code = await shown_code(alice)
    await alice.tap("Another date")
    await alice.sees("Your places stay yours until you confirm.")
    await expect(alice.last.get_by_role("button", name=re.compile(r"^\[\d+\]$"))).to_be_visible()
    await alice.tap_day()
    await alice.sees("Move this booking?", "It costs €10.00 more there.")
    await save_image(page, "move", alice.screen)
    await alice.tap("Hold and pay €10.00")
    await alice.sees("Your new date is held until", "Total €10.00")
    await pay(page, alice, "Pay €10.00")
    await alice.sees("Your booking has moved", "€49.00 paid", code)
    await expect(alice.screen.get_by_text("Paid · your booking has moved")).to_be_visible()


async def raise_the_price(noe: Phone) -> None:
    dearer = CATALOGUE.read_bytes().replace(b'price = "39.00"', b'price = "49.00"', 1)
    await noe.tap("Start")
    catalogue: FilePayload = {"name": "catalogue.toml", "mimeType": "application/toml", "buffer": dearer}
    await noe.screen.locator("input[type=file]").set_input_files(catalogue)
    await noe.tap("Apply")
    await expect(noe.last.get_by_role("button", name="Apply")).to_have_count(0)
