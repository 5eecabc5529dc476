"""The days of a rental, through both nights of the clock change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.catalogue_entries import ClosedDays, Rental, Step
from bot.domain.ids import InventoryId
from bot.domain.rental_plans import plans
from bot.domain.slot_changes import StoredSlot, slot_changes, slot_mistakes
from tests.rentals import BOATS, ROOM, entry

SPRING, AUTUMN = date(2027, 3, 27), date(2027, 10, 30)
AMERICAN_SPRING, AMERICAN_AUTUMN = date(2027, 3, 13), date(2027, 11, 6)


def test_a_room_is_let_from_check_in_until_check_out_on_the_next_day() -> None:
    (plan,) = plans(entry(ROOM, capacity=2), date(2026, 12, 12), date(2026, 12, 12))
    assert (plan.key, plan.capacity) == ("2026-12-12", 2)
    assert plan.start == datetime(2026, 12, 12, 14, 0, tzinfo=UTC)
    assert plan.end == datetime(2026, 12, 13, 10, 0, tzinfo=UTC)


def test_a_boat_is_brought_back_on_the_same_day() -> None:
    (plan,) = plans(entry(BOATS), date(2026, 12, 12), date(2026, 12, 12))
    assert (plan.start, plan.end) == (
        datetime(2026, 12, 12, 8, 0, tzinfo=UTC),
        datetime(2026, 12, 12, 17, 0, tzinfo=UTC),
    )


def test_closed_days_have_no_row() -> None:
    closed = [ClosedDays(date(2026, 12, 24), date(2026, 12, 25))]
    found = plans(entry(closed=closed), date(2026, 12, 23), date(2026, 12, 26))
    assert [plan.key for plan in found] == ["2026-12-23", "2026-12-26"]


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", SPRING),
        ("Europe/Paris", AUTUMN),
        ("America/New_York", AMERICAN_SPRING),
        ("America/New_York", AMERICAN_AUTUMN),
    ],
)
def test_check_in_and_check_out_stay_at_their_hours_when_the_clocks_change(zone: str, day: date) -> None:
    (plan,) = plans(entry(zone=zone), day, day)
    local = [moment.astimezone(ZoneInfo(zone)) for moment in (plan.start, plan.end)]
    assert [(moment.date(), moment.time()) for moment in local] == [
        (day, time(15)),
        (date.fromordinal(day.toordinal() + 1), time(11)),
    ]
    assert (plan.end - plan.start).total_seconds() / 3600 in {19, 21}


@pytest.mark.fault(33)
def test_an_hour_that_a_night_leaves_out_or_has_twice_is_taken_once() -> None:
    late = Rental(Step.NIGHT, time(2, 30), time(2, 30), 1, 5)
    spring, autumn = (plans(entry(late), day, day)[0] for day in (SPRING, AUTUMN))
    assert spring.end.astimezone(ZoneInfo("Europe/Paris")).time() == time(3)
    assert autumn.end == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_another_hour_of_check_in_is_refused_for_days_that_are_taken() -> None:
    old, new = entry(ROOM), entry(Rental(Step.NIGHT, time(16), time(11), 1, 14))
    today = date(2026, 12, 12)
    stored = [
        StoredSlot(InventoryId(number), plan.key, today, plan.start, plan.end, plan.capacity, number, closed=False)
        for number, plan in enumerate(plans(old, today, today))
    ]
    changes = slot_changes(new, stored, today)
    assert len(changes.changed) == 1
    assert not list(slot_mistakes("room", changes.changed))
    taken = slot_changes(new, [StoredSlot(**{**vars(stored[0]), "taken": 1})], today)
    assert [str(each) for each in slot_mistakes("room", taken.changed)] == [
        "room, slot 2026-12-12: the same start as before, because seats are taken: 1"
    ]
