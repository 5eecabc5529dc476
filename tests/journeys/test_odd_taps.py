"""Old menus, messages that are gone, forged data and other people's orders: a kind answer, and nothing changes."""

import pytest

from bot.sandbox.telegram.views import MessageView
from storage import schema
from tests.journeys.shop import CATALOGUE, Shop
from tests.journeys.walks import Walks


def data_of(message: MessageView, label: str) -> str:
    return next(button.value for row in message.keyboard for button in row if button.text.startswith(label))


@pytest.mark.fault(29)
async def test_a_menu_that_is_a_week_old_still_leads_on(shop: Shop) -> None:
    await shop.alice.says("/start")
    await shop.advance(days=7)
    await shop.alice.presses("🥾 Walks")
    assert shop.alice.screen().text.startswith("Walks")


@pytest.mark.fault(29)
async def test_a_summary_whose_time_has_passed_holds_nothing(shop: Shop) -> None:
    await Walks(shop.alice).to_summary()
    await shop.advance(days=7)
    await shop.alice.presses("Hold and pay")
    assert not await shop.rows(schema.orders)
    assert len(shop.alice.messages()) == 1


@pytest.mark.fault(29)
async def test_a_deleted_menu_comes_back_as_a_new_message(shop: Shop) -> None:
    await shop.alice.says("/start")
    menu = shop.alice.screen()
    data = data_of(menu, "🥾 Walks")
    await shop.alice.deletes(menu)
    await shop.alice.forges(data, menu)
    assert shop.alice.screen().text.startswith("Walks")


async def test_a_deleted_order_message_is_sent_anew(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    card = await shop.alice.sees("Held for you until")
    session = await shop.alice.pay_session()
    await shop.alice.deletes(card)
    await shop.alice.pays(session=session)
    await shop.alice.sees("Paid · your ticket is below")
    await shop.alice.sees("You are booked")


@pytest.mark.fault(29)
async def test_a_button_of_something_no_longer_on_offer_brings_the_menu(shop: Shop) -> None:
    await shop.alice.says("/start r_lantern")
    card = shop.alice.screen()
    changed = CATALOGUE.read_text(encoding="utf-8").partition('[[resource]]\nslug = "lantern"')
    rest = changed[2].partition("[[resource]]")
    await shop.noe.sends_file("catalogue.toml", (changed[0] + rest[1] + rest[2]).encode())
    await shop.noe.presses("Apply")
    await shop.alice.presses("Choose how many", on=card)
    assert "This is no longer on offer." in shop.alice.screen().text or shop.alice.heard()
    assert not await shop.rows(schema.orders)


@pytest.mark.fault(31)
async def test_a_price_that_has_changed_is_asked_again(shop: Shop) -> None:
    await Walks(shop.alice).to_summary("lantern")
    changed = CATALOGUE.read_text(encoding="utf-8").replace('price = "12.00"', 'price = "14.00"')
    await shop.noe.sends_file("catalogue.toml", changed.encode())
    await shop.noe.presses("Apply")
    await shop.alice.presses("Hold and pay")
    assert "The price has changed." in shop.alice.screen().text
    assert "Total €14.00" in shop.alice.screen().text
    assert not await shop.rows(schema.orders)
    await shop.alice.presses("Hold and pay")
    await shop.alice.sees_button("Pay €14.00")


FORGED = [
    "",
    "1",
    "1:",
    "1:q",
    "0:h",
    "1:c:9999:1",
    "1:r:-1",
    "1:r:zzzzzzzzzzzz",
    "1:d:1:0",
    "1:m:1:zzzzzzzz",
    "1:g:1:1.0",
    "1:g:1:1.1-1.1",
    "1:s:1:1.7ps",
    "1:p:1:1.1:0:AAAAAAAA",
    "1:p:1:1.1:1:AAAAAAAA",
    "1:p:1:9.1:1:AAAAAAAA",
    "1:k:999",
    "1:i:999",
    "1:t:999",
    "1:v:999",
    "1:e:xx",
    "1:xc:1:1",
    "🥾" * 16,
    "1:o:1:1:1:1",
]


@pytest.mark.fault(43)
async def test_forged_data_gets_an_answer_and_changes_nothing(shop: Shop) -> None:
    await shop.alice.says("/start")
    for data in FORGED:
        menu = shop.alice.screen()
        await shop.alice.forges(data or "\N{NO-BREAK SPACE}", menu)
        assert not shop.telegram.unanswered(shop.alice.id), data
    assert not await shop.rows(schema.orders)
    assert await shop.taken() == 0
    await shop.alice.says("/start")
    assert "Walks and boats." in shop.alice.screen().text


@pytest.mark.fault(43)
@pytest.mark.parametrize("label", ["Cancel", "I have paid"])
async def test_another_customers_order_cannot_be_touched(shop: Shop, label: str) -> None:
    await Walks(shop.alice).to_link()
    card = await shop.alice.sees_button(label)
    await shop.camille.says("/start")
    looked = len(shop.stripe.journal.calls())
    await shop.camille.forges(data_of(card, label), shop.camille.screen())
    assert (await shop.order())["state"] == "awaiting_payment"
    assert len(shop.stripe.journal.calls()) == looked
    assert not shop.telegram.unanswered(shop.camille.id)


@pytest.mark.fault(43)
async def test_another_customers_booking_cannot_be_seen(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    await shop.alice.says("/bookings")
    data = data_of(shop.alice.screen(), "Tue")
    (booking,) = await shop.rows(schema.booking)
    await shop.camille.says("/start")
    await shop.camille.forges(data, shop.camille.screen())
    assert str(booking["code"]) not in "".join(message.text for message in shop.camille.messages())


@pytest.mark.fault(32)
async def test_a_customer_holds_only_a_few_orders_at_once(shop: Shop) -> None:
    for what in ("sunrise", "kayak", "lantern"):
        await Walks(shop.alice).to_link(what)
    await Walks(shop.alice).to_hold("sticker")
    await shop.alice.sees("holding")
    assert len(await shop.rows(schema.orders)) == 3


@pytest.mark.fault(44)
async def test_a_name_full_of_markup_is_shown_harmlessly(shop: Shop) -> None:
    odd = shop.newcomer(1, name="<b>Rob</b> & \N{RIGHT-TO-LEFT OVERRIDE}" + "🦊" * 40)
    await Walks(odd).to_booking()
    told = await shop.team.sees("Sold, €39.00")
    assert "order" in told.text
    await shop.noe.says("/today 2030-06-04")
    assert "06:00" in shop.noe.screen().text
