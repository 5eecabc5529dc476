"""From /start to the ticket: one living message, and a few facts below it."""

import pytest

from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_guests, to_the_link, to_the_summary, to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_choosing_is_one_living_message(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    (living,) = counter.messages(ADA)
    assert living.photo
    assert "Total €39.00" in living.text


async def test_a_held_order_has_a_message_of_its_own_with_the_link(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    living, held = counter.messages(ADA)
    assert living.text.startswith("Your order is below\n")
    assert held.text.startswith("Held for you until 10:15\nSunrise")
    assert counter.labels(held) == ["Pay €39.00", "I have paid", "Cancel"]
    assert held.kind == "text"


async def test_payment_turns_the_order_to_paid_and_brings_the_ticket(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    _, card, ticket = counter.messages(ADA)
    assert card.text.startswith("Paid · your ticket is below")
    assert not card.keyboard
    assert ticket.text.startswith("You are booked")
    assert ticket.photo
    assert "€39.00 paid" in ticket.text
    assert counter.labels(ticket) == ["Calendar", "Copy code", "Manage booking"]


async def test_the_whole_way_exists_in_french(counter: Counter) -> None:
    await to_the_ticket(counter, BLAISE)
    living, card, ticket = counter.messages(BLAISE)
    assert living.text.startswith("Votre commande est ci-dessous")
    assert card.text.startswith("Payé · votre billet est ci-dessous")
    assert ticket.text.startswith("C’est réservé")
    assert "39,00\N{NO-BREAK SPACE}€ payés" in ticket.text


@pytest.mark.fault(28)
async def test_ten_taps_on_hold_and_pay_place_one_order(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    summary = counter.screen(ADA)
    data = summary.keyboard[0][0].value
    for _ in range(10):
        await counter.forge(ADA, data, summary.id)
    await counter.work()
    assert len(await counter.orders()) == 1
    assert len(counter.messages(ADA)) == 2


async def test_plus_and_minus_change_the_party(counter: Counter) -> None:
    await to_the_guests(counter, ADA)
    assert counter.labels(counter.screen(ADA))[1] == "1\N{NO-BREAK SPACE}adult · €39"
    await counter.press(ADA, "+")
    assert counter.labels(counter.screen(ADA))[1].endswith("· €78")
    await counter.press(ADA, "−")
    await counter.press(ADA, "−")
    assert not [label for label in counter.labels(counter.screen(ADA)) if label.startswith("Continue")]


async def test_an_undated_thing_is_bought_without_a_calendar(counter: Counter) -> None:
    await counter.say(ADA, "/start r_lantern")
    await counter.press(ADA, "Choose how many")
    await counter.press(ADA, "Continue · €12")
    await counter.press(ADA, "Hold and pay")
    await counter.work()
    await counter.pay()
    assert counter.screen(ADA).text.startswith("It is yours\nLantern")


async def test_cancelling_frees_the_seats_and_offers_to_choose_again(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.press(ADA, "Cancel")
    await counter.work()
    card = counter.screen(ADA)
    assert card.text.startswith("Cancelled · nothing was charged")
    assert counter.labels(card) == ["Choose again"]
    assert await counter.world.taken(counter.world.shop.slots[0]) == 0


async def test_choosing_again_leaves_the_order_as_it_is(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.press(ADA, "Cancel")
    await counter.work()
    await counter.press(ADA, "Choose again")
    _, card, fresh = counter.messages(ADA)
    assert card.text.startswith("Cancelled")
    assert fresh.photo
    assert "Choose a date" in counter.labels(fresh)


async def test_a_hold_that_runs_out_is_told(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.world.live_through(20)
    await counter.work()
    _, card, told = counter.messages(ADA)
    assert card.text.startswith("Released at 10:15 · nothing was charged")
    assert told.text.startswith("Your hold has ended")
    assert counter.labels(told) == ["Choose again"]


async def test_bookings_are_listed_and_shown(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")
    shown = counter.screen(ADA)
    assert shown.text.startswith("Sunrise")
    assert "local time (Paris)" in shown.text
    assert counter.labels(shown) == ["Calendar", "Copy code", "Receipt", "Cancel this booking", "Back"]


async def test_the_language_can_be_chosen_and_stays(counter: Counter) -> None:
    await counter.say(ADA, "/language")
    await counter.press(ADA, "Français")
    assert "Mes réservations" in counter.labels(counter.screen(ADA))
    await counter.say(ADA, "/help")
    assert counter.screen(ADA).text.startswith("Comment ça marche")


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("/help", "How it works"),
        ("/terms", "Terms"),
        ("/privacy", "Privacy"),
        ("/paysupport", "Help with a payment"),
        ("/bookings", "My bookings"),
        ("/nonsense", "I understand buttons best"),
        ("hello", "Nothing found for “hello”"),
    ],
)
async def test_whatever_is_written_gets_an_answer(counter: Counter, command: str, first: str) -> None:
    await counter.say(ADA, command)
    assert counter.screen(ADA).text.startswith(first)
    assert counter.screen(ADA).photo
