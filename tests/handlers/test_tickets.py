"""A ticket is a picture, with a file for the calendar and the place on a map; without these it comes all the same."""

from io import BytesIO

import pytest
import zxingcpp
from icalendar import Calendar, Event
from PIL import Image
from sqlalchemy import update

from bot.domain.ids import ChatId
from bot.domain.outbox import OutboxMessage, Unsure
from bot.sandbox.telegram.views import MessageView
from handlers.callbacks import Action, pack
from handlers.ticket_face import TicketFace
from storage import schema
from tests.builders import texts
from tests.clock import NOW
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BUTTONS = ["Calendar", "Map", "Copy code", "Manage booking"]


async def tell(counter: Counter, tries: int = 0) -> None:
    """The booking message of the first order, again."""
    await counter.deliveries.send(OutboxMessage(1, ChatId(ADA), "booked", {"order_id": 1}, tries, NOW))


async def change(counter: Counter, **columns: object) -> None:
    """Everything on offer is changed so."""
    await counter.world.database.run(lambda connection: connection.execute(update(schema.resource).values(columns)))


async def on_the_map(counter: Counter) -> None:
    await change(counter, latitude=45.79858, longitude=6.10534, address="Route du Semnoz")


async def booking(counter: Counter) -> dict[str, object]:
    (row,) = await counter.world.rows(schema.booking)
    return {str(name): value for name, value in row._mapping.items()}


async def link(counter: Counter) -> str:
    return f"https://t.me/{counter.telegram.username}?start=ci_{(await booking(counter))['ticket_token']}"


def scanned(counter: Counter, message: MessageView) -> str | None:
    """What a camera reads from the message's picture."""
    file = counter.telegram.file(message.photo or "")
    assert file is not None
    try:
        shown = Image.open(BytesIO(file.content)).convert("L")
    except OSError:
        return None  # the tests' other pictures are not whole
    found = zxingcpp.read_barcode(shown)
    return found.text if found else None


async def broken(face: TicketFace) -> bytes:
    raise OSError(face.code)


async def test_a_ticket_is_a_picture_with_the_code_and_three_buttons(counter: Counter) -> None:
    await on_the_map(counter)
    await to_the_ticket(counter, ADA)
    ticket = counter.screen(ADA)
    assert ticket.text.startswith("You are booked")
    assert str((await booking(counter))["code"]) in ticket.text
    assert scanned(counter, ticket) == await link(counter)
    assert counter.labels(ticket) == BUTTONS


