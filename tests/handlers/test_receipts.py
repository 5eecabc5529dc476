"""The receipt is one tap away from a booking, and a sentence where Stripe does not show it."""

import pytest

from bot.sandbox.faults import Kind
from handlers.callbacks import Action, pack
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_link, to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def to_the_booking(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")


def links(counter: Counter) -> list[str]:
    return [button.value for row in counter.screen(ADA).keyboard for button in row if button.text == "Open the receipt"]


async def test_a_tap_brings_the_link_onto_the_same_screen(counter: Counter) -> None:
    await to_the_booking(counter)
    before = counter.screen(ADA)
    await counter.press(ADA, "Receipt")
    assert counter.screen(ADA).id == before.id
    assert counter.screen(ADA).text == before.text
    (link,) = links(counter)
    assert "/stripe/receipts/ch_" in link


async def test_stripe_that_does_not_answer_is_said_and_the_screen_stays(counter: Counter) -> None:
    await to_the_booking(counter)
    counter.world.fault(Kind.ERROR, "/v1/payment_intents")
    await counter.press(ADA, "Receipt")
    assert counter.alerts(ADA) == ["Stripe does not show the receipt just now. Please try again later."]
    assert links(counter) == []
    await counter.press(ADA, "Receipt")
    assert len(links(counter)) == 1


@pytest.mark.fault(43)
async def test_a_strangers_receipt_is_gone(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, pack(Action.RECEIPT, 1))
    assert counter.alerts(BLAISE) == []
    assert "proposé" in counter.screen(BLAISE).text
    await counter.forge(BLAISE, pack(Action.OPEN_BOOKING, 1))
    assert not any("Code" in message.text for message in counter.messages(BLAISE))


async def test_a_ticket_leads_to_its_booking_and_stays(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    ticket = counter.screen(ADA)
    await counter.press(ADA, "Manage booking")
    assert "Cancel this booking" in counter.labels(counter.screen(ADA))
    assert counter.screen(ADA).id != ticket.id
    (kept,) = [message for message in counter.messages(ADA) if message.id == ticket.id]
    assert (kept.text, counter.labels(kept)) == (ticket.text, counter.labels(ticket))


async def test_what_cost_nothing_has_no_receipt(counter: Counter) -> None:
    counter.world.allow_codes()
    await to_the_link(counter, ADA)
    order = (await counter.orders())[-1]
    await counter.world.pay(order, code="ALL")
    await counter.world.deliver_webhooks()
    await counter.work()
    assert "€0.00 paid" in counter.screen(ADA).text
    await counter.press(ADA, "Manage booking")
    assert "Receipt" not in counter.labels(counter.screen(ADA))
