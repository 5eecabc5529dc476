"""What staff see and do, and what everybody else gets instead."""

import pytest

from storage import schema
from tests.journeys.shop import CATALOGUE, Shop
from tests.journeys.walks import Walks

COMMANDS = ("/today", "/sales", "/attention")


async def test_today_lists_who_comes_by_name_with_guests_and_code(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    await shop.noe.says("/today 2030-06-04")
    listed = shop.noe.screen().text
    (booking,) = await shop.rows(schema.booking)
    assert "Alice Martin" in listed
    assert str(booking["code"]) in listed
    assert "06:00" in listed
    await shop.noe.says("/today")
    assert "Alice" not in shop.noe.screen().text


async def test_sales_add_up_after_a_sale_and_a_refund(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    await Walks(shop.camille, french=True).to_booking("lantern")
    (row, _) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/refund", {"amount": 900})
    await shop.alice.sees("Refunded in part")
    await shop.noe.says("/sales today")
    told = shop.noe.screen().text
    for amount in ("51", "9", "42"):
        assert amount in told
    assert "Sunrise on the Semnoz" in told


async def test_an_item_of_the_attention_list_is_closed_by_staff(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/dispute", {})
    await shop.team.sees("A customer disputes a payment")
    await shop.noe.says("/attention")
    await shop.noe.presses("Done")
    (kept,) = await shop.rows(schema.attention)
    assert kept["closed_by"] == shop.noe.id
    await shop.noe.says("/attention")
    assert "The list is empty." in shop.noe.screen().text


async def test_an_item_is_closed_in_the_teams_chat_too(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/dispute", {})
    item = await shop.team.sees("A customer disputes a payment")
    await shop.team.presses("Done", on=item)
    await shop.team.sees("Done since")
    (kept,) = await shop.rows(schema.attention)
    assert kept["closed_by"] == shop.noe.id


async def test_an_owner_sends_the_catalogue_and_applies_it(shop: Shop) -> None:
    changed = CATALOGUE.read_text(encoding="utf-8").replace('price = "12.00"', 'price = "14.00"')
    await shop.noe.sends_file("catalogue.toml", changed.encode())
    assert "14" in shop.noe.screen().text
    await shop.noe.presses("Apply")
    await shop.alice.says("/start r_lantern")
    assert "€14" in shop.alice.screen().text


async def test_a_catalogue_with_mistakes_changes_nothing_and_names_them(shop: Shop) -> None:
    broken = CATALOGUE.read_text(encoding="utf-8").replace('price = "12.00"', 'price = "free"')
    await shop.noe.sends_file("catalogue.toml", broken.encode())
    assert "resource[2].fare[0].price" in shop.noe.screen().text
    await shop.alice.says("/start r_lantern")
    assert "€12" in shop.alice.screen().text


@pytest.mark.fault(42)
async def test_a_stranger_gets_what_an_unknown_command_gets(shop: Shop) -> None:
    await shop.camille.says("/nonsense")
    expected = shop.camille.screen().text
    offered = {name for name, _ in shop.telegram.commands(shop.camille.id)}
    for command in COMMANDS:
        await shop.camille.says(command)
        assert shop.camille.screen().text == expected
        assert command.removeprefix("/") not in offered


async def test_a_strangers_file_changes_nothing(shop: Shop) -> None:
    changed = CATALOGUE.read_text(encoding="utf-8").replace('price = "12.00"', 'price = "1.00"')
    await shop.camille.says("/nonsense")
    expected = shop.camille.screen().text
    await shop.camille.sends_file("catalogue.toml", changed.encode())
    assert shop.camille.screen().text == expected
    assert not shop.telegram.journal.of("getFile")


@pytest.mark.fault(42)
@pytest.mark.parametrize("origin", ["forwarded", "via_bot", "group", "anonymous_admin"])
async def test_a_command_that_staff_did_not_give_in_person_does_nothing(shop: Shop, origin: str) -> None:
    await shop.noe.says("/start")
    sent = len(shop.telegram.journal)
    for command in COMMANDS:
        await shop.noe.says(command, origin=origin)
    assert not [entry for entry in list(shop.telegram.journal)[sent:] if entry.method.startswith(("send", "edit"))]
    noted = [row for row in await shop.rows(schema.audit) if row["action"] == "command.refused"]
    assert len(noted) == len(COMMANDS)


@pytest.mark.fault(42)
async def test_a_message_that_is_edited_into_a_command_does_nothing(shop: Shop) -> None:
    await shop.noe.says("hello")
    mine = [message for message in shop.telegram.messages(shop.noe.id) if not message.from_bot][-1]
    before = len(shop.noe.messages())
    await shop.noe.says("/sales", origin="edited", message_id=mine.id)
    assert len(shop.noe.messages()) == before


@pytest.mark.fault(42)
async def test_buttons_of_staff_do_nothing_for_others(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/dispute", {})
    item = await shop.team.sees("A customer disputes a payment")
    data = next(button.value for line in item.keyboard for button in line if button.text == "Done")
    await shop.camille.says("/start")
    await shop.camille.forges(data, shop.camille.screen())
    (kept,) = await shop.rows(schema.attention)
    assert kept["closed_at"] is None


async def test_staff_see_their_commands_and_customers_theirs(shop: Shop) -> None:
    customers = {name for name, _ in shop.telegram.commands(shop.alice.id)}
    assert {"start", "bookings", "help"} <= customers
    await shop.noe.says("/start")
    await shop.eventually(
        lambda: {"today", "sales", "attention"} <= {name for name, _ in shop.telegram.commands(shop.noe.id)} or None,
        lambda: "the commands of staff",
    )
