"""From which day to which something can be taken, what that costs, and why not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.catalogue_entries import PriceRule, Rental, Step, Weekday
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.rentals import (
    DAY,
    DayTaken,
    LetRow,
    Letting,
    NoStay,
    Why,
    departure,
    first_refusal,
    grouped,
    lengths,
    lowest_price,
    price_of,
    stay,
    steps_until,
)

NOW = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
MONDAY = date(2026, 12, 7)
FRIDAY, SATURDAY, SUNDAY = MONDAY + DAY * 4, MONDAY + DAY * 5, MONDAY + DAY * 6
NIGHTS = Rental(Step.NIGHT, time(15), time(11), shortest=1, longest=7)
DAYS = replace(NIGHTS, step=Step.DAY, check_in=time(9), check_out=time(18))
SEASON = PriceRule(15000, since=date(2026, 12, 19), until=date(2027, 1, 3))
WEEKEND = PriceRule(11000, weekdays=frozenset({Weekday.FRI, Weekday.SAT}))


def row(day: date) -> InventoryId:
    return InventoryId(day.toordinal())


def letting(terms: Rental = NIGHTS, *, left: dict[date, int] | None = None, closed: frozenset[date] = frozenset(),
            count: int = 40) -> Letting:  # fmt: skip
    """Two units each day from the Sunday before on, but for what is said."""
    days = [MONDAY + DAY * offset for offset in range(-1, count)]
    rows = tuple(
        LetRow(
            row(day),
            day,
            datetime.combine(day, time(14), UTC),
            datetime.combine(departure(terms, day), time(10), UTC),
            (left or {}).get(day, 2),
            day in closed,
        )
        for day in days
    )
    return Letting(terms, Money(9000, "EUR"), rows, "Europe/Paris", 60, 30)


def refused(found: Letting, first: date, steps: int, units: int = 1, now: datetime = NOW) -> Why:
    with pytest.raises(NoStay) as caught:
        stay(found, row(first), steps, units, now)
    return caught.value.why


def test_a_night_ends_on_the_next_day_and_a_day_on_itself() -> None:
    assert (departure(NIGHTS, FRIDAY), departure(DAYS, FRIDAY)) == (SATURDAY, FRIDAY)
    assert (steps_until(NIGHTS, FRIDAY, SUNDAY), steps_until(DAYS, FRIDAY, SUNDAY)) == (2, 3)


def test_a_stay_takes_every_day_from_its_first_on() -> None:
    assert [each.day for each in stay(letting(), row(FRIDAY), 3, 1, NOW)] == [FRIDAY, SATURDAY, SUNDAY]


def test_each_day_costs_what_the_first_rule_that_holds_says() -> None:
    found = letting(replace(NIGHTS, prices=(SEASON, WEEKEND)))
    days = (MONDAY, FRIDAY, date(2026, 12, 18), date(2026, 12, 19), date(2026, 12, 21), date(2027, 1, 3))
    assert [price_of(found, day).minor for day in days] == [9000, 11000, 11000, 15000, 15000, 15000]
    assert price_of(found, date(2027, 1, 4)).minor == 9000
    assert lowest_price(found.terms, found.base).minor == 9000


def test_a_season_comes_every_year_also_over_its_turn() -> None:
    summer, winter = PriceRule(14000, season=((7, 1), (8, 31))), PriceRule(15000, season=((12, 20), (1, 4)))
    found = letting(replace(NIGHTS, prices=(summer, winter)))
    days = ["2026-07-01", "2031-08-31", "2031-09-01", "2026-12-19", "2026-12-20", "2027-01-04", "2027-01-05"]
    prices = [price_of(found, date.fromisoformat(day)).minor for day in days]
    assert prices == [14000, 14000, 9000, 9000, 15000, 15000, 9000]


def test_prices_are_told_in_groups_in_the_order_of_the_days() -> None:
    found = letting(replace(NIGHTS, prices=(WEEKEND,)))
    prices = [price_of(found, FRIDAY - DAY + DAY * offset) for offset in range(4)]
    assert [(count, price.minor) for count, price in grouped(prices)] == [(2, 9000), (2, 11000)]


@pytest.mark.parametrize(
    ("first", "steps", "why"),
    [
        (FRIDAY, 0, Why.BACKWARDS),
        (FRIDAY, -3, Why.BACKWARDS),
        (FRIDAY, 1, Why.TOO_SHORT),
        (FRIDAY, 8, Why.TOO_LONG),
        (FRIDAY, 10**9, Why.TOO_LONG),
        (MONDAY - DAY, 2, Why.PAST),
        (MONDAY + DAY * 31, 2, Why.BEYOND),
        (MONDAY + DAY * 30, 2, Why.BEYOND),
        (MONDAY + DAY * 9, 2, Why.CLOSED),
        (MONDAY + DAY * 10, 2, Why.CLOSED),
    ],
)
def test_days_that_cannot_be_taken_are_refused_with_the_reason(first: date, steps: int, why: Why) -> None:
    found = letting(replace(NIGHTS, shortest=2), closed=frozenset({MONDAY + DAY * 10}))
    assert refused(found, first, steps) is why


def test_booking_of_today_ends_before_check_in() -> None:
    last = datetime(2026, 12, 7, 13, 0, tzinfo=UTC)
    assert stay(letting(), row(MONDAY), 1, 1, last - timedelta(seconds=1))
    assert refused(letting(), MONDAY, 1, now=last) is Why.PAST


def test_a_full_day_in_the_middle_is_named_with_what_is_left() -> None:
    found = letting(left={SATURDAY: 1})
    with pytest.raises(DayTaken) as caught:
        stay(found, row(FRIDAY), 3, 2, NOW)
    assert (caught.value.day, caught.value.left) == (SATURDAY, 1)
    assert stay(found, row(FRIDAY), 3, 1, NOW)


def test_a_stay_may_end_on_the_day_on_which_another_begins() -> None:
    assert stay(letting(left={SATURDAY: 0}), row(FRIDAY), 1, 1, NOW)
    with pytest.raises(DayTaken):
        stay(letting(DAYS, left={SATURDAY: 0}), row(FRIDAY), 2, 1, NOW)


def test_stays_begin_and_end_on_changeover_days_alone() -> None:
    found = letting(replace(NIGHTS, changeover=frozenset({Weekday.SAT}), longest=14))
    assert lengths(found, row(SATURDAY), NOW) == (7, 14)
    assert refused(found, FRIDAY, 7) is Why.ARRIVAL
    assert refused(found, SATURDAY, 6) is Why.DEPARTURE
    days = letting(replace(DAYS, changeover=frozenset({Weekday.SAT, Weekday.SUN})))
    assert lengths(days, row(SATURDAY), NOW) == (1, 2)


def test_a_stay_ends_before_the_next_full_or_closed_day_or_the_horizon() -> None:
    assert lengths(letting(left={SUNDAY: 0}), row(FRIDAY), NOW) == (1, 2)
    assert lengths(letting(closed=frozenset({SUNDAY})), row(FRIDAY), NOW) == (1, 2)
    assert lengths(letting(), row(MONDAY + DAY * 29), NOW) == (1, 2)
    assert lengths(letting(count=5), row(FRIDAY), NOW) == (1,)
    assert lengths(letting(), row(MONDAY - DAY), NOW) == ()


def test_a_day_from_which_on_nothing_is_long_enough_is_no_first_day() -> None:
    found = letting(replace(NIGHTS, shortest=3), left={SUNDAY: 0})
    assert isinstance(refusal := first_refusal(found, FRIDAY, NOW), NoStay)
    assert refusal.why is Why.NO_END
    assert isinstance(first_refusal(found, SUNDAY, NOW), DayTaken)
    assert first_refusal(found, SUNDAY + DAY, NOW) is None
    assert isinstance(refusal := first_refusal(found, MONDAY - DAY, NOW), NoStay)
    assert refusal.why is Why.PAST


def test_units_that_would_be_given_back_count_as_free() -> None:
    found = letting(left={SATURDAY: 0})
    freed = found.freed({row(SATURDAY): 1})
    assert stay(freed, row(FRIDAY), 2, 1, NOW)
    assert found.on(SATURDAY)[0].left == 0
