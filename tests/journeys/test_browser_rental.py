"""A cabin over the beginning of the holidays, on the sandbox's page: each night has its own price."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import Phone, opened_page, save_image
from tests.test_docs import demo

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAMILLE = 1002
WEEKDAYS, WEEKENDS, HOLIDAYS = 90, 110, 150


def before_the_holidays() -> date:
    """The next 17 December: two nights before the dearer ones begin."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    this_year = date(today.year, 12, 17)
    return this_year if today < this_year else date(today.year + 1, 12, 17)


def price(first: date, nights: int) -> int:
    """In euros, as the demo shop's file says."""
    total = 0
    for day in (first + timedelta(days=number) for number in range(nights)):
        total += HOLIDAYS if day.day >= 19 else WEEKENDS if day.weekday() in {4, 5} else WEEKDAYS
    return total


async def test_a_cabin_is_taken_night_by_night_at_the_prices_of_the_season(chromium: Browser) -> None:
    async with demo() as address, opened_page(chromium, address, locale="fr-FR") as page:
        camille, first = Phone(page, CAMILLE), before_the_holidays()
        await camille.tap("Démarrer")
        await camille.sees("Lac & Sentiers")
        await choose(camille, first)
        await pay(page, camille, first)


async def choose(camille: Phone, first: date) -> None:
    await camille.says(f"/start r_cabin-by-the-lake_{first:%Y%m%d}")
    await camille.sees("Cabane au bord du lac", "Choisissez le jour de départ.", f"2 nuits · {price(first, 2)} €")
    for nights in (3, 4):
        await camille.last.get_by_role("button", name=re.compile(rf"^{17 + nights}$")).click()
        await camille.sees(f"{nights} nuits · {price(first, nights)} €")
    await camille.sees("2 nuits × 150 €")
    await save_image(camille.page, "stay", camille.screen)
    await camille.tap(f"Continuer · {price(first, 4)} €")
    await camille.sees("17 déc.", "15:00 – ", "21 déc.", "11:00, 4 nuits", f"Total : {price(first, 4)},00 €")
    await camille.tap("Réserver et payer")
    await camille.sees("Gardé pour vous jusqu’à", "11:00, 4 nuits", "1 cabane")


async def pay(page: Page, camille: Phone, first: date) -> None:
    link = camille.last.get_by_role("link", name=f"Payer {price(first, 4)},00 €")
    async with page.expect_popup() as opened:
        await link.click()
    checkout = await opened.value
    await expect(checkout.locator("#amount")).to_have_text(f"{price(first, 4)},00 €")
    await expect(checkout.locator("body")).to_contain_text("4 nuits")
    await checkout.get_by_label("E-mail").fill("camille@example.org")
    await checkout.get_by_label("Nom complet").fill("Camille Favre")
    await checkout.locator("button[name=fill]").first.click()
    await checkout.locator("#pay").click()
    await expect(checkout.get_by_role("heading")).to_have_text("Merci")
    await checkout.close()
    await camille.sees("C’est réservé", "Cabane au bord du lac", "11:00, 4 nuits", "Code ")
    await expect(camille.screen.get_by_text("Payé · votre billet est ci-dessous")).to_be_visible()
