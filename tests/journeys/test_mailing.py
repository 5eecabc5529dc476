"""From a paid page to the letter in a mailbox, over real HTTP and SMTP; and what a dead mail server does not do."""

import pytest
from icalendar import Calendar

from bot.sandbox.mail.mailbox import Mail
from storage import schema
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks


async def letter(shop: Shop, subject: str) -> Mail:
    """The newest letter whose subject begins so."""

    def find() -> Mail | None:
        return next((mail for mail in shop.world.mailbox.mails if mail.header("Subject").startswith(subject)), None)

    return await shop.eventually(find, lambda: f"a letter {subject!r}")


def status(mail: Mail) -> str:
    (file,) = [part for part in mail.attached if part.content_type == "text/calendar"]
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    return str(event["STATUS"])


async def test_who_gave_an_address_gets_a_letter_and_another_when_it_is_cancelled(shop: Shop) -> None:
    await Walks(shop.alice).to_booking("sunrise", "5")
    booked = await letter(shop, "You are booked · ")
    assert (booked.to, booked.sender) == ("alice@example.org", "tickets@lac-et-sentiers.example")
    assert booked.header("From").startswith("Lac & Sentiers <")
    assert status(booked) == "CONFIRMED"
    assert "€39.00 paid" in booked.body("plain").replace("\N{NO-BREAK SPACE}", " ")
    await shop.alice.presses("Manage booking")
    await shop.alice.presses("Cancel this booking")
    await shop.alice.presses("Cancel and refund €39.00")
    cancelled = await letter(shop, "Your booking is cancelled · ")
    assert (cancelled.to, status(cancelled)) == ("alice@example.org", "CANCELLED")


@pytest.mark.fault(26)
async def test_a_mail_server_that_is_down_holds_up_no_ticket_and_gets_the_letter_later(shop: Shop) -> None:
    await shop.fault("mail", "reset_before", times=None)
    await Walks(shop.alice).to_booking()
    await shop.alice.sees("You are booked")
    await shop.heal()
    await shop.advance(minutes=11)
    assert (await letter(shop, "You are booked")).to == "alice@example.org"


@pytest.mark.fault(27)
async def test_an_answer_that_was_lost_costs_one_more_letter_of_the_same_name(shop: Shop) -> None:
    await shop.fault("mail", "reset_after", "DATA")
    await Walks(shop.alice).to_booking()
    await shop.eventually(lambda: len(shop.world.mailbox.mails) == 2, lambda: "the letter, twice")
    assert len({mail.header("Message-ID") for mail in shop.world.mailbox.mails}) == 1
    await shop.until(
        schema.outbox,
        lambda rows: [row["state"] for row in rows if row["channel"] == "mail"] == ["sent"],
        "a letter that is sent",
    )


async def test_a_refused_address_is_for_staff_and_the_booking_stands(shop: Shop) -> None:
    await shop.fault("mail", "error", "RCPT", status=550)
    await Walks(shop.alice).to_booking()
    await shop.alice.sees("You are booked")
    await shop.team.sees("message")
    assert shop.world.mailbox.mails == []


async def test_a_promotion_code_is_paid_less_and_shown_so(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    session = await shop.alice.pay_session()
    await shop.sandbox.post(f"sessions/{session}/pay", {"email": "alice@example.org", "code": "LAC10"})
    await shop.alice.sees("€35.10 paid")
    await shop.alice.sees("With your promotion code €35.10")
    await shop.team.sees("Sold, €35.10")


async def test_a_receipt_is_two_taps_away(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    await shop.alice.presses("Manage booking")
    await shop.alice.presses("Receipt")
    message = await shop.alice.sees_button("Open the receipt")
    (link,) = [button.value for row in message.keyboard for button in row if button.text == "Open the receipt"]
    async with shop.sandbox.session.get(link) as response:
        assert (response.status, "Paid 39.00 EUR" in await response.text()) == (200, True)
