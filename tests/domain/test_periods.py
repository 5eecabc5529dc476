"""Rules of the periods that staff ask about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.periods import EARLIEST, LATEST, BadPeriod, Kind, Period, parse_day, parse_period, period_with

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "2026-11-20", "2026-11-20"),
        ("today", "2026-11-20", "2026-11-20"),
        ("Aujourd’hui", "2026-11-20", "2026-11-20"),
        ("yesterday", "2026-11-19", "2026-11-19"),
        ("hier", "2026-11-19", "2026-11-19"),
        ("week", "2026-11-16", "2026-11-22"),
        ("semaine", "2026-11-16", "2026-11-22"),
        ("MONTH", "2026-11-01", "2026-11-30"),
        ("mois", "2026-11-01", "2026-11-30"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-11-01 2026-11-15", "2026-11-01", "2026-11-15"),
    ],
)
def test_staff_name_a_period_in_their_words(text: str, first: str, last: str) -> None:
    period = parse_period(text.split(), FRIDAY)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-13",
        "2026-02-30",
        "20261120",
        "2026-W47",
        "2026-11-15 2026-11-01",
        "today week",
        "1 2 3",
        "1999-12",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        parse_period(text.split(), FRIDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [("", 20), ("today", 20), ("tomorrow", 21), ("demain", 21), ("hier", 19), ("2026-11-05", 5)],
)
def test_staff_name_a_day_in_their_words(text: str, day: int) -> None:
    assert parse_day(text.split(), FRIDAY) == date(2026, 11, day)


@pytest.mark.parametrize("text", ["week", "2026-11", "2026-11-01 2026-11-02", "someday"])
def test_a_list_of_guests_is_for_one_day(text: str) -> None:
    with pytest.raises(BadPeriod):
        parse_day(text.split(), FRIDAY)


def test_a_period_that_still_runs_is_compared_with_as_many_days_of_the_one_before() -> None:
    week = parse_period(["week"], FRIDAY).compared(FRIDAY)
    month = parse_period(["month"], FRIDAY).compared(FRIDAY)
    assert (week.first, week.last) == (date(2026, 11, 9), date(2026, 11, 13))
    assert (month.first, month.last) == (date(2026, 10, 1), date(2026, 10, 20))


def test_the_end_of_a_long_month_is_compared_with_the_whole_month_before() -> None:
    before = parse_period(["2026-03"], FRIDAY).compared(date(2026, 3, 30))
    assert (before.first, before.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_period_that_is_over_is_compared_with_the_whole_one_before() -> None:
    assert parse_period(["2026-10"], FRIDAY).compared(FRIDAY) == period_with(Kind.MONTH, date(2026, 9, 1))
    sunday = date(2026, 11, 22)
    assert parse_period(["week"], sunday).compared(sunday) == period_with(Kind.WEEK, date(2026, 11, 15))


@given(some.sampled_from(list(Kind)), some.dates(date(2001, 1, 1), date(2900, 1, 1)), some.integers(0, 90))
def test_neighbours_touch_and_lead_back(kind: Kind, day: date, more: int) -> None:
    period = Period(kind, day, day + timedelta(days=more)) if kind is Kind.SPAN else period_with(kind, day)
    assert period.previous.last + timedelta(days=1) == period.first
    assert period.next.first - timedelta(days=1) == period.last
    assert period.next.previous == period == period.previous.next


@pytest.mark.parametrize("kind", list(Kind))
def test_the_calendar_ends_kindly_on_both_sides(kind: Kind) -> None:
    for edge in (Period(kind, EARLIEST, EARLIEST), Period(kind, EARLIEST, LATEST)):
        with pytest.raises(BadPeriod):
            _ = edge.previous
    for edge in (Period(kind, LATEST, LATEST), Period(Kind.SPAN, EARLIEST, LATEST)):
        with pytest.raises(BadPeriod):
            _ = edge.next
