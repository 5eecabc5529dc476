"""The rules for what the calendar shows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.availability import Slot, Terms, day_state, month_shown, shown_slots, slot_state
from bot.domain.catalogue import DayState, SlotState
from bot.domain.ids import InventoryId

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TERMS = Terms("Europe/Paris", closes_minutes_before=60, horizon_days=30)
TODAY = date(2026, 11, 23)


def slot(days: int = 1, hour: int = 12, *, left: int = 12, closed: bool = False) -> Slot:
    start = datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=days)
    return Slot(InventoryId(1), start.date(), start, start + timedelta(hours=1), 12, 12 - left, closed)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (slot(), SlotState.OPEN),
        (slot(left=4), SlotState.OPEN),
        (slot(left=3), SlotState.FEW),
        (slot(left=0), SlotState.FULL),
        (slot(left=0, closed=True), SlotState.CLOSED),
        (slot(0, 10), SlotState.PAST),
        (slot(0, 11), SlotState.OPEN),
    ],
)
def test_a_slot_is_open_until_its_last_seat_or_its_deadline(given: Slot, state: SlotState) -> None:
    assert slot_state(given, TERMS, NOW) is state


@pytest.mark.parametrize(
    ("day", "slots", "state"),
    [
        (TODAY - timedelta(days=1), [slot(-1)], DayState.PAST),
        (TODAY + timedelta(days=30), [slot(30)], DayState.OPEN),
        (TODAY + timedelta(days=31), [slot(31)], DayState.BEYOND),
        (TODAY, [], DayState.CLOSED),
        (TODAY, [slot(0, 7)], DayState.PAST),
        (TODAY, [slot(0, 7), slot(0, 15, left=0)], DayState.FULL),
        (TODAY, [slot(0, 15, closed=True)], DayState.CLOSED),
        (TODAY, [slot(0, 15, left=0), slot(0, 16, left=2)], DayState.FEW),
        (TODAY, [slot(0, 15, left=2), slot(0, 16, left=2)], DayState.OPEN),
    ],
)
def test_a_day_is_as_good_as_its_best_slot(day: date, slots: list[Slot], state: DayState) -> None:
    assert day_state(day, slots, TERMS, NOW) is state


def test_only_days_with_a_free_seat_can_be_chosen() -> None:
    assert {state for state in DayState if state.can_be_chosen} == {DayState.OPEN, DayState.FEW}


def test_today_is_the_day_at_the_place() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert TERMS.today(late) == date(2026, 11, 24)
    assert day_state(TODAY, [], TERMS, late) is DayState.PAST


def test_slots_are_shown_in_order_of_time_and_within_the_horizon() -> None:
    views = shown_slots([slot(2), slot(1, 15), slot(1, 12), slot(31), slot(1, closed=True)], TERMS, NOW)
    assert [view.starts_at.isoformat()[5:13] for view in views] == ["11-24T12", "11-24T15", "11-25T12"]


@pytest.mark.parametrize(
    ("wanted", "first_open", "last_slot", "shown"),
    [
        (None, date(2027, 1, 4), date(2027, 3, 1), (2027, 1)),
        (None, None, None, (2026, 11)),
        ((2026, 12), None, date(2027, 3, 1), (2026, 12)),
        ((2026, 1), None, date(2027, 3, 1), (2026, 11)),
        ((2028, 1), None, date(2027, 3, 1), (2027, 3)),
        ((2028, 1), None, date(2026, 1, 1), (2026, 11)),
    ],
)
def test_a_month_without_days_to_show_becomes_the_nearest_that_has(
    wanted: tuple[int, int] | None, first_open: date | None, last_slot: date | None, shown: tuple[int, int]
) -> None:
    assert month_shown(wanted, first_open, last_slot, TODAY) == shown
