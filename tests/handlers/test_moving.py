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


async def held_elsewhere(counter: Counter) -> None:
    await to_the_dates(counter)
    await counter.world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=4500)))
    await counter.press(ADA, "Sat 28 Nov")
    await counter.press(ADA, "Hold and pay €12.00")
    await counter.work()


async def test_a_cancelled_move_leads_back_to_the_dates_of_its_booking(counter: Counter) -> None:
    await held_elsewhere(counter)
    card = counter.screen(ADA)
    await counter.press(ADA, "Cancel", card.id)
    await counter.work()
    over = next(message for message in counter.messages(ADA) if message.id == card.id)
    assert over.text.startswith("Cancelled · nothing was charged\nSunrise\nSat 28 Nov 2026, 07:00")
    assert over.text.endswith("Your booking stays as it is.")
    await counter.press(ADA, "Another date", card.id)
    assert "Your places stay yours until you confirm." in counter.screen(ADA).text
    assert counter.labels(counter.screen(ADA)) == ["Tue 24 Nov, 07:00", "Sat 28 Nov, 07:00", "Back"]
    assert over in counter.messages(ADA)


async def test_a_move_that_was_not_paid_in_time_says_that_the_booking_stays(counter: Counter) -> None:
    await held_elsewhere(counter)
    await counter.world.live_through(16, 11)
    await counter.work()
    told = counter.screen(ADA)
    assert told.text.startswith("Your hold has ended\nSunrise\nSat 28 Nov 2026, 07:00")
    assert told.text.endswith("nothing was charged.\nYour booking stays as it is.")
    assert counter.labels(told) == ["Another date"]


@pytest.mark.parametrize(("now", "buttons"), [({"status": "cancelled"}, []), ({"inventory_id": 1}, ["Another date"])])
async def test_where_the_booking_has_gone_nothing_is_said_to_stay(
    counter: Counter, now: dict[str, object], buttons: list[str]
) -> None:
    await held_elsewhere(counter)
    card = counter.screen(ADA)
    await counter.world.database.run(lambda c: c.execute(update(schema.booking).values(now)))
    await counter.press(ADA, "Cancel", card.id)
    await counter.work()
    over = next(message for message in counter.messages(ADA) if message.id == card.id)
    assert "stays" not in over.text
    assert counter.labels(over) == buttons


@pytest.mark.parametrize("data", ["1:M", "1:M:1", "1:M:zz", "1:M:!", "1:M:1:1"])
async def test_nobody_comes_to_the_dates_of_a_strangers_booking(counter: Counter, data: str) -> None:
    await to_the_dates(counter)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, data)
    assert not any("Sat 28 Nov" in label for message in counter.messages(BLAISE) for label in counter.labels(message))
