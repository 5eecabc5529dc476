"""Letters say what is true when they are sent, in the customer's language, in text as in HTML, and to nobody else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import pytest_asyncio
from icalendar import Calendar
from sqlalchemy import update

from bot.domain.ids import ChatId
from bot.domain.outbox import NoLongerTrue, OutboxMessage, Undeliverable, Unsure
from bot.mail.letters import Letter, Sender, message
from bot.mail.post import Ambiguous
from handlers.mails import NoPost
from handlers.ticket_face import TicketFace
from storage import schema
from storage.database import Database
from tests.builders import add_slot, at, texts
from tests.clock import NOW, FakeClock
from tests.handlers.counter import ADA, BLAISE, Counter, open_counter
from tests.handlers.walks import to_the_ticket
from tests.world import open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest_asyncio.fixture
async def counter(database: Database, clock: FakeClock) -> AsyncIterator[Counter]:
    async with open_world(database, clock, mail=True) as world, open_counter(world) as opened:
        yield opened


class Words(HTMLParser):
    """What a reader of the page reads, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.read: list[str] = []
        self.leads: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.feed(html.partition("</head>")[2])

    def handle_data(self, data: str) -> None:
        self.read += [data.strip()] if data.strip() else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        if tag == "img":
            self.images.append(named)
        self.leads += [named["href"] or ""] if tag == "a" else []


async def letter(counter: Counter, user: int = ADA) -> Letter:
    """The letter after somebody has bought one adult for 39.00."""
    await to_the_ticket(counter, user)
    await counter.world.mailer.deliver()
    return counter.post.letters[-1]


def event(found: Letter) -> dict[str, str]:
    (file,) = found.files
    calendar = Calendar.from_ical(file.content)
    (only,) = calendar.walk("VEVENT")
    return {"method": str(calendar["METHOD"]), "status": str(only["STATUS"]), "uid": str(only["UID"])}


async def code(counter: Counter) -> str:
    (row,) = await counter.world.rows(schema.booking)
    return str(row._mapping["code"])


async def test_a_confirmation_says_all_that_one_needs_at_the_door(counter: Counter) -> None:
    found = await letter(counter)
    assert (found.to, found.subject) == ("customer@example.com", "You are booked · Sunrise")
    for said in ("Sunrise", "Tue 24 Nov 2026, 07:00, local time (Paris)", "Semnoz car park", "1 adult", "€39.00 paid"):
        assert said in found.text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Code {await code(counter)}" in found.text
    assert event(found) == {"method": "PUBLISH", "status": "CONFIRMED", "uid": event(found)["uid"]}
    (picture,) = found.pictures
    assert picture.content.startswith(b"\x89PNG")


async def test_text_and_page_say_the_same(counter: Counter) -> None:
    found = await letter(counter)
    page = Words(found.html)
    said = [line for line in found.text.splitlines() if line]
    assert [line for line in said if not line.startswith("Open the chat")] == [
        line for line in page.read if line != "Open the chat"
    ]
    assert page.leads == [f"https://t.me/{counter.telegram.username}"]
    assert f"Open the chat: {page.leads[0]}" in said


async def test_a_page_fetches_nothing_runs_nothing_and_can_be_heard(counter: Counter) -> None:
    found = await letter(counter)
    page = Words(found.html)
    (image,) = page.images
    assert image["src"] == f"cid:{found.pictures[0].name}"
    assert image["alt"] == f"Ticket with a QR code, code {await code(counter)}"
    assert not {"script", "link", "iframe", "table", "form"} & set(page.tags)
    assert re.findall(r"https?://[^\"<\s]+", found.html) == page.leads
    assert '<html lang="en">' in found.html
    assert "h1" in page.tags


async def test_a_letter_is_in_the_readers_language(counter: Counter) -> None:
    found = await letter(counter, BLAISE)
    assert found.subject.startswith("C’est réservé · ")
    assert '<html lang="fr">' in found.html
    assert "Montrez le code à l’entrée." in found.text
    assert "\nOuvrir la conversation\N{NO-BREAK SPACE}: https://t.me/" in found.text


