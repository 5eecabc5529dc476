"""Another date in the chat: chosen, confirmed, and the ticket comes once more."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import update

from handlers.callbacks import Action, pack
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


async def many_dates(counter: Counter) -> None:
    """With that of `to_the_dates`, two on each of four days of November, and one in February."""
    for days, hour in [*product((4, 6, 7), (6, 15)), (5, 15), (75, 6)]:
        await add_slot(counter.world.database, counter.world.shop.event.id, at(days, hour))


async def test_many_dates_are_a_calendar_of_the_months_that_have_some(counter: Counter) -> None:
    await many_dates(counter)
    await to_the_dates(counter)
    screen = counter.screen(ADA)
    assert "Choose another date. Your places stay yours until you confirm." in screen.text
    labels = counter.labels(screen)
    assert labels[:3] == ["·", "November 2026", "›"]
    assert [label for label in labels if label.strip("[]").isdigit()] == ["24", "[25]", "27", "28", "29", "30"]
    await counter.press(ADA, "›")
    labels = counter.labels(counter.screen(ADA))
    assert labels[:3] == ["‹", "February 2027", "·"]
    assert [label for label in labels if label.isdigit()] == ["6"]
    await counter.press(ADA, "6")
    assert "To: Sat 6 Feb 2027, 07:00" in counter.screen(ADA).text
    await counter.press(ADA, "Back")
    assert counter.labels(counter.screen(ADA))[1] == "February 2027"
    await counter.press(ADA, "‹")
    await counter.press(ADA, "24")
    assert "To: Tue 24 Nov 2026, 07:00" in counter.screen(ADA).text


async def test_a_day_with_several_times_leads_to_them_and_back(counter: Counter) -> None:
    await many_dates(counter)
    await to_the_dates(counter)
    await counter.press(ADA, "27")
    screen = counter.screen(ADA)
    assert "Fri 27 Nov 2026. Times are local (Paris).\nChoose a time." in screen.text
    assert counter.labels(screen) == ["07:00", "16:00", "Back"]
    await counter.press(ADA, "16:00")
    assert "To: Fri 27 Nov 2026, 16:00" in counter.screen(ADA).text
    await counter.press(ADA, "Back")
    assert counter.labels(counter.screen(ADA)) == ["07:00", "16:00", "Back"]
    await counter.press(ADA, "Back")
    assert "November 2026" in counter.labels(counter.screen(ADA))
    await counter.press(ADA, "Back")
    assert "Another date" in counter.labels(counter.screen(ADA))


async def test_a_day_that_cannot_be_had_says_why_and_one_that_has_come_free_opens(counter: Counter) -> None:
    await many_dates(counter)
    await to_the_dates(counter)
    before = counter.labels(counter.screen(ADA))
    await counter.press(ADA, "[25]")
    for day in (date(2026, 11, 23), date(2026, 11, 26)):
        await counter.forge(ADA, pack(Action.MOVE_BOOKING, "w", 1, day.toordinal()))
    assert counter.alerts(ADA) == [
        "Your booking is on this day already.",
        *["On this day there is no room for all of you, or nothing takes place."] * 2,
    ]
    assert counter.labels(counter.screen(ADA)) == before
    await add_slot(counter.world.database, counter.world.shop.event.id, at(3, 9))
    await counter.forge(ADA, pack(Action.MOVE_BOOKING, "w", 1, date(2026, 11, 26).toordinal()))
    assert "To: Thu 26 Nov 2026, 10:00" in counter.screen(ADA).text


@pytest.mark.parametrize(("data", "month"), [("1:E:d:1", "November 2026"), ("1:E:d:1:1", "November 2026"),
                                             ("1:E:d:1:1k", "November 2026"), ("1:E:m:1:0", "November 2026"),
                                             ("1:E:m:1:irz", "February 2027")])  # fmt: skip
async def test_an_old_or_odd_button_leads_to_the_nearest_month(counter: Counter, data: str, month: str) -> None:
    """Those of a list with pages are still in people's chats."""
    await many_dates(counter)
    await to_the_dates(counter)
    await counter.forge(ADA, data)
    assert counter.labels(counter.screen(ADA))[1] == month


async def test_where_there_is_no_other_date_that_is_said_with_a_way_back(counter: Counter) -> None:
    await to_the_dates(counter)
    await counter.world.database.run(lambda c: c.execute(update(schema.inventory).values(closed=True)))
    await counter.forge(ADA, "1:E:m:1:irz")
    screen = counter.screen(ADA)
    assert screen.text.endswith("Just now there is no other date with room for all of you.")
    assert counter.labels(screen) == ["Back"]


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
    "data",
    [
        "1:E",
        "1:E:d:1",
        "1:E:o:1:zz",
        "1:E:t:1:zzzzzz",
        "1:E:m:1:zzz",
        "1:E:q:1:1",
        "1:F:1:1",
        "1:F:1:1:0",
        "1:E:d:1:!",
        "1:F:1:99:0",
    ],
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
