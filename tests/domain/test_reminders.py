"""Reminders come at hours fit for them, before the start, and never on the heels of a booking."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders import (
    EVENING,
    FROM,
    MORNING,
    SOON,
    UNTIL,
    Reminder,
    last_call_at,
    minutes_left,
    overtaken,
    question_at,
    reminders,
    worth_asking,
)

PARIS = "Europe/Paris"
ZONES = [
    PARIS,
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Africa/Casablanca",
]
NIGHTS = [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]
starts = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    st.builds(lambda night, hours: night + hours, st.sampled_from(NIGHTS), st.timedeltas(timedelta(0), timedelta(3))),
)
zones = st.sampled_from(ZONES)
hours = st.lists(st.integers(1, 168), max_size=5)
early = st.timedeltas(timedelta(0), timedelta(days=60))


def local(text: str, zone: str = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due(start: str, now: str, *before: int, zone: str = PARIS) -> list[str]:
    """When reminders come, on the clock of the place."""
    found = reminders(local(start, zone), zone, local(now, zone), before)
    return [f"{each.due_at.astimezone(ZoneInfo(zone)):%d %H:%M}" for each in found]


def test_by_day_they_come_so_many_hours_before() -> None:
    assert due("2026-12-12T14:00", "2026-12-01T12:00", 24, 2) == ["11 14:00", "12 12:00"]


def test_what_would_come_in_the_night_comes_the_evening_before() -> None:
    assert due("2026-12-12T06:00", "2026-12-01T12:00", 24, 2) == ["10 20:00", "11 20:00"]
    assert due("2026-12-12T23:30", "2026-12-01T12:00", 24, 2) == ["11 20:00", "12 20:00"]
    assert due("2026-12-12T10:00", "2026-12-01T12:00", 2) == ["12 08:00"]
    assert due("2026-12-12T09:59", "2026-12-01T12:00", 2) == ["11 20:00"]
    assert due("2026-12-12T23:00", "2026-12-01T12:00", 2) == ["12 21:00"]


def test_two_that_would_come_at_once_are_one() -> None:
    found = reminders(local("2026-12-12T06:00"), PARIS, local("2026-12-01T12:00"), (2, 4))
    assert found == (Reminder(2, local("2026-12-11T20:00")),)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-12-12T09:00", ["11 20:00"]),
        ("2026-12-12T08:00", ["11 20:00"]),
        ("2026-12-12T07:59", ["10 20:00", "11 20:00"]),
        ("2026-12-12T10:00", ["11 10:00", "12 08:00"]),
    ],
)
def test_of_two_that_would_say_the_same_day_only_the_later_comes(start: str, expected: list[str]) -> None:
    assert due(start, "2026-12-01T12:00", 24, 2) == expected
    assert due("2026-12-12T14:00", "2026-12-01T12:00", 4, 2) == ["12 12:00"]
    assert due("2026-12-12T06:00", "2026-12-01T12:00", 9, 2) == ["11 21:00"]


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        ("2026-12-12T12:30", []),
        ("2026-12-12T11:55", []),
        ("2026-12-12T11:29", ["12 12:00"]),
        ("2026-12-11T13:45", ["12 12:00"]),
        ("2026-12-11T13:29", ["11 14:00", "12 12:00"]),
    ],
)
def test_whoever_books_late_hears_only_what_is_not_just_said(booked: str, expected: list[str]) -> None:
    assert due("2026-12-12T14:00", booked, 24, 2) == expected


def test_who_books_in_the_evening_for_the_morning_needs_no_reminder() -> None:
    assert due("2026-12-12T06:00", "2026-12-11T21:30", 24, 2) == []


@pytest.mark.fault(33)
def test_both_nights_of_the_clock_change_keep_the_hour_of_the_place() -> None:
    assert due("2026-03-29T06:00", "2026-03-01T12:00", 24, 2) == ["27 20:00", "28 20:00"]
    assert due("2026-10-25T14:00", "2026-10-01T12:00", 24, 2) == ["24 15:00", "25 12:00"]
    assert due("2026-11-01T06:00", "2026-10-01T12:00", 2, zone="America/New_York") == ["31 20:00"]


@pytest.mark.fault(33)
@given(starts, zones, early, hours)
def test_wherever_the_place_is_nobody_is_woken_and_nobody_hears_too_late(
    start: datetime, zone: str, before: timedelta, wanted: list[int]
) -> None:
    now = start - before
    found = reminders(start, zone, now, wanted)
    for each in found:
        assert FROM <= each.due_at.astimezone(ZoneInfo(zone)).time() <= UNTIL
        assert now + SOON < each.due_at < start
        assert each.due_at <= start - timedelta(hours=each.hours)
    assert len({each.due_at.astimezone(ZoneInfo(zone)).date() for each in found}) == len(found)
    assert list(found) == sorted(found, key=lambda each: each.due_at)


@given(starts, zones, early, early, hours)
def test_whoever_books_later_hears_nothing_that_others_do_not(
    start: datetime, zone: str, first: timedelta, second: timedelta, wanted: list[int]
) -> None:
    sooner, later = sorted((start - first, start - second))
    dues = {each.due_at for each in reminders(start, zone, sooner, wanted)}
    assert {each.due_at for each in reminders(start, zone, later, wanted)} <= dues


@given(starts, zones, hours)
def test_of_all_that_wait_at_one_moment_only_the_last_is_worth_sending(
    start: datetime, zone: str, wanted: list[int]
) -> None:
    found = reminders(start, zone, start - timedelta(days=60), wanted)
    sent = [each for each in found if not overtaken(each.hours, start, zone, start, wanted)]
    assert sent == list(found[-1:])


def test_a_reminder_is_not_overtaken_before_the_day_of_the_next() -> None:
    start = local("2026-12-12T14:00")
    assert not overtaken(24, start, PARIS, local("2026-12-11T23:59"), (24, 2))
    assert overtaken(24, start, PARIS, local("2026-12-12T12:00"), (24, 2))


def test_a_reminder_that_is_a_day_late_gives_way_to_that_of_the_day() -> None:
    start = local("2026-12-12T06:00")
    assert not overtaken(24, start, PARIS, local("2026-12-10T23:59"), (24, 2))
    assert overtaken(24, start, PARIS, local("2026-12-11T08:00"), (24, 2))
    assert not overtaken(2, start, PARIS, local("2026-12-12T01:00"), (24, 2))
    assert not overtaken(24, local("2026-12-12T09:00"), PARIS, local("2026-12-11T09:00"), (24, 2))


@pytest.mark.fault(33)
@given(starts, zones)
def test_guests_are_asked_on_the_morning_after(end: datetime, zone: str) -> None:
    asked, ended = question_at(end, zone).astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    assert asked.time() == MORNING
    assert (asked.date() - ended.date()).days == 1
    assert worth_asking(end, question_at(end, zone))


def test_a_question_is_neither_early_nor_stale() -> None:
    end = local("2026-12-12T09:00")
    assert not worth_asking(end, end - timedelta(seconds=1))
    assert not worth_asking(end, end + timedelta(days=7))


def test_a_hold_has_a_last_call_if_it_is_long_enough() -> None:
    placed = local("2026-12-12T09:00")
    assert last_call_at(placed, placed + timedelta(minutes=30)) == placed + timedelta(minutes=25)
    assert last_call_at(placed, placed + timedelta(minutes=10)) == placed + timedelta(minutes=5)
    assert last_call_at(placed, placed + timedelta(minutes=9)) is None


def test_minutes_that_have_begun_count() -> None:
    end = local("2026-12-12T09:00")
    left = [minutes_left(end, end - timedelta(seconds=seconds)) for seconds in (300, 299, 61, 60, 1, 0, -60)]
    assert left == [5, 5, 2, 1, 1, 0, 0]


def test_evenings_are_within_the_hours_of_the_day() -> None:
    assert FROM < MORNING < EVENING < UNTIL