@pytest.mark.fault(44)
async def test_the_shops_words_are_text_and_never_markup(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    hostile = texts("<script>alert(1)</script> \u202eevil\r\nBcc: eve@example.org")
    renamed = update(schema.resource).values(name=hostile)
    await counter.world.database.run(lambda connection: connection.execute(renamed))
    await counter.world.mailer.deliver()
    found = counter.post.letters[-1]
    assert "<script" not in found.html
    assert "&lt;script&gt;" in found.html
    assert "\u202e" not in found.html + found.text
    whole = message(found, Sender("Lac", "tickets@lac.example"), "n", NOW)
    assert whole["Bcc"] is None
    assert "\n" not in str(whole["Subject"])


async def test_a_cancellation_takes_the_event_back_out_of_the_calendar(counter: Counter) -> None:
    booked = await letter(counter)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund €19.50")
    await counter.world.mailer.deliver()
    found = counter.post.letters[-1]
    assert found.subject == "Your booking is cancelled · Sunrise"
    assert "€19.50 is on its way back" in found.text
    assert event(found) == {"method": "PUBLISH", "status": "CANCELLED", "uid": event(booked)["uid"]}
    assert found.pictures == ()


async def test_the_calendar_file_of_a_cancelled_booking_comes_by_itself_once(counter: Counter) -> None:
    await letter(counter)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund")
    await counter.work()
    files = [each for each in counter.messages(ADA) if each.document is not None]
    assert [each.text.splitlines()[-1] for each in files] == [
        "Open this file, and your calendar marks the visit as cancelled."
    ]


async def test_a_refund_in_part_says_what_the_chat_says(counter: Counter) -> None:
    await letter(counter)
    counter.world.stripe.refund_from_dashboard(counter.world.stripe.ledger()[0].payment_intent, 1000)
    await counter.world.deliver_webhooks()
    await counter.work()
    await counter.world.mailer.deliver()
    found = counter.post.letters[-1]
    assert found.subject.startswith("Refunded in part, €10.00 · ")
    assert "Your booking stands." in found.text
    assert (found.files, found.pictures) == ((), ())


async def test_what_does_not_hold_any_more_is_not_written(counter: Counter) -> None:
    """Cancelled before the mail server could be reached: there is nothing to confirm."""
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund")
    await counter.world.advance(seconds=5)
    await counter.world.mailer.deliver()
    await counter.world.advance(seconds=5)
    await counter.world.mailer.deliver()
    assert [each.subject for each in counter.post.letters] == ["Your booking is cancelled · Sunrise"]


@pytest.mark.fault(45)
async def test_an_address_that_was_erased_stops_the_letter(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    nobody = update(schema.orders).values(contact_email=None)
    await counter.world.database.run(lambda connection: connection.execute(nobody))
    await counter.world.mailer.deliver()
    assert counter.post.tried == []


async def test_a_ticket_that_cannot_be_drawn_leaves_the_words(counter: Counter) -> None:
    async def broken(face: TicketFace) -> bytes:
        raise OSError(face.code)

    counter.pictures._draw = broken
    found = await letter(counter)
    assert (found.pictures, Words(found.html).images) == ([], [])
    assert f"Code {await code(counter)}" in found.text


@pytest.mark.fault(27)
async def test_a_letter_that_may_have_arrived_is_sent_once_more_under_the_same_name_and_then_left(
    counter: Counter,
) -> None:
    await to_the_ticket(counter, ADA)
    counter.post.answers = [Ambiguous("reset"), Unsure("451"), Ambiguous("reset"), Unsure("never asked")]
    for _ in range(6):
        await counter.world.mailer.deliver()
        await counter.world.advance(minutes=11)
    assert len(counter.post.tried) == 3
    assert len(set(counter.post.tried)) == 1
    assert await counter.world.concerns() == ["dead_message"]


async def test_a_letter_that_did_not_get_there_is_tried_for_three_days(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.post.answers = [Unsure("mail server: SMTPConnectError")] * 20
    for _ in range(20):
        await counter.world.mailer.deliver()
        await counter.world.advance(hours=3)
    assert await counter.world.concerns() == []
    await counter.world.mailer.deliver()
    assert len(counter.post.letters) == 1


async def test_what_the_server_refuses_for_good_is_for_a_human_at_once(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.post.answers = [Undeliverable("SMTPRecipientRefused 550")]
    await counter.world.mailer.deliver()
    assert await counter.world.concerns() == ["dead_message"]


async def test_letters_of_a_shop_without_a_mail_server_are_let_go(counter: Counter) -> None:
    with pytest.raises(NoLongerTrue):
        await NoPost().send(OutboxMessage(1, ChatId(ADA), "mail_booked", {"order_id": 1}, 0, NOW))


async def test_an_unknown_kind_or_order_is_no_letter(counter: Counter) -> None:
    with pytest.raises(Undeliverable):
        await counter.mails.send(OutboxMessage(1, ChatId(ADA), "mail_spam", {"order_id": 1}, 0, NOW))
    with pytest.raises(NoLongerTrue):
        await counter.mails.send(OutboxMessage(1, ChatId(ADA), "mail_booked", {"order_id": 1}, 0, NOW))
    with pytest.raises(Undeliverable):
        await counter.mails.send(OutboxMessage(1, ChatId(ADA), "mail_booked", {}, 0, NOW + timedelta(hours=1)))


async def test_a_moved_booking_has_a_letter_with_the_new_date_and_the_same_event(counter: Counter) -> None:
    await add_slot(counter.world.database, counter.world.shop.event.id, at(5))
    await counter.world.paid(counter.world.shop.slots[1])
    await counter.world.mailer.deliver()
    before = counter.post.letters[-1]
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Wed 25 Nov, 07:00")
    await counter.press(ADA, "Another date")
    await counter.press(ADA, "Sat 28 Nov")
    await counter.press(ADA, "Move it")
    await counter.world.mailer.deliver()
    found = counter.post.letters[-1]
    assert found.subject == "Your booking has moved · Sunrise"
    assert "Sat 28 Nov 2026, 07:00, local time (Paris)" in found.text
    assert "25 Nov" not in found.text
    assert event(found) == event(before)
    assert len(counter.post.letters) == 2
