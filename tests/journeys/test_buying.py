"""From /start to a booking in the chat, for an event and an item, in English and in French."""

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

COMMANDS = {
    "help": ("How it works", "Comment ça marche"),
    "privacy": ("Privacy", "Vie privée"),
    "terms": ("Terms", "Conditions"),
    "paysupport": ("Help with a payment", "Aide pour un paiement"),
}
both_databases = pytest.mark.parametrize("sort", SORTS)


@both_databases
async def test_a_customer_goes_from_start_to_a_paid_booking(shop: Shop) -> None:
    alice = shop.alice
    await alice.says("/start")
    for label in ("🥾 Walks", "Sunrise", "Choose a date", "4", "06:00"):
        await alice.presses(label)
    await alice.presses("+")
    await alice.presses("Continue · €78")
    (living,) = alice.messages()
    assert "Total €78.00" in living.text
    await alice.presses("Hold and pay")
    held = await alice.sees("Held for you until 10:30")
    await alice.sees_button("Pay €78.00")
    await alice.pays()
    booked = await alice.sees("You are booked")
    assert "Tue 4 Jun 2030, 06:00" in booked.text
    assert "Semnoz car park" in booked.text
    assert "2 adults · €78.00 paid" in booked.text
    assert alice.labels(booked) == ["Calendar", "Map", "Copy code", "Manage booking"]
    paid = next(message for message in alice.messages() if message.id == held.id)
    assert paid.text.startswith("Paid · your ticket is below")
    assert not paid.keyboard
    assert [row.captured for row in shop.stripe.ledger()] == [7800]


async def test_the_same_way_exists_in_french(shop: Shop) -> None:
    camille = shop.camille
    await camille.says("/start")
    assert "Balades et bateaux." in camille.screen().text
    for label in ("🥾 Balades", "Lever", "Choisir une date", "4", "06:00", "Continuer", "Réserver et payer"):
        await camille.presses(label)
    await camille.sees("Gardé pour vous jusqu’à 10:30")
    await camille.sees_button("Payer 39,00")
    await camille.pays()
    booked = await camille.sees("C’est réservé")
    assert "Parking du Semnoz" in booked.text
    (session,) = shop.stripe.sessions()
    assert session["locale"] == "fr"


@both_databases
async def test_an_item_is_bought_without_a_date(shop: Shop) -> None:
    await Walks(shop.alice).to_booking("lantern")
    booked = await shop.alice.sees("It is yours")
    assert "1 lantern · €12.00 paid" in booked.text
    await shop.alice.says("/start r_lantern")
    assert "4 left" in shop.alice.screen().text


async def test_bookings_are_listed_and_shown(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_booking()
    await alice.says("/bookings")
    assert "1 booking ahead." in alice.screen().text
    await alice.presses("Tue 4 Jun, 06:00")
    assert "Sunrise on the Semnoz" in alice.screen().text
    (booking,) = await shop.rows(schema.booking)
    assert str(booking["code"]) in alice.screen().text


async def test_a_link_opens_one_resource(shop: Shop) -> None:
    await shop.alice.says("/start r_kayak")
    assert shop.alice.screen().text.startswith("Sunset by kayak")
    await shop.camille.says("/start r_nothing-of-the-kind")
    assert "n’est plus proposé" in shop.camille.screen().text


async def test_the_language_can_be_changed_and_stays(shop: Shop) -> None:
    alice = shop.alice
    await alice.says("/language")
    await alice.presses("Français")
    await alice.says("/help")
    assert alice.screen().text.startswith("Comment ça marche")
    await Walks(alice, french=True).to_booking("lantern")


async def test_every_command_answers_in_the_readers_language(shop: Shop) -> None:
    offered = {name for name, _ in shop.telegram.commands(shop.camille.id)}
    for command, (english, french) in COMMANDS.items():
        await shop.alice.says(f"/{command}")
        await shop.camille.says(f"/{command}")
        assert shop.alice.screen().text.startswith(english)
        assert french in shop.camille.screen().text
        assert command in offered


async def test_the_page_after_paying_leads_back_to_the_chat_and_tells_nothing(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    (session,) = shop.stripe.sessions()
    path = str(session["success_url"]).partition("/checkout/")[2]
    async with shop.sandbox.session.get(f"{shop.web_url}/checkout/{path}") as response:
        page = await response.text()
    assert response.status == 200
    assert shop.sandbox.served.url in page
    assert "€" not in page
    assert "39" not in page.partition("<body")[2].replace(shop.sandbox.served.url, "")
