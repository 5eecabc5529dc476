"""A customer pays, gets a ticket that cameras read, puts the visit into a calendar and finds the place."""

from io import BytesIO

import zxingcpp
from icalendar import Calendar
from PIL import Image

from storage import schema
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks


async def test_a_ticket_is_scanned_put_into_the_calendar_and_found_on_the_map(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_booking()
    (booking,) = await shop.rows(schema.booking)
    ticket = await alice.sees("You are booked")
    assert _scanned(shop, ticket.photo) == f"https://t.me/{shop.telegram.username}?start=ci_{booking['ticket_token']}"
    await alice.presses("Calendar")
    sent = await alice.sees("Open this file")
    assert sent.document is not None
    file = shop.telegram.file(sent.document.file_id)
    assert file is not None
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert str(event["LOCATION"]) == "Semnoz car park, Route du Semnoz, 74540 Viuz-la-Chiésaz"
    await alice.presses("Map")
    venue = await shop.eventually(lambda: alice.screen().venue, lambda: "the place")
    assert (venue.title, venue.latitude) == ("Semnoz car park", 45.79858)


async def test_the_ticket_stands_under_bookings_in_the_readers_language(shop: Shop) -> None:
    camille = shop.camille
    await Walks(camille, french=True).to_booking()
    ticket = await camille.sees("C’est réservé")
    assert camille.labels(ticket) == ["Agenda", "Plan", "Copier le code", "Gérer la réservation"]
    await camille.says("/bookings")
    await camille.presses("Mar. 4 juin")
    shown = camille.screen()
    assert shown.photo == ticket.photo
    assert camille.labels(shown)[:3] == ["Agenda", "Plan", "Copier le code"]
    await camille.presses("Agenda", on=shown)
    await camille.sees("Ouvrez ce fichier")


async def test_a_ticket_opens_the_booking_for_its_owner_and_says_what_it_is_to_anybody_else(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    (booking,) = await shop.rows(schema.booking)
    for anybody, told in (
        (shop.camille, "C’est un billet pour l’entrée."),
        (shop.noe, "This is a ticket for the door."),
    ):
        await anybody.says(f"/start ci_{booking['ticket_token']}")
        assert anybody.screen().text.startswith(told)
        assert str(booking["code"]) not in anybody.screen().text
    await shop.alice.says(f"/start ci_{booking['ticket_token']}")
    assert f"Code {booking['code']}" in shop.alice.screen().text
    await shop.alice.says(str(booking["code"]))
    assert "Cancel this booking" in shop.alice.labels(shop.alice.screen())


def _scanned(shop: Shop, photo: str | None) -> str:
    file = shop.telegram.file(photo or "")
    assert file is not None
    found = zxingcpp.read_barcode(Image.open(BytesIO(file.content)).convert("L"))
    assert found is not None
    return found.text
