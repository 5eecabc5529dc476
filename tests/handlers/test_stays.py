"""A customer picks a first day, sees the price grow with the last, and holds exactly that."""

import pytest

from bot.domain.orders import State
from bot.domain.rentals import DAY
from handlers.callbacks import base36
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.rentals import BOATS, TODAY, Let, add_rental

THURSDAY = 3


async def room_of(counter: Counter) -> Let:
    return await add_rental(counter.world.database, counter.world.shop.category_id)


def text(counter: Counter, user: int = ADA) -> str:
    return counter.screen(user).text.replace("\N{NO-BREAK SPACE}", " ")


def day(offset: int) -> str:
    return str((TODAY + DAY * offset).day)


async def test_the_card_says_how_it_is_let(counter: Counter) -> None:
    await room_of(counter)
    await counter.say(ADA, "/start r_room")
    assert "Arrive from 15:00, leave by 11:00 · At most 14 nights" in text(counter)
    assert "From €90 a night" in text(counter)
    assert "Free cancellation until 24 h before" in text(counter)
    assert counter.labels(counter.screen(ADA))[0] == "Choose your dates"


async def test_a_stay_is_picked_day_by_day_and_held_for_its_price(counter: Counter) -> None:
    room = await room_of(counter)
    await counter.say(ADA, "/start r_room")
    await counter.press(ADA, "Choose your dates")
    assert "Choose the day you arrive. Times are local (Paris)." in text(counter)
    await counter.press(ADA, day(THURSDAY))
    assert "Thu 26 Nov – Fri 27 Nov, 1 night · €90" in text(counter)
    assert "Choose the day you leave." in text(counter)
    assert {"[26", "27]"} <= set(counter.labels(counter.screen(ADA)))
    await counter.press(ADA, "29")
    assert "Thu 26 Nov – Sun 29 Nov, 3 nights · €310" in text(counter)
    assert "1 night × €90, 2 nights × €110" in text(counter)
    await counter.press(ADA, "Continue · €310")
    assert "Thu 26 Nov 2026, 15:00 – Sun 29 Nov 2026, 11:00, 3 nights" in text(counter)
    assert "Total €310.00" in text(counter)
    await counter.press(ADA, "Hold and pay")
    await counter.work()
    (order,) = await counter.orders()
    case = await counter.world.case(order)
    assert (case.order.total.minor, len(case.claims)) == (31000, 3)
    assert "Thu 26 Nov 2026, 15:00 – Sun 29 Nov 2026, 11:00, 3 nights\n1 room" in text(counter)
    await counter.pay()
    assert (await counter.world.case(order)).order.state is State.PAID
    assert "You are booked" in text(counter)
    assert "15:00 – Sun 29 Nov 2026, 11:00, 3 nights, local time (Paris)" in text(counter)
    assert await counter.world.taken(room.row(5)) == 1


async def test_back_leads_from_the_summary_to_the_days_and_on_to_the_calendar(counter: Counter) -> None:
    await room_of(counter)
    await counter.say(ADA, "/start r_room")
    await counter.press(ADA, "Choose your dates")
    await counter.press(ADA, day(THURSDAY))
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "Back")
    assert "Choose the day you leave." in text(counter)
    await counter.press(ADA, "Back")
    assert "Choose the day you arrive." in text(counter)
    await counter.press(ADA, "Back")
    assert "From €90 a night" in text(counter)


async def test_a_stay_can_end_in_the_next_month(counter: Counter) -> None:
    await room_of(counter)
    await counter.say(ADA, "/start r_room_20261129")
    assert "Sun 29 Nov – Mon 30 Nov, 1 night" in text(counter)
    await counter.press(ADA, "›")
    assert "December 2026" in counter.labels(counter.screen(ADA))
    assert "Sun 29 Nov – Mon 30 Nov, 1 night" in text(counter)
    await counter.press(ADA, "3")
    assert "Sun 29 Nov – Thu 3 Dec, 4 nights · €360" in text(counter)


