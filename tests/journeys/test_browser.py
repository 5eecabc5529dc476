"""The whole journey on the sandbox's page, as anybody sees it who types `make demo`.

`GUICHET_SAVE_IMAGES=1 pytest tests/journeys/test_browser.py` takes the pictures of the readme anew.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from icalendar import Calendar
from playwright.async_api import Browser, Page, expect

from tests.browser import PATIENCE, Phone, opened_page, save_image

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parent.parent.parent
ALICE, CAMILLE, NOE = 1001, 1002, 9001
ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+")


@pytest_asyncio.fixture(loop_scope="session")
async def demo(chromium: Browser) -> AsyncIterator[str]:
    """The address of the demo shop in a process of its own, started by its command."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "bot.py",
        "sandbox",
        "--port=0",
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield await asyncio.wait_for(_address(demo.stdout), PATIENCE / 1000)
    finally:
        with suppress(ProcessLookupError):
            demo.terminate()
        await demo.wait()


async def _address(said: asyncio.StreamReader | None) -> str:
    assert said is not None
    async for line in said:
        if found := ADDRESS.search(line):
            return found.group().decode()
    raise AssertionError("the sandbox has not started")


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, demo: str) -> AsyncIterator[Page]:
    async with opened_page(chromium, demo, locale="fr-FR") as page:
        yield page


async def test_a_customer_buys_in_french_and_staff_see_it(page: Page, chromium: Browser, demo: str) -> None:
    camille, alice, noe = (Phone(page, person) for person in (CAMILLE, ALICE, NOE))
    await page.get_by_role("button", name="Controls").click()
    await choose(camille)
    await pay(page, camille)
    await have_a_ticket(camille)
    await read_the_letter(chromium, demo)
    await look_around(alice)
    await see_the_sale(noe)
    await save_image(page, "page")
    await find_the_booking(camille)
    async with opened_page(chromium, f"{demo}/?people={NOE}", width=390, height=760) as narrow:
        await see_the_figures(Phone(narrow, NOE))


async def choose(camille: Phone) -> None:
    """From the first screen to the message that holds two adults and a child."""
    await camille.tap("Démarrer")
    await camille.sees("Lac & Sentiers", "Choisissez, payez par carte")
    await camille.tap("Balades et visites")
    await camille.sees("Lever du soleil au Semnoz, 3 h, à partir de 39 €")
    await camille.tap("Lever du soleil au Semnoz")
    await camille.sees("Parking du Semnoz", "Adulte 39 € · Enfant 6–12 ans 19 €")
    await save_image(camille.page, "card", camille.screen)
    await camille.tap("Choisir une date")
    await camille.sees("Choisissez un jour. Les heures sont locales (Paris).")
    await camille.tap("›")
    await expect(camille.last.get_by_role("button", name="‹")).to_be_visible()
    await save_image(camille.page, "calendar", camille.screen)
    await camille.tap_day()
    await camille.sees("Choisissez un horaire.")
    await camille.tap("06:00 · 12 places")
    await camille.sees("12 disponibles")
    await camille.tap("+")
    await camille.tap("2 adultes · 78 €")
    await camille.tap("+", 1)
    await camille.tap("1 enfant · 19 €")
    await camille.tap("Continuer · 97 €")
    await camille.sees("2 adultes · 78,00 €", "1 enfant · 19,00 €", "Total : 97,00 €")
    await camille.tap("Réserver et payer")
    await camille.sees("Gardé pour vous jusqu’à", "2 adultes et 1 enfant", "Total : 97,00 €")


