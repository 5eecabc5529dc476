"""Three things in one basket on the sandbox's page, one of them with questions: one payment, three tickets, and staff
who read the answers. `GUICHET_SAVE_IMAGES=1` takes the pictures anew.
"""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import Phone, opened_page, save_image
from tests.journeys import test_browser
from tests.journeys.mornings import THANKS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALICE, NOE = 1001, 9001
demo = test_browser.demo


async def test_three_things_are_one_payment_and_the_shop_knows_its_guests(chromium: Browser, demo: str) -> None:
    async with opened_page(chromium, f"{demo}/?people={ALICE}", width=390, height=860) as page:
        alice = Phone(page, ALICE)
        await alice.tap("Start")
        await put_in_a_map(alice)
        await put_in_kayaks(alice)
        await put_in_a_sunrise(alice)
        await hold_and_pay(page, alice)
        await have_three_tickets(alice)
    async with opened_page(chromium, f"{demo}/?people={NOE}", width=390, height=860) as page:
        await see_the_answers(Phone(page, NOE))


async def put_in_a_map(alice: Phone) -> None:
    await alice.says("/start r_trail-map")
    await alice.tap("Choose how many")
    await alice.tap("Continue")
    await alice.tap("Add to basket")
    await alice.sees("It is in your basket", "Hand-drawn trail map")


async def put_in_kayaks(alice: Phone) -> None:
    """Two paddlers: the shop wants to know whether they swim, who they are, and how large."""
    await alice.says("/start r_sunset-by-kayak")
    await alice.tap("Choose a date")
    await alice.tap("›")
    await expect(alice.last.get_by_role("button", name="‹")).to_be_visible()
    await alice.tap_day()
    await alice.tap("18:00")
    await alice.tap("+")
    await alice.tap("Continue · €70")
    await alice.sees("Total €70.00")
    await alice.tap("Answer 5 questions")
    await alice.sees("Can everybody swim?")
    await alice.tap("Yes")
    await alice.sees("First name?", "Guest 1 of 2")
    await save_image(alice.page, "question", alice.screen)
    await alice.says("Ada")
    await alice.sees("Size of the life jacket?")
    await alice.tap("Medium")
    await alice.sees("Guest 2 of 2")
    await alice.says("12345")
    await alice.sees("That is no name: please write one with letters.")
    await alice.says("Blaise")
    await alice.sees("Size of the life jacket?")
    await alice.tap("Child")
    await alice.sees("Can everybody swim? Yes", "Guest 1 · First name? Ada", "Guest 2 · First name? Blaise")
    await alice.tap("Change answers")
    await alice.tap("Guest 2: Child")
    await alice.tap("Large")
    await alice.sees("Guest 2 · Size of the life jacket? Large, over 70 kg")
    await alice.tap("Add to basket")


async def put_in_a_sunrise(alice: Phone) -> None:
    await alice.says("/start r_semnoz-sunrise")
    await alice.tap("Choose a date")
    await alice.tap("›")
    await expect(alice.last.get_by_role("button", name="‹")).to_be_visible()
    await alice.tap_day()
    await alice.tap("06:00")
    await alice.tap("Continue · €39")
    await alice.tap("Add to basket")
    await alice.sees("Sunset by kayak", "2 paddlers · €70.00", "Sunrise on the Semnoz", "Total €")
    await save_image(alice.page, "basket", alice.screen)


async def hold_and_pay(page: Page, alice: Phone) -> None:
    await alice.tap("Back")
    await alice.tap("Basket (3)")
    total = re.search(r"Total (€[\d.]+)", await alice.last.inner_text())
    assert total is not None
    await alice.tap(f"Hold and pay {total[1]}")
    await alice.sees("Held for you until", "2 paddlers", "Sunrise on the Semnoz", f"Total {total[1]}")
    async with page.expect_popup() as opened:
        await alice.last.get_by_role("link", name=f"Pay {total[1]}").click()
    checkout = await opened.value
    await expect(checkout.locator("#amount")).to_have_text(total[1])
    await checkout.locator("input[name=email]").fill("alice@example.org")
    await checkout.locator("input[name=name]").fill("Alice Martin")
    await checkout.locator("button[name=fill]").first.click()
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_role("heading")).to_have_text(THANKS)
    await checkout.close()


async def have_three_tickets(alice: Phone) -> None:
    await expect(alice.screen.get_by_text("Paid · your tickets are below")).to_be_visible()
    await expect(alice.screen.get_by_text("You are booked")).to_have_count(2)
    await expect(alice.screen.get_by_text("It is yours")).to_have_count(1)
    await alice.says("/bookings")
    await alice.sees("3 bookings ahead.")
    await alice.last.get_by_role("button", name="Sunset by kayak").click()
    await alice.sees("Guest 1 · First name? Ada", "Guest 2 · Size of the life jacket? Large, over 70 kg")


async def see_the_answers(noe: Phone) -> None:
    await noe.tap("Team")
    await noe.sees("Sold, €", "Sunset by kayak", "Guest 2 · First name? Blaise", "Alice Martin")
