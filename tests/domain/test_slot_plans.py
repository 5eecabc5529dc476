"""A schedule in local time becomes dated slots, also on the nights when the clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.catalogue_file import ClosedDays, EntryKind, ResourceEntry, ScheduleRule, Weekday, slots

EVERY_DAY = frozenset(Weekday)
SATURDAY = date(2026, 12, 12)


def rule(
    *times: str,
    weekdays: frozenset[Weekday] = EVERY_DAY,
    dates: frozenset[date] = frozenset(),
    since: date | None = None,
    until: date | None = None,
    capacity: int | None = None,
) -> ScheduleRule:
    return ScheduleRule(weekdays, dates, tuple(map(time.fromisoformat, times)), since, until, capacity)


def event(*schedule: ScheduleRule, zone: str = "Europe/Paris", closed: tuple[ClosedDays, ...] = ()) -> ResourceEntry:
    return ResourceEntry(
        slug="walk", category="walks", kind=EntryKind.EVENT, photo="walk.jpg", name={}, description={}, place={},
        time_zone=zone, capacity=12, max_per_order=8, duration_minutes=180, closes_minutes_before=0,
        horizon_days=120, fares=(), schedule=schedule, closed=closed,
    )  # fmt: skip


def keys(entry: ResourceEntry, first: date, last: date | None = None) -> list[str]:
    return [slot.key for slot in slots(entry, first, last or first)]


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_a_slot_starts_on_the_local_clock_and_lasts_as_long_as_the_event() -> None:
    (slot,) = slots(event(rule("06:00")), SATURDAY, SATURDAY)
    assert slot.key == "2026-12-12T06:00"
    assert (slot.start, slot.end) == (utc(2026, 12, 12, 5), utc(2026, 12, 12, 8))
    assert slot.capacity == 12


def test_slots_come_in_order_of_time_and_both_ends_are_included() -> None:
    entry = event(rule("14:00", "09:00", weekdays=frozenset({Weekday.SAT, Weekday.SUN})))
    assert keys(entry, SATURDAY, date(2026, 12, 19)) == [
        "2026-12-12T09:00", "2026-12-12T14:00", "2026-12-13T09:00", "2026-12-13T14:00",
        "2026-12-19T09:00", "2026-12-19T14:00",
    ]  # fmt: skip
    assert keys(entry, SATURDAY, date(2026, 12, 11)) == []


def test_a_weekday_rule_without_an_end_holds_for_years() -> None:
    assert keys(event(rule("06:00")), date(2036, 7, 1)) == ["2036-07-01T06:00"]


def test_a_rule_holds_from_its_first_day_until_its_last() -> None:
    entry = event(rule("06:00", since=date(2026, 12, 12), until=date(2026, 12, 13)))
    assert keys(entry, date(2026, 12, 10), date(2026, 12, 15)) == ["2026-12-12T06:00", "2026-12-13T06:00"]


def test_a_rule_of_dates_holds_on_these_alone() -> None:
    entry = event(rule("18:00", weekdays=frozenset(), dates=frozenset({date(2026, 12, 24)})))
    assert keys(entry, date(2026, 12, 1), date(2026, 12, 31)) == ["2026-12-24T18:00"]


def test_a_closed_day_has_no_slot() -> None:
    entry = event(rule("06:00"), closed=(ClosedDays(date(2026, 12, 25), date(2026, 12, 26)),))
    assert keys(entry, date(2026, 12, 24), date(2026, 12, 27)) == ["2026-12-24T06:00", "2026-12-27T06:00"]


def test_the_last_rule_that_names_a_start_decides_its_capacity() -> None:
    entry = event(rule("06:00", capacity=4), rule("06:00", weekdays=frozenset({Weekday.SAT}), capacity=20))
    assert [slot.capacity for slot in slots(entry, date(2026, 12, 11), SATURDAY)] == [4, 20]


def test_an_event_may_end_after_midnight() -> None:
    (slot,) = slots(event(rule("23:00")), SATURDAY, SATURDAY)
    assert slot.end == utc(2026, 12, 13, 1)


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("zone", "night", "expected"),
    [
        ("Europe/Paris", date(2027, 3, 28), utc(2027, 3, 28, 1)),
        ("America/New_York", date(2027, 3, 14), utc(2027, 3, 14, 7)),
    ],
)
def test_a_time_that_the_spring_night_leaves_out_becomes_the_next_one_that_exists(
    zone: str, night: date, expected: datetime
) -> None:
    (slot,) = slots(event(rule("02:30"), zone=zone), night, night)
    assert (slot.key, slot.start) == (f"{night}T03:00", expected)


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("zone", "night"), [("Europe/Paris", date(2027, 3, 28)), ("America/New_York", date(2027, 3, 14))]
)
def test_a_moved_start_never_doubles_a_slot_that_stands_there_already(zone: str, night: date) -> None:
    entry = event(rule("03:00", capacity=5), rule("02:00", "02:30", capacity=9), zone=zone)
    assert [(slot.key, slot.capacity) for slot in slots(entry, night, night)] == [(f"{night}T03:00", 5)]


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("zone", "night", "expected"),
    [
        ("Europe/Paris", date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
    ],
)
def test_a_time_that_the_autumn_night_has_twice_is_taken_once(zone: str, night: date, expected: datetime) -> None:
    at = "02:30" if zone == "Europe/Paris" else "01:30"
    (slot,) = slots(event(rule(at), zone=zone), night, night)
    assert (slot.key, slot.start) == (f"{night}T{at}", expected)


@pytest.mark.fault(33)
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York"])
def test_around_the_clock_changes_every_day_keeps_its_local_time(zone: str) -> None:
    entry = event(rule("09:00"), zone=zone)
    for first, last in ((date(2027, 3, 10), date(2027, 3, 31)), (date(2026, 10, 20), date(2026, 11, 5))):
        assert all(key.endswith("T09:00") for key in keys(entry, first, last))
        assert len(keys(entry, first, last)) == (last - first).days + 1


@pytest.mark.fault(33)
def test_a_slot_across_the_clock_change_lasts_its_true_length() -> None:
    (slot,) = slots(event(rule("01:00")), date(2027, 3, 28), date(2027, 3, 28))
    assert (slot.end - slot.start).total_seconds() == 180 * 60


def test_an_item_has_no_slots() -> None:
    assert slots(replace(event(), kind=EntryKind.ITEM), SATURDAY, date(2027, 12, 12)) == []
