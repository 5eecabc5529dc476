"""A catalogue has no more of anything than the messages of a chat have room for."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from itertools import islice

import pytest

from bot.domain.catalogue_entries import ScheduleRule, Weekday
from bot.domain.catalogue_file import MOST_CATEGORIES
from bot.domain.file_fares import MOST_FARES
from bot.domain.file_schedules import MOST_TIMES
from bot.domain.slot_plans import fullest_day
from tests.domain.test_catalogue_file import CATEGORY, FARE, changed, mistakes, parse, the_mistake

Rule = dict[str, object]
ALL_WEEK = [day.name.lower() for day in Weekday]
SUMMER, WINTER = {"from": "2026-05-01", "until": "2026-09-30"}, {"from": "2026-10-01"}


def every(minutes: int, first: str = "00:00", last: str = "23:59") -> list[str]:
    starts = (f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, minutes))
    return [at for at in starts if first <= at <= last]


def weekly(times: list[str], *weekdays: str, **more: object) -> Rule:
    return {"weekdays": list(weekdays) or ALL_WEEK, "times": times, **more}


def dated(times: list[str], day: str) -> Rule:
    return {"dates": [day], "times": times}


def numbered(one: Mapping[str, object], count: int) -> list[Rule]:
    return [{**one, "slug": f"number-{place}"} for place in range(count)]


def two_parts() -> tuple[list[str], list[str]]:
    """Two parts of what would be too many times together."""
    times = every(10)
    return times[:72], times[72:]


@pytest.mark.parametrize(
    "schedule",
    [
        [weekly(every(15, "09:00", "21:00"))],
        [weekly(every(30))],
        [weekly(every(15))],
        [weekly(two_parts()[0], **SUMMER), weekly(two_parts()[1], **WINTER)],
        [weekly(two_parts()[0], "sat"), weekly(two_parts()[1], "sun")],
        [weekly(every(15)), weekly(every(30), capacity=20)],
        [weekly(two_parts()[0], "sat"), dated(two_parts()[1], "2026-12-24")],
    ],
    ids=["boat", "half_hours", "quarters", "seasons", "weekdays", "the_same_times", "thursday"],
)
def test_an_event_may_take_place_every_quarter_of_an_hour(schedule: list[Rule]) -> None:
    assert len(parse(changed("resource", 0, "schedule", to=schedule)).resources[0].schedule) == len(schedule)


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ([weekly(every(10))], 'not 144 as on a "mon"'),
        ([weekly(two_parts()[0]), weekly(two_parts()[1], "sat")], 'not 144 as on a "sat"'),
        ([weekly(two_parts()[0], **SUMMER), weekly(two_parts()[1], **{"from": "2026-09-30"})], 'as on a "wed"'),
        ([weekly(two_parts()[0], until="2026-12-31"), dated(two_parts()[1], "2026-12-24")], 'as on a "thu"'),
        ([weekly(every(10), **{"from": "9999-12-31"})], 'as on a "fri"'),
    ],
    ids=["every_day", "once_a_week", "one_day_of_two_seasons", "a_date_beside_weekdays", "the_last_day_there_is"],
)
def test_more_times_on_a_day_than_a_message_has_room_for_are_refused(schedule: list[Rule], told: str) -> None:
    found = the_mistake(changed("resource", 0, "schedule", to=schedule))
    assert found.startswith(f"resource[0].schedule: at most {MOST_TIMES} times on one day, ")
    assert told in found


def test_the_fullest_day_is_found_whatever_the_rules_are() -> None:
    rules = [_rule(number) for number in range(24)]
    for first in range(0, len(rules), 3):
        some = rules[first : first + 8]
        assert fullest_day(some)[0] == max(_starts(some, day) for day in islice(_year(), 400))


def _rule(number: int) -> ScheduleRule:
    """Of all sorts: on several weekdays or on a date, from a day on, until a day, or always."""
    since = date(2026, 1, 1) + timedelta(days=number * 37 % 200) if number % 3 else None
    until = date(2026, 1, 1) + timedelta(days=(number * 53 % 300) + 10) if number % 5 else None
    on = frozenset({date(2026, 1, 1) + timedelta(days=number * 29 % 350)}) if number % 4 == 1 else frozenset()
    weekdays = frozenset({Weekday(number % 7), Weekday(number * 3 % 7)}) if not on else frozenset()
    return ScheduleRule(
        weekdays, on, tuple(time(number, minute) for minute in range(number % 9 + 1)), since, until, None
    )


def _starts(rules: Iterable[ScheduleRule], day: date) -> int:
    holding = [
        rule
        for rule in rules
        if (rule.since or day) <= day <= (rule.until or day)
        and (day in rule.dates or Weekday(day.weekday()) in rule.weekdays)
    ]
    return len({at for rule in holding for at in rule.times})


def _year() -> Iterable[date]:
    return (date(2026, 1, 1) + timedelta(days=number) for number in range(400))


def test_more_fares_than_a_message_has_room_for_are_refused() -> None:
    assert len(parse(changed("resource", 0, "fare", to=numbered(FARE, MOST_FARES))).resources[0].fares) == MOST_FARES
    assert the_mistake(changed("resource", 0, "fare", to=numbered(FARE, MOST_FARES + 1))).startswith(
        f"resource[0].fare: at most {MOST_FARES} fares"
    )


def test_more_categories_than_a_message_has_room_for_are_refused() -> None:
    walks = dict(CATEGORY)
    most = [walks, *numbered(CATEGORY, MOST_CATEGORIES - 1)]
    assert len(parse(changed("category", to=most)).categories) == MOST_CATEGORIES
    (told,) = mistakes(changed("category", to=[*most, {**CATEGORY, "slug": "one-more"}]))
    assert str(told).startswith(f"category: at most {MOST_CATEGORIES} categories")