async def pay(page: Page, camille: Phone) -> None:
    """A declined card first, then one whose bank asks; and back to the chat."""
    link = camille.last.get_by_role("link", name="Payer 97,00 €")
    async with page.expect_popup() as opened:
        await link.click()
    checkout = await opened.value
    await expect(checkout.locator("#amount")).to_have_text("97,00 €")
    await checkout.get_by_label("E-mail").fill("camille@example.org")
    await checkout.get_by_label("Nom complet").fill("Camille Favre")
    await checkout.get_by_role("button", name="Refusée").click()
    await checkout.set_viewport_size({"width": 960, "height": 880})
    await save_image(checkout, "pay")
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_role("alert")).to_contain_text("Votre carte a été refusée. Rien n’a été débité")
    await checkout.get_by_role("button", name="À confirmer", exact=True).click()
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_text("Confirmez-vous le paiement de 97,00 €")).to_be_visible()
    await checkout.get_by_role("button", name="Confirmer").click()
    await expect(checkout.get_by_role("heading")).to_have_text("Merci")
    await checkout.get_by_role("link", name="Retour à la conversation").click()
    await expect(checkout.get_by_role("heading", name="Camille")).to_be_visible()
    await checkout.close()


async def have_a_ticket(camille: Phone) -> None:
    await camille.sees("C’est réservé", "Lever du soleil au Semnoz", "2 adultes et 1 enfant · 97,00 € payés", "Code ")
    await expect(camille.screen.get_by_text("Payé · votre billet est ci-dessous")).to_be_visible()
    await expect(camille.screen.get_by_role("link", name="Payer")).to_have_count(0)
    await save_image(camille.page, "ticket", camille.screen)


async def read_the_letter(chromium: Browser, demo: str) -> None:
    """What her mail program shows, at the width of a phone, with the file for her calendar."""
    async with opened_page(chromium, f"{demo}/mail", width=390, height=844, locale="fr-FR") as page:
        link = page.get_by_role("link", name="C’est réservé · Lever du soleil au Semnoz")
        while not await link.count():
            await page.reload()
        await link.click()
        letter = page.frame_locator("#letter")
        await expect(letter.get_by_role("heading", name="C’est réservé")).to_be_visible()
        await expect(letter.get_by_text("97,00 € payés")).to_be_visible()
        ticket = letter.get_by_role("img", name="Billet avec un code QR")
        assert await ticket.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1000
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        await save_image(page, "letter")
        async with page.expect_download() as download:
            await page.locator("a.file").click()
        file = await (await download.value).path()
        (event,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        assert event["SUMMARY"] == "Lever du soleil au Semnoz"


async def look_around(alice: Phone) -> None:
    await alice.tap("Start")
    await alice.sees("Guided walks, boats and cabins around Annecy.")
    await alice.tap("Boats and bikes")
    await alice.sees("Boat to Duingt castle, 1 h 45, from €22")


async def see_the_sale(noe: Phone) -> None:
    """In the team's group first, then by day."""
    await noe.tap("Team")
    await noe.sees("Sold, €97.00", "Sunrise on the Semnoz", "2 adults, 1 child", "Camille Favre")
    await noe.tap("Guichet")
    await noe.tap("Start")
    await noe.sees("Lac & Sentiers")
    await noe.tap("Menu")
    await noe.tap("/today")
    await noe.sees("Nobody has booked for this day.")
    await noe.tap("Team")
    await noe.sees("Sold, €97.00")


async def find_the_booking(camille: Phone) -> None:
    code = re.search(r"Code (\S+)", await camille.last.inner_text())
    assert code is not None
    await camille.tap("Menu")
    await camille.tap("/bookings")
    await camille.sees("Mes réservations", "1 réservation à venir")
    await camille.tap("Lever du soleil au Semnoz")
    await camille.sees(f"Code {code[1]}", "97,00 € payés")


async def see_the_figures(noe: Phone) -> None:
    """On a narrow screen."""
    await noe.says("/sales week")
    await noe.sees("Sales, ", "Gross", "€97", "Sunrise on the Semnoz")
    await save_image(noe.page, "sales", noe.page.locator("body"))
    assert await noe.page.evaluate("document.documentElement.scrollWidth") == 390
