"""Other dates for a stay in the chat: as long as before, from when to when, and what that costs or brings."""

import pytest

from bot.domain.rentals import DAY
from tests.handlers.counter import ADA, Counter
from tests.rentals import BIKES, TODAY, Let, add_rental

FRIDAY = TODAY + DAY * 4
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def text(counter: Counter) -> str:
    return counter.screen(ADA).text.replace("\N{NO-BREAK SPACE}", " ")


async def booked(counter: Counter, start: str, *taps: str) -> None:
    await counter.say(ADA, f"/start {start}")
    for tap in taps:
        await counter.press(ADA, tap)
    await counter.work()
    await counter.pay()


async def room(counter: Counter, *taps: str, start: str = "r_room_20261203") -> Let:
    """A night for 90, those of Friday and Saturday for 110; one is booked from the third of December on."""
    let = await add_rental(counter.world.database, counter.world.shop.category_id)
    await booked(counter, start, *taps, "Continue", "Hold and pay")
    await counter.say(ADA, "/bookings")
    return let


async def test_a_stay_moves_by_three_taps(counter: Counter) -> None:
    let = await room(counter, "5")
    await counter.press(ADA, "Thu 3 Dec, 15:00")
    await counter.press(ADA, "Another date")
    assert "Choose the day you arrive, for as long as before. Your dates stay yours until you confirm." in text(counter)
    labels = counter.labels(counter.screen(ADA))
    assert (labels[:3], "[3]" in labels, "·" in labels[10:-1]) == (["‹", "December 2026", "›"], True, True)
    await counter.press(ADA, "2")
    assert text(counter).startswith(
        "Move this booking?\nRoom\n"
        "To: Wed 2 Dec 2026, 15:00 – Fri 4 Dec 2026, 11:00, 2 nights\n"
        "From: Thu 3 Dec 2026, 15:00 – Sat 5 Dec 2026, 11:00, 2 nights"
    )
    assert "It costs less there: €20.00 goes back." in text(counter)
    await counter.press(ADA, "Move it")
    assert text(counter).startswith("Your booking has moved\n")
    assert "Wed 2 Dec 2026, 15:00 – Fri 4 Dec 2026, 11:00, 2 nights" in text(counter)
    await counter.work()
    assert [await counter.world.taken(let.row(day)) for day in (8, 9, 10, 11, 12)] == [0, 1, 1, 0, 0]


async def test_dearer_days_are_held_until_the_difference_is_paid(counter: Counter) -> None:
    await room(counter)
    await counter.press(ADA, "Thu 3 Dec, 15:00")
    await counter.press(ADA, "Another date")
    await counter.press(ADA, "‹")
    await counter.press(ADA, "27")
    assert "It costs €20.00 more there." in text(counter)
    await counter.press(ADA, "Hold and pay €20.00")
    await counter.work()
    assert text(counter).startswith("Your new date is held until")
    assert "Fri 27 Nov 2026, 15:00 – Sat 28 Nov 2026, 11:00, 1 night" in text(counter)
    await counter.pay()
    assert text(counter).startswith("Your booking has moved")
    assert "€110.00 paid" in text(counter)


async def test_hours_move_within_their_day_and_to_others(counter: Counter) -> None:
    bikes = await add_rental(
        counter.world.database, counter.world.shop.category_id, BIKES, slug="bike", price=1200, days=4
    )
    await booked(counter, "r_bike_20261125", "10:00", "12:00", "Continue", "Hold and pay")
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Wed 25 Nov, 10:00")
    await counter.press(ADA, "Another date")
    assert "Choose other dates, for as long as before. Yours stay yours until you confirm." in text(counter)
    labels = counter.labels(counter.screen(ADA))
    assert [label for label in labels if label.strip("[]").isdigit()] == ["23", "24", "[25]", "26"]
    await counter.press(ADA, "[25]")
    assert "Wed 25 Nov 2026. Times are local (Paris).\nChoose when it begins." in text(counter)
    labels = counter.labels(counter.screen(ADA))
    assert labels[:3] == ["09:00 – 11:00", "11:00 – 13:00", "12:00 – 14:00"]
    await counter.press(ADA, "11:00 – 13:00")
    assert "To: Wed 25 Nov 2026, 11:00 – 13:00, 2 hours" in text(counter)
    await counter.press(ADA, "Move it")
    assert "Wed 25 Nov 2026, 11:00 – 13:00, 2 hours" in text(counter)
    assert [await counter.world.taken(bikes.row(2, hour)) for hour in range(5)] == [0, 0, 1, 1, 0]


async def test_the_hours_of_one_day_are_a_list(counter: Counter) -> None:
    await add_rental(counter.world.database, counter.world.shop.category_id, BIKES, slug="bike", first=FRIDAY, days=1)
    await booked(counter, "r_bike_20261127", "10:00", "12:00", "Continue", "Hold and pay")
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Fri 27 Nov, 10:00")
    await counter.press(ADA, "Another date")
    labels = counter.labels(counter.screen(ADA))
    assert labels[0] == "Fri 27 Nov, 09:00 – 11:00"
    await counter.press(ADA, labels[0])
    assert "To: Fri 27 Nov 2026, 09:00 – 11:00, 2 hours" in text(counter)
