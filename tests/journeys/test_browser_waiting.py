"""Who comes too late waits, and gets what others give back: declined by one, taken by the next."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import Phone, save_image
from tests.journeys import test_browser
from tests.journeys.mornings import Morning, link_to, pay
from tests.journeys.test_browser import ALICE, CAMILLE, NOE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
demo, page = test_browser.demo, test_browser.page
MORNING = link_to(Morning.PAIR)


async def test_an_offer_is_declined_by_one_and_taken_by_the_next(page: Page) -> None:
    alice, camille, noe = (Phone(page, person) for person in (ALICE, CAMILLE, NOE))
    await buy_it_out(page, alice)
    await join(noe, "Start", "07:00 · full, waiting list", "Join the waiting list")
    await noe.sees("You are on the waiting list", "You are first in line.")
    await join(camille, "Démarrer", "07:00 · complet, liste d’attente", "Rejoindre la liste d’attente")
    await camille.sees("Vous êtes sur la liste d’attente", "1 personne est avant vous.")
    await give_back(alice)
    await noe.sees("Places came free: yours until", "You waited for this.")
    await expect(noe.last.get_by_role("link", name="Pay €39.00")).to_be_visible()
    await save_image(page, "offer", noe.screen)
    await find_it_again(noe)
    await noe.tap("No, thank you")
    await camille.sees("Des places se libèrent", "Vous attendiez ces places.")
    await pay(page, camille, "Payer 39,00 €")
    await camille.sees("C’est réservé", "Lever du soleil au Semnoz", "1 adulte · 39,00 € payés")


async def find_it_again(noe: Phone) -> None:
    await noe.says("/bookings")
    await noe.sees("Sunrise on the Semnoz", "Places came free: yours until", "€39.00 to pay")
    await noe.tap("€39.00 to pay")
    await noe.sees("You waited for this.")
    await expect(noe.screen.get_by_role("link", name="Pay €39.00")).to_have_count(1)


async def buy_it_out(page: Page, alice: Phone) -> None:
    await alice.tap("Start")
    await alice.says(MORNING)
    await alice.tap("07:00 · last 2")
    await alice.tap("+")
    await alice.tap("Continue · €78")
    await alice.tap("Hold and pay")
    await pay(page, alice, "Pay €78.00")
    await alice.sees("You are booked", "Sunrise on the Semnoz")


async def join(phone: Phone, start: str, time: str, button: str) -> None:
    await phone.tap(start)
    await phone.says(MORNING)
    await phone.tap(time)
    await phone.tap(button)


async def give_back(alice: Phone) -> None:
    await alice.says("/bookings")
    await alice.tap("Sunrise on the Semnoz")
    await alice.tap("Cancel this booking")
    await alice.tap("Cancel and refund €78.00")
