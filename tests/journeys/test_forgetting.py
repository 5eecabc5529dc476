"""A customer sees what is stored about them, is forgotten, and begins anew."""

import json
import re

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks
from tests.stored import tables_with

ALICE = ("Alice", "Alice Martin", "alice@example.org", 1001)


async def document(shop: Shop) -> dict[str, object]:
    """The newest file in Alice's chat."""
    sent = shop.alice.screen().document
    assert sent is not None
    file = shop.telegram.file(sent.file_id)
    assert file is not None
    content: dict[str, object] = json.loads(file.content)
    return content


async def figures(shop: Shop) -> str:
    """What `/sales` says of the year."""
    await shop.noe.says("/sales 2030-06-01 2030-06-30")
    return shop.noe.screen().text


@pytest.mark.parametrize("sort", SORTS)
async def test_a_customer_gets_their_data_and_is_forgotten(shop: Shop) -> None:
    alice, database = shop.alice, shop.application._world.database
    await Walks(alice).to_booking("lantern")
    await shop.team.sees("Sold, €12.00")
    await alice.says("/mydata")
    assert re.search(r"\bAlice Martin\b", json.dumps(await document(shop)))
    sold, ledger = await figures(shop), shop.stripe.ledger()
    assert "12" in sold
    assert await tables_with(database, *ALICE) >= {"customer", "orders", "inbox", "outbox", "audit"}
    await alice.says("/forgetme")
    await alice.presses("Erase everything")
    await alice.sees("Forgotten")
    assert await tables_with(database, *ALICE) == set()
    assert (await figures(shop), shop.stripe.ledger()) == (sold, ledger)


async def test_whoever_comes_back_is_a_new_customer_with_nothing_of_the_old_one(shop: Shop) -> None:
    alice = shop.alice
    await Walks(alice).to_booking("lantern")
    (booking,) = await shop.rows(schema.booking)
    await alice.says("/bookings")
    old = alice.screen()
    (button, *_) = [button.value for row in old.keyboard for button in row]
    await alice.says("/forgetme")
    await alice.presses("Erase everything")
    await alice.says("/start")
    await alice.forges(button, old)
    await alice.says("/bookings")
    assert "You have not booked anything yet." in alice.screen().text
    assert alice.count(str(booking["code"])) == 1  # the ticket itself, which stays in the chat
    assert [row["telegram_id"] for row in await shop.rows(schema.customer) if row["telegram_id"] == alice.id] == [1001]
    await Walks(alice).to_booking("lantern")


async def test_a_booking_ahead_is_kept_until_it_is_over(shop: Shop) -> None:
    camille = shop.camille
    await Walks(camille, french=True).to_booking()
    await camille.says("/forgetme")
    assert camille.screen().text.startswith("Pas encore")
    await shop.advance(days=2)
    await camille.says("/forgetme")
    await camille.presses("Tout effacer")
    await camille.sees("C’est oublié")
    await shop.noe.says("/today 2030-06-04")
    assert "Name erased" in shop.noe.screen().text


async def test_a_refund_of_somebody_forgotten_still_reaches_staff(shop: Shop) -> None:
    await Walks(shop.alice).to_booking("lantern")
    await shop.alice.says("/forgetme")
    await shop.alice.presses("Erase everything")
    before = len(shop.alice.messages())
    (paid,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{paid.payment_intent}/refund", {})
    told = await shop.team.sees("Refunded, €12.00")
    assert "Name erased" in told.text
    await shop.becomes("refunded")
    assert len(shop.alice.messages()) == before
