"""How a rental is written in a catalogue file, and what is wrong with it."""

import tomllib
from datetime import date, time

import pytest

from bot.domain.catalogue_changes import catalogue_changes
from bot.domain.catalogue_document import document, rules_document
from bot.domain.catalogue_entries import (
    CatalogueFile,
    CatalogueMistakes,
    EntryKind,
    PriceRule,
    Rental,
    Step,
    Weekday,
)
from bot.domain.catalogue_file import parse_catalogue
from bot.domain.file_rentals import read_kept_rental

FILE = """
format = 1
[shop]
banner = "b.jpg"
name = { en = "Shop" }
welcome = { en = "Welcome" }
[[category]]
slug = "cabins"
emoji = "🏡"
name = { en = "Cabins" }
[[resource]]
slug = "room"
category = "cabins"
kind = "rental"
photo = "room.jpg"
name = { en = "Room" }
description = { en = "A room." }
place = { en = "Lake" }
capacity = 2
step = "night"
check_in = "15:00"
check_out = "11:00"
min_stay = 2
max_stay = 14
changeover = ["fri", "sat"]
cancellation = [{ hours_before = 48, refund_percent = 100 }]
[[resource.price]]
from = 2026-12-19
until = 2027-01-03
price = "150.00"
[[resource.price]]
weekdays = ["fri", "sat"]
price = "110.00"
[[resource.price]]
from = "07-01"
until = "08-31"
price = "140.00"
[[resource.fare]]
slug = "room"
name = { en = "Room" }
counted = { en = ["room", "rooms"] }
price = "90.00"
[[resource.closed]]
from = 2027-01-10
until = 2027-01-31
"""
RENTAL = Rental(
    Step.NIGHT,
    time(15),
    time(11),
    2,
    14,
    frozenset({Weekday.FRI, Weekday.SAT}),
    (
        PriceRule(15000, since=date(2026, 12, 19), until=date(2027, 1, 3)),
        PriceRule(11000, frozenset({Weekday.FRI, Weekday.SAT})),
        PriceRule(14000, season=((7, 1), (8, 31))),
    ),
)


def parsed(content: object) -> CatalogueFile:
    assert isinstance(content, dict)
    return parse_catalogue(content, currency="EUR", decimals=2, time_zone="Europe/Paris", languages=("en",))


def read(text: str = FILE) -> CatalogueFile:
    return parsed(tomllib.loads(text))


def mistakes(text: str) -> list[str]:
    with pytest.raises(CatalogueMistakes) as caught:
        read(text)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_rental_is_read_with_its_rules() -> None:
    (entry,) = read().resources
    assert (entry.kind, entry.rental, entry.capacity, entry.horizon_days) == (EntryKind.RENTAL, RENTAL, 2, 180)
    assert (entry.schedule, entry.duration_minutes, len(entry.closed)) == ((), 0, 1)


def test_what_is_written_reads_as_the_same_again() -> None:
    file = read()
    assert parsed(document(file)) == file


def test_what_is_kept_reads_as_the_same_again() -> None:
    (entry,) = read().resources
    assert read_kept_rental(rules_document(entry)) == RENTAL
    assert read_kept_rental({}) is None