async def test_units_are_chosen_where_there_are_several(counter: Counter) -> None:
    boats = await add_rental(
        counter.world.database, counter.world.shop.category_id, BOATS, slug="boat", capacity=3, price=2000
    )
    await counter.say(ADA, "/start r_boat")
    assert "3 boats" in text(counter)
    assert "€20 a day" in text(counter)
    await counter.press(ADA, "Choose your dates")
    await counter.press(ADA, day(1))
    assert {f"[{day(1)}]", "Continue · €20"} <= set(counter.labels(counter.screen(ADA)))
    await counter.press(ADA, day(2))
    await counter.press(ADA, "Continue · €40")
    await counter.press(ADA, "+")
    assert counter.labels(counter.screen(ADA))[1].replace("\N{NO-BREAK SPACE}", " ") == "2 boats · €80"
    await counter.press(ADA, "+")
    await counter.press(ADA, "+")
    assert counter.alerts(ADA) == ["Only 3 left on these days."]
    await counter.press(ADA, "−")
    await counter.press(ADA, "Continue · €80")
    assert "Tue 24 Nov 2026, 09:00 – Wed 25 Nov 2026, 18:00, 2 days" in text(counter)
    await counter.press(ADA, "Hold and pay")
    assert [await counter.world.taken(boats.row(offset)) for offset in range(4)] == [0, 2, 2, 0]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("0", "The last day cannot be before the first. Please choose one after it, or go back."),
        ("f", "That is too long: it can be had for at most 14 nights."),
        ("zzzzzz", "That is too long: it can be had for at most 14 nights."),
    ],
)
async def test_a_last_day_that_cannot_be_is_answered_with_what_can(counter: Counter, steps: str, said: str) -> None:
    room = await room_of(counter)
    await counter.say(ADA, "/start r_room_20261126")
    before = text(counter)
    await counter.forge(ADA, f"1:2:{base36(room.row(THURSDAY))}:{steps}")
    assert [told.replace("\N{NO-BREAK SPACE}", " ") for told in counter.alerts(ADA)] == [said]
    assert text(counter) == before
    assert await counter.orders() == []


async def test_a_day_that_is_taken_meanwhile_is_named_above_what_is_still_possible(
    counter: Counter,
) -> None:
    room = await room_of(counter)
    await counter.say(ADA, "/start r_room_20261126")
    await counter.press(ADA, "29")
    await counter.press(ADA, "Continue")
    await counter.say(BLAISE, "/start r_room_20261128")
    await counter.press(BLAISE, "Continuer")
    await counter.press(BLAISE, "Réserver")
    await counter.press(ADA, "Hold and pay")
    assert len(await counter.orders()) == 1
    assert text(counter).startswith("Sat 28 Nov is taken already. Please choose other days.")
    assert await counter.world.taken(room.row(THURSDAY)) == 0


async def test_days_that_cannot_be_a_first_day_say_why(counter: Counter) -> None:
    room = await room_of(counter)
    number = base36(room.id)
    await counter.say(ADA, "/start r_room")
    await counter.press(ADA, "Choose your dates")
    for offset in (-1, 130, 70):
        await counter.forge(ADA, f"1:1:{number}:{base36((TODAY + DAY * offset).toordinal())}")
    assert counter.alerts(ADA) == [
        "This day can no longer be booked.",
        "This can be booked up to 120 days ahead.",
        "It is closed on Mon 1 Feb. Please choose other days.",
    ]


@pytest.mark.parametrize(
    "data", ["1:1:zz:1", "1:1:1", "1:2:zzz:1", "1:2:1", "1:3:1:1", "1:3:1:1:9.9", "1:7:1:1:1", "1:7:1:1", "1:2:1:-1"]
)
async def test_forged_buttons_do_no_harm(counter: Counter, data: str) -> None:
    await room_of(counter)
    await counter.say(ADA, "/start r_room")
    await counter.forge(ADA, data)
    assert await counter.orders() == []