async def test_a_ticket_is_uploaded_once_and_shown_again_under_bookings(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    first = counter.screen(ADA).photo
    await tell(counter)
    assert counter.screen(ADA).photo == first
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov")
    assert counter.screen(ADA).photo == first
    assert counter.labels(counter.screen(ADA))[:2] == ["Calendar", "Copy code"]


async def test_another_language_and_other_words_are_another_picture(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    seen = [counter.screen(ADA).photo]
    await counter.say(ADA, "/language")
    await counter.press(ADA, "Français")
    for name in ("Sunrise", "Dawn"):
        await change(counter, name=texts(name))
        await counter.say(ADA, "/bookings")
        await counter.press(ADA, "Mar. 24 nov.")
        seen.append(counter.screen(ADA).photo)
        assert scanned(counter, counter.screen(ADA)) == await link(counter)
    assert len(set(seen)) == 3


async def test_a_picture_that_telegram_has_forgotten_is_drawn_again(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    forgotten = update(schema.ticket_picture).values(telegram_file_id="AgAC-of-another-bot")
    await counter.world.database.run(lambda connection: connection.execute(forgotten))
    await tell(counter)
    assert scanned(counter, counter.screen(ADA)) == await link(counter)


async def test_a_picture_that_cannot_be_drawn_keeps_no_booking_back(counter: Counter) -> None:
    counter.pictures._draw = broken
    await to_the_ticket(counter, ADA)
    ticket = counter.screen(ADA)
    assert (ticket.kind, ticket.text.startswith("You are booked")) == ("text", True)
    assert counter.labels(ticket) == ["Calendar", "Copy code", "Manage booking"]
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov")
    assert counter.screen(ADA).text.startswith("Sunrise")
    assert counter.screen(ADA).photo


async def test_a_picture_that_telegram_refuses_keeps_no_booking_back(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.wire.refused["sendPhoto"] = [(400, "Bad Request: IMAGE_PROCESS_FAILED")]
    await tell(counter)
    assert (counter.screen(ADA).kind, counter.screen(ADA).text.startswith("You are booked")) == ("text", True)


@pytest.mark.fault(26)
async def test_a_picture_that_never_gets_through_is_left_out_in_the_end(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.wire.refused["sendPhoto"] = [(413, "Request Entity Too Large")] * 4
    for tries in range(3):
        with pytest.raises(Unsure):
            await tell(counter, tries)
    await tell(counter, tries=3)
    assert counter.screen(ADA).kind == "text"


async def test_the_calendar_file_holds_the_booking(counter: Counter) -> None:
    await on_the_map(counter)
    await to_the_ticket(counter, ADA)
    await counter.press(ADA, "Calendar")
    ticket, sent = counter.messages(ADA)[-2:]
    assert ticket.text.startswith("You are booked")
    assert sent.text == "Sunrise\nOpen this file to put it into your calendar."
    code = (await booking(counter))["code"]
    assert sent.document is not None
    assert (sent.document.name, sent.document.mime_type) == (f"{code}.ics", "text/calendar")
    file = counter.telegram.file(sent.document.file_id)
    assert file is not None
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert isinstance(event, Event)
    assert str(event["LOCATION"]) == "Semnoz car park, Route du Semnoz"
    assert str(event["DESCRIPTION"]).replace("\N{NO-BREAK SPACE}", " ") == f"1 adult\nCode {code}"
    assert str(event.start) == "2026-11-24 07:00:00+01:00"


async def test_the_map_shows_the_place(counter: Counter) -> None:
    await on_the_map(counter)
    await to_the_ticket(counter, ADA)
    await counter.press(ADA, "Map")
    venue = counter.screen(ADA).venue
    assert venue is not None
    assert (venue.latitude, venue.longitude) == (45.79858, 6.10534)
    assert (venue.title, venue.address) == ("Semnoz car park", "Route du Semnoz")


async def test_a_place_without_an_address_is_named_after_what_happens_there(counter: Counter) -> None:
    await change(counter, latitude=0.5, longitude=-6.0)
    await to_the_ticket(counter, ADA)
    await counter.press(ADA, "Map")
    venue = counter.screen(ADA).venue
    assert venue is not None
    assert venue.address == "Sunrise"


async def test_a_map_that_the_shop_has_taken_away_is_said_to_be_gone(counter: Counter) -> None:
    await on_the_map(counter)
    await to_the_ticket(counter, ADA)
    await change(counter, latitude=None)
    await counter.press(ADA, "Map")
    assert counter.screen(ADA).venue is None
    assert counter.alerts(ADA)


async def test_an_item_has_no_calendar_file(counter: Counter) -> None:
    await counter.say(ADA, "/start r_lantern")
    for label in ("Choose how many", "Continue", "Hold and pay"):
        await counter.press(ADA, label)
    await counter.work()
    await counter.pay()
    ticket = counter.screen(ADA)
    assert ticket.text.startswith("It is yours")
    assert counter.labels(ticket) == ["Copy code", "Manage booking"]
    assert scanned(counter, ticket) == await link(counter)
    await counter.forge(ADA, pack(Action.CALENDAR_FILE, 1), ticket.id)
    assert counter.calls("sendDocument") == 0


async def test_a_cancelled_booking_has_a_calendar_file_that_takes_it_back(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    cancelled = update(schema.booking).values(status="cancelled")
    await counter.world.database.run(lambda connection: connection.execute(cancelled))
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Cancelled · Tue 24 Nov")
    shown = counter.screen(ADA)
    assert "Map" not in counter.labels(shown)
    assert scanned(counter, shown) is None
    await counter.press(ADA, "Calendar", shown.id)
    sent = counter.screen(ADA).document
    assert sent is not None
    file = counter.telegram.file(sent.file_id)
    assert file is not None
    assert b"STATUS:CANCELLED" in file.content


@pytest.mark.fault(43)
@pytest.mark.parametrize("action", [Action.CALENDAR_FILE, Action.MAP])
async def test_a_strangers_ticket_gives_nothing_away(counter: Counter, action: Action) -> None:
    await on_the_map(counter)
    await to_the_ticket(counter, ADA)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, pack(action, 1))
    await counter.forge(BLAISE, pack(action, 1, 1))
    assert counter.calls("sendDocument", "sendVenue") == 0


async def test_the_code_of_a_ticket_opens_nothing_of_it_for_a_stranger(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(BLAISE, f"/start {(await link(counter)).partition('=')[2]}")
    assert "Lac & Sentiers" in counter.screen(BLAISE).text
    assert str((await booking(counter))["code"]) not in counter.screen(BLAISE).text
