"""Rentals by the hour: hours of one day that follow each other, also on the days when the clocks change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.domain.catalogue_entries import ClosedDays, PriceRule, Rental, Step, Weekday
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.rental_plans import HOUR, plans
from bot.domain.rentals import (
    DAY,
    DayTaken,
    LetRow,
    Letting,
    NoStay,
    Why,
    beginnings,
    departure,
    first_refusal,
    lengths,
    price_of,
    reach,
    stay,
)
from bot.domain.slot_changes import StoredSlot, local_day, slot_changes
from tests.rentals import BIKES, entry

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
SATURDAY = date(2026, 12, 12)
EARLY = datetime(2026, 12, 12, 5, 0, tzinfo=UTC)
ALWAYS = Rental(Step.HOUR, time(0), time(0), shortest=1, longest=24)


def opened(terms: Rental = BIKES, zone: str = PARIS, *, days: int = 3, first: date = SATURDAY,
           left: Mapping[str, int] | None = None, closed: frozenset[str] = frozenset()) -> Letting:  # fmt: skip
    """Four of the same on each day, but for what is said of some keys, and without some hours."""
    found = plans(entry(terms, zone=zone), first, first + DAY * (days - 1))
    rows = tuple(
        LetRow(
            InventoryId(number), local_day(plan), plan.start, plan.end, (left or {}).get(plan.key, 4),
            plan.key in closed,
        )
        for number, plan in enumerate(found)
    )  # fmt: skip
    return Letting(terms, Money(1200, "EUR"), rows, zone, 0, 30)


def at(letting: Letting, hour: int, day: date = SATURDAY) -> InventoryId:
    """The first row of that day which begins at that hour."""
    zone = ZoneInfo(letting.time_zone)
    return next(row.inventory_id for row in letting.on(day) if row.starts_at.astimezone(zone).hour == hour)


def hours(letting: Letting, first: InventoryId, steps: int, now: datetime = EARLY) -> list[int]:
    zone = ZoneInfo(letting.time_zone)
    return [row.starts_at.astimezone(zone).hour for row in stay(letting, first, steps, 1, now)]


def refused(letting: Letting, first: InventoryId, steps: int, now: datetime = EARLY) -> NoStay:
    with pytest.raises(NoStay) as caught:
        stay(letting, first, steps, 1, now)
    return caught.value


def test_each_open_hour_has_a_row_of_its_own_under_its_local_day() -> None:
    found = plans(entry(BIKES), SATURDAY, SATURDAY + DAY)
    assert [plan.key for plan in found[:2]] == ["2026-12-12T09:00+01:00", "2026-12-12T10:00+01:00"]
    assert found[0].start == datetime(2026, 12, 12, 8, 0, tzinfo=UTC)
    assert [local_day(plan) for plan in found] == [SATURDAY] * 9 + [SATURDAY + DAY] * 9
    assert all(plan.end - plan.start == HOUR for plan in found)


def test_a_closed_day_has_no_hours() -> None:
    closed = [ClosedDays(SATURDAY, SATURDAY)]
    assert {local_day(plan) for plan in plans(entry(BIKES, closed=closed), SATURDAY, SATURDAY + DAY)} == {
        SATURDAY + DAY
    }


def test_what_closes_at_midnight_is_let_until_the_day_is_over() -> None:
    late = plans(entry(replace(BIKES, check_in=time(22), check_out=time(0))), SATURDAY, SATURDAY)
    assert [plan.key[11:16] for plan in late] == ["22:00", "23:00"]
    assert late[-1].end.astimezone(ZoneInfo(PARIS)) == datetime(2026, 12, 13, tzinfo=ZoneInfo(PARIS))


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("zone", "day", "count"),
    [
        (PARIS, date(2027, 3, 28), 23),
        (PARIS, date(2027, 10, 31), 25),
        (NEW_YORK, date(2027, 3, 14), 23),
        (NEW_YORK, date(2027, 11, 7), 25),
        (PARIS, SATURDAY, 24),
    ],
)
def test_round_the_clock_a_day_has_as_many_hours_as_pass_on_it(zone: str, day: date, count: int) -> None:
    found = plans(entry(ALWAYS, zone=zone), day - DAY, day + DAY)
    assert sum(local_day(plan) == day for plan in found) == count
    assert len({plan.key for plan in found}) == len(found) == 24 + count + 24
    assert all(before.end == after.start for before, after in pairwise(found))


@pytest.mark.fault(33)
def test_opening_and_closing_stay_at_their_hours_when_the_clocks_change() -> None:
    early = replace(BIKES, check_in=time(1), check_out=time(4), longest=3)
    spring, autumn = (plans(entry(early), day, day) for day in (date(2027, 3, 28), date(2027, 10, 31)))
    assert [plan.key[11:] for plan in spring] == ["01:00+01:00", "03:00+02:00"]
    assert [plan.key[11:] for plan in autumn] == ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]


@pytest.mark.fault(33)
def test_a_stay_counts_the_hours_that_pass_while_the_clocks_change() -> None:
    now = datetime(2027, 10, 30, 5, 0, tzinfo=UTC)
    found = opened(ALWAYS, first=date(2027, 10, 31))
    assert hours(found, at(found, 1, date(2027, 10, 31)), 4, now) == [1, 2, 2, 3]
    spring = opened(ALWAYS, first=date(2027, 3, 28))
    assert hours(spring, at(spring, 1, date(2027, 3, 28)), 2, datetime(2027, 3, 27, tzinfo=UTC)) == [1, 3]


def test_a_stay_takes_the_hours_that_follow_each_other() -> None:
    found = opened()
    assert hours(found, at(found, 10), 3) == [10, 11, 12]
    assert (departure(BIKES, SATURDAY), reach(BIKES, SATURDAY)) == (SATURDAY, SATURDAY)
    assert lengths(found, at(found, 10), EARLY) == (1, 2, 3, 4)
    assert lengths(found, at(found, 16), EARLY) == (1, 2)


def test_a_stay_ends_when_its_day_closes_even_if_the_next_one_follows_at_once() -> None:
    found = opened(ALWAYS)
    assert lengths(found, at(found, 22), EARLY) == (1, 2)
    refusal = refused(found, at(found, 22), 3)
    assert (refusal.why, refusal.day) == (Why.CLOSED, SATURDAY)
    closing = refused(opened(), at(opened(), 16), 3)
    assert closing.at is not None
    assert (closing.why, closing.at.hour) == (Why.CLOSED, 18)


def test_an_hour_that_is_closed_meanwhile_is_in_nobody_s_stay() -> None:
    found = opened(closed=frozenset({"2026-12-12T12:00+01:00"}))
    assert lengths(found, at(found, 10), EARLY) == (1, 2)
    refusal = refused(found, at(found, 11), 2)
    assert refusal.at is not None
    assert (refusal.why, refusal.at.hour) == (Why.CLOSED, 12)


def test_a_taken_hour_is_named_with_what_is_left() -> None:
    found = opened(left={"2026-12-12T12:00+01:00": 1})
    with pytest.raises(DayTaken) as caught:
        stay(found, at(found, 10), 4, 2, EARLY)
    assert caught.value.at is not None
    assert (caught.value.at.hour, caught.value.left) == (12, 1)
    assert len(stay(found, at(found, 10), 4, 1, EARLY)) == 4


def test_a_stay_begins_at_the_hours_from_which_on_it_is_free_for_long_enough() -> None:
    found = opened(replace(BIKES, shortest=2), left={"2026-12-12T12:00+01:00": 0})
    begins = [row.starts_at.astimezone(ZoneInfo(PARIS)).hour for row in beginnings(found, SATURDAY, EARLY)]
    assert begins == [9, 10, 13, 14, 15, 16]
    noon = datetime(2026, 12, 12, 13, 0, tzinfo=UTC)
    assert [row.starts_at.hour for row in beginnings(found, SATURDAY, noon)] == [14, 15]
    assert refused(found, at(found, 14), 2, noon).why is Why.PAST


def test_a_day_says_why_no_stay_begins_on_it() -> None:
    def why(letting: Letting, day: date = SATURDAY, now: datetime = EARLY) -> object:
        refusal = first_refusal(letting, day, now)
        return refusal.why if isinstance(refusal, NoStay) else refusal and type(refusal)

    keys = [plan.key for plan in plans(entry(BIKES), SATURDAY, SATURDAY)]
    assert why(opened()) is None
    assert why(opened(), now=EARLY + timedelta(hours=12)) is Why.PAST
    assert why(opened(left=dict.fromkeys(keys, 0))) is DayTaken
    assert why(opened(left=dict.fromkeys(keys[3:], 0)), now=EARLY + timedelta(hours=6)) is DayTaken
    assert why(opened(closed=frozenset(keys))) is Why.CLOSED
    assert why(opened(replace(BIKES, shortest=2), left=dict.fromkeys(keys[::2], 0))) is Why.NO_END
    assert why(opened(), SATURDAY + DAY * 5) is Why.CLOSED
    assert why(opened(), SATURDAY + DAY * 40) is Why.BEYOND


def test_an_hour_costs_what_the_rule_for_its_local_day_says() -> None:
    weekend = PriceRule(1500, frozenset({Weekday.SAT, Weekday.SUN}))
    found = opened(replace(ALWAYS, prices=(weekend,)), first=SATURDAY - DAY)
    friday, saturday = found.on(SATURDAY - DAY)[-1], found.on(SATURDAY)[0]
    assert friday.ends_at == saturday.starts_at
    assert [price_of(found, row.day).minor for row in (friday, saturday)] == [1200, 1500]


def test_hours_that_are_sold_stay_when_a_shop_opens_later() -> None:
    stored = [
        StoredSlot(InventoryId(number), plan.key, SATURDAY, plan.start, plan.end, 1, taken=number == 0, closed=False)
        for number, plan in enumerate(plans(entry(BIKES), SATURDAY, SATURDAY))
    ]
    found = slot_changes(entry(replace(BIKES, check_in=time(11))), stored, SATURDAY)
    assert [slot.key[11:16] for slot in found.closed] == ["09:00"]
    assert [slot.key[11:16] for slot in found.removed] == ["10:00"]
    assert not found.changed
