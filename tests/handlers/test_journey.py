"""From /start to the ticket, in one living message and a few facts."""

import pytest

from tests.handlers.counter import ADA, BLAISE, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def choose(counter: Counter, user: int = ADA) -> None:
    """As far as the summary: one adult on the first day that is free."""
    french = user == BLAISE
    await counter.say(user, "/start")
    await counter.press(user, "🥾")
    await counter.press(user, "Sunrise")
    await counter.press(user, "Choisir une date" if french else "Choose a date")
    await counter.press(user, "24")
    await counter.press(user, "07:00")
    await counter.press(user, "Continuer" if french else "Continue")


async def test_the_way_to_the_ticket_is_one_living_message_and_a_few_facts(counter: Counter) -> None:
    await choose(counter)
    living = counter.screen(ADA)
    assert "Total €39.00" in living.text
    assert len(counter.messages(ADA)) == 1
    await counter.press(ADA, "Hold and pay")
    await counter.work()
    held = counter.screen(ADA)
    assert held.text.startswith("Held for you until")
    assert [label for label in counter.labels(held)] == ["Pay €39.00", "I have paid", "Cancel"]
    order = await counter.world.ordering.own_card(counter.world.shop.customer_id, _first_order(counter))
    await counter.world.pay(order.order_id)
    await counter.world.deliver_webhooks()
    await counter.work()
    card, ticket = counter.messages(ADA)[1:]
    assert card.text.startswith("Paid · your ticket is below")
    assert counter.labels(card) == []
    assert ticket.text.startswith("You are booked")
    assert ticket.photo


def _first_order(counter: Counter) -> int:
    return 1
