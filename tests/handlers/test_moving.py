"""Another date in the chat: chosen, confirmed, and the ticket comes once more."""

import pytest
from sqlalchemy import update

from storage import schema
from tests.builders import add_slot, at
from tests.handlers.counter import ADA, BLAISE, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def to_the_dates(counter: Counter) -> None:
    await add_slot(counter.world.database, counter.world.shop.event.id, at(5))
    await counter.world.paid(counter.world.shop.slots[1])
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Wed 25 Nov, 07:00")
    await counter.press(ADA, "Another date")


async def test_a_booking_moves_by_three_taps(counter: Counter) -> None:
    await to_the_dates(counter)
    screen = counter.screen(ADA)
    assert "Your places stay yours until you confirm." in screen.text
    assert counter.labels(screen) == ["Tue 24 Nov, 07:00", "Sat 28 Nov, 07:00", "Back"]
    await counter.press(ADA, "Sat 28 Nov")
    screen = counter.screen(ADA)
    assert screen.text.startswith(
        "Move this booking?\nSunrise\nTo: Sat 28 Nov 2026, 07:00\nFrom: Wed 25 Nov 2026, 07:00"
    )
    assert "Moving is free" in screen.text
    await counter.press(ADA, "Move it")
    assert counter.screen(ADA).text.startswith("Your booking has moved\n")
    assert "Sunrise\nSat 28 Nov 2026, 07:00" in counter.screen(ADA).text
    await counter.work()
    tickets = [message for message in counter.messages(ADA) if message.text.startswith("Your booking has moved")]
    assert len(tickets) == 2
    assert "Calendar" in counter.labels(tickets[-1])


async def test_what_costs_less_is_said_and_confirmed(counter: Counter) -> None:
    await to_the_dates(counter)
    await counter.world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=3500)))
    await counter.press(ADA, "Sat 28 Nov")
    assert "It costs less there: €8.00 goes back." in counter.screen(ADA).text
    await counter.world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=3600)))
    await counter.press(ADA, "Move it")
    assert counter.screen(ADA).text.startswith("The price has changed.")
    await counter.press(ADA, "Move it")
    await counter.work()
    await counter.world.deliver_webhooks()
    await counter.work()
    assert any(message.text.startswith("Refunded in part, €6.00") for message in counter.messages(ADA))


async def test_a_date_that_costs_more_is_held_until_the_difference_is_paid(counter: Counter) -> None:
    await to_the_dates(counter)
    await counter.world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=4500)))
    await counter.press(ADA, "Sat 28 Nov")
    assert "It costs €12.00 more there." in counter.screen(ADA).text
    await counter.press(ADA, "Hold and pay €12.00")
    await counter.work()
    message = counter.screen(ADA)
    assert message.text.startswith("Your new date is held until")
    assert "until then it stays as it is" in message.text
    await counter.pay()
    said = [message.text.splitlines()[0] for message in counter.messages(ADA)]
    assert "Paid · your booking has moved" in said
    assert said[-1] == "Your booking has moved"
    assert "€90.00 paid" in counter.screen(ADA).text


async def test_the_button_goes_when_the_best_rule_is_over(counter: Counter) -> None:
    await counter.world.paid(counter.world.shop.slots[0])
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")
    assert "Another date" not in counter.labels(counter.screen(ADA))


@pytest.mark.parametrize(
    "data", ["1:E", "1:E:d:1", "1:E:o:1:zz", "1:E:t:1:zzzzzz", "1:F:1:1", "1:F:1:1:0", "1:E:d:1:!", "1:F:1:99:0"]
)
async def test_a_strangers_or_a_forged_button_moves_nothing(counter: Counter, data: str) -> None:
    await to_the_dates(counter)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, data)
    assert await counter.world.taken(counter.world.shop.slots[1]) == 12
