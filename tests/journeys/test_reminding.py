"""A guest is reminded, comes, and says how it was; somebody who hesitates is called once."""

import pytest

from storage import schema
from tests.journeys.shop import CATALOGUE, Shop
from tests.journeys.walks import Walks


async def test_a_guest_is_reminded_and_says_how_it_was(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_booking()
    await shop.advance(hours=10, minutes=1)
    reminder = await alice.sees("Tomorrow at 06:00")
    (booking,) = await shop.rows(schema.booking)
    assert f"Code {booking['code']}" in reminder.text
    await shop.advance(hours=38)
    await alice.sees("How was it?")
    await alice.presses("2")
    await alice.sees("If you like, write a sentence")
    await alice.says("The path was closed.")
    await alice.sees("Your words are with the shop.")
    told = await shop.team.sees("2 of 5 from a guest")
    assert "The path was closed." in told.text
    await alice.presses("5")
    assert "The path was closed." in (await shop.team.sees("5 of 5 from a guest")).text
    assert alice.count("Tomorrow at 06:00") == alice.count("How was it?") == 1


async def test_whoever_hesitates_is_called_once_and_can_still_pay(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_link()
    await shop.advance(minutes=26)
    await alice.sees("Yours for")
    await shop.eventually(lambda: alice.count("Held for you until") == 1, lambda: "one message of the order")
    await alice.pays()
    await alice.sees("You are booked")
    assert alice.count("Yours for") == 0


async def test_a_cancelled_visit_is_heard_of_no_more(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_booking()
    shop.stripe.refund_from_dashboard(shop.stripe.ledger()[0].payment_intent)
    await alice.sees("Refunded, €39.00")
    await shop.advance(hours=10, minutes=1)
    await shop.advance(hours=38)
    await shop.until(
        schema.outbox, lambda rows: all(row["state"] != "due" for row in rows), "an outbox in which nothing waits"
    )
    states = {row["kind"]: row["state"] for row in await shop.rows(schema.outbox)}
    assert (states["reminder"], states["how_was_it"]) == ("skipped", "skipped")


@pytest.mark.fault(31)
async def test_guests_of_a_visit_that_was_made_longer_are_asked_about_its_new_end(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    longer = CATALOGUE.read_text(encoding="utf-8").replace("duration_minutes = 180", "duration_minutes = 240")
    await shop.noe.sends_file("catalogue.toml", longer.encode())
    await shop.noe.presses("Apply")
    await shop.until(schema.outbox, lambda rows: [row["kind"] for row in rows].count("how_was_it") == 2, "a question")
    await shop.advance(hours=48, minutes=1)
    await shop.alice.sees("How was it?")
    await shop.until(
        schema.outbox,
        lambda rows: sorted(str(row["state"]) for row in rows if row["kind"] == "how_was_it") == ["sent", "skipped"],
        "one question that is asked, and one that is not any more",
    )