def test_changes_of_its_rules_are_told_line_by_line() -> None:
    after = read(FILE.replace("min_stay = 2", "min_stay = 3").replace('"110.00"', '"120.00"'))
    season, yearly = "2026-12-19 2027-01-03 150.00", "07-01 08-31 140.00"
    assert [str(change) for change in catalogue_changes(read(), after)] == [
        "~ resource room min_stay: 2 → 3",
        f"~ resource room price: {season}; fri, sat 110.00; {yearly} → {season}; fri, sat 120.00; {yearly}",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('step = "night"', 'step = "nigth"', 'resource[0].step: a known value; did you mean "night"?'),
        ('step = "night"', "", "resource[0].step: a known value; known: night, day, hour"),
        ('check_in = "15:00"', 'check_in = "3 pm"', 'resource[0].check_in: a local time such as "15:00"'),
        ("max_stay = 14", "max_stay = 61", "resource[0].max_stay: a whole number from 1 to 60"),
        ("max_stay = 14", "max_stay = 1", "resource[0].max_stay: at least 2, the shortest stay"),
        ('step = "night"', 'step = "day"',
         "resource[0].check_out: later than 15:00: a day ends on the day itself"),
        ('check_out = "11:00"', 'check_out = "16:00"',
         "resource[0].check_out: not later than 15:00, when the next guests come"),
        ('"150.00"', '"150000.00"',
         "resource[0].max_stay: fewer: the longest stay costs more than can be charged at once"),
        ('"sat"]\ncancellation', '"satt"]\ncancellation',
         'resource[0].changeover: weekdays, not "satt"; did you mean "sat"?'),
        ("until = 2027-01-03", "until = 2026-01-03", "resource[0].price[0].until: a date not before 2026-12-19"),
        ('from = "07-01"', 'from = "07-32"', 'resource[0].price[2].from: a day of every year such as "07-14"'),
        ('until = "08-31"', "until = 2027-08-31",
         'resource[0].price[2].until: a day of every year such as "07-14", as the other one'),
        ("capacity = 2", "stock = 2\ncapacity = 2",
         "resource[0].stock: nothing: a rental has a capacity and is let from a day to a day"),
        ('price = "90.00"', 'price = "90.00"\nseats = 2',
         "resource[0].fare: one fare of one unit: what a rental costs otherwise is said by [[resource.price]]"),
    ],
)  # fmt: skip
def test_every_mistake_says_what_is_expected(before: str, after: str, said: str) -> None:
    assert mistakes(FILE.replace(before, after, 1)) == [said]


BY_THE_HOUR = (
    FILE.replace('step = "night"', 'step = "hour"')
    .replace('check_in = "15:00"', 'check_in = "09:00"')
    .replace('check_out = "11:00"', 'check_out = "18:00"')
    .replace("max_stay = 14\n", "")
    .replace('changeover = ["fri", "sat"]\n', "")
)


def test_by_the_hour_the_longest_stay_is_the_whole_day_unless_something_else_is_said() -> None:
    (entry,) = read(BY_THE_HOUR).resources
    assert entry.rental is not None
    assert (entry.rental.step, entry.rental.shortest, entry.rental.longest) == (Step.HOUR, 2, 9)
    file = read(BY_THE_HOUR)
    assert parsed(document(file)) == file
    assert read_kept_rental(rules_document(entry)) == entry.rental
    (always,) = read(BY_THE_HOUR.replace('"09:00"', '"00:00"').replace('"18:00"', '"00:00"')).resources
    assert always.rental is not None
    assert always.rental.longest == 24


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"18:00"', '"17:30"',
         'resource[0].check_out: a whole hour such as "09:00", because it is let by the hour'),
        ('"09:00"', '"09:15"',
         'resource[0].check_in: a whole hour such as "09:00", because it is let by the hour'),
        ('"18:00"', '"09:00"', 'resource[0].check_out: later than 09:00, when it opens, or "00:00" for midnight'),
        ("min_stay = 2", "min_stay = 2\nmax_stay = 10",
         "resource[0].max_stay: at most 9, the hours from 09:00 until 18:00"),
        ("min_stay = 2", "min_stay = 12", "resource[0].max_stay: at least 12, the shortest stay"),
        ("min_stay = 2", 'min_stay = 2\nchangeover = ["sat"]',
         "resource[0].changeover: nothing: by the hour, a stay begins and ends on the same day"),
    ],
)  # fmt: skip
def test_every_mistake_about_hours_says_what_is_expected(before: str, after: str, said: str) -> None:
    assert mistakes(BY_THE_HOUR.replace(before, after, 1)) == [said]


def test_an_item_and_an_event_are_not_let() -> None:
    event = FILE.replace('kind = "rental"', 'kind = "event"\nduration_minutes = 60')
    assert "resource[0].step: nothing: only a rental is let from a day to a day" in mistakes(event)
    item = FILE.replace('kind = "rental"', 'kind = "item"\nstock = 3')
    assert "resource[0].check_in: nothing: an item has stock and no dates" in mistakes(item)
