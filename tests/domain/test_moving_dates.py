"""Few dates are a list; many are the months that have some, and the times of a day that has several."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from bot.domain.availability import Month
from bot.domain.catalogue import DayState
from bot.domain.ids import InventoryId
from bot.domain.moving import OtherDate
from bot.domain.moving_dates import FEW, dates_shown
from tests.handlers import views

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
VIEW = views.booking()
"""On 12 December at 06:00 in Paris."""
NOVEMBER, DECEMBER, JANUARY, MARCH = (2026, 11), (2026, 12), (2027, 1), (2027, 3)
DAYS = (*(date(2026, 11, day) for day in (24, 25, 26, 27)), date(2026, 12, 5), *(date(2027, 3, day) for day in (1, 2)))
TWO_EACH = tuple(product(DAYS, (5, 17)))


def others(*at: tuple[date, int]) -> tuple[OtherDate, ...]:
    """At these days and hours."""
    starts = (datetime.combine(day, time(hour), UTC) for day, hour in at)
    return tuple(OtherDate(InventoryId(n), start, start + timedelta(hours=3)) for n, start in enumerate(starts, 100))


@pytest.mark.parametrize("many", [0, 1, FEW])
def test_few_dates_are_all_shown_whatever_was_asked_for(many: int) -> None:
    few = others(*TWO_EACH[:many])
    for month, day in [(None, None), (MARCH, None), (None, DAYS[0])]:
        shown = dates_shown(VIEW, few, NOW, month, day)
        assert (shown.others, shown.month, shown.day) == (few, None, None)


@pytest.mark.parametrize(
    ("wanted", "shown", "earlier", "later"),
    [
        (None, DECEMBER, NOVEMBER, MARCH),
        (NOVEMBER, NOVEMBER, None, DECEMBER),
        (MARCH, MARCH, DECEMBER, None),
        (JANUARY, DECEMBER, NOVEMBER, MARCH),
        ((2027, 2), MARCH, DECEMBER, None),
        ((1, 1), NOVEMBER, None, DECEMBER),
        ((9999, 12), MARCH, DECEMBER, None),
    ],
)
def test_many_dates_are_the_nearest_month_that_has_some(
    wanted: Month | None, shown: Month, earlier: Month | None, later: Month | None
) -> None:
    dates = dates_shown(VIEW, others(*TWO_EACH), NOW, wanted)
    assert dates.month is not None
    assert (dates.month.year, dates.month.month, dates.earlier, dates.later) == (*shown, earlier, later)
    assert (dates.month.earlier, dates.month.later) == (earlier is not None, later is not None)
    assert {(day.year, day.month) for day in dates.by_day} == {shown}


def test_only_days_with_a_date_can_be_chosen_and_those_before_today_are_past() -> None:
    dates = dates_shown(VIEW, others(*TWO_EACH), NOW, NOVEMBER)
    assert dates.month is not None
    chosen = [day for day, state in dates.month.days.items() if state.can_be_chosen]
    past = [day for day, state in dates.month.days.items() if state is DayState.PAST]
    assert (chosen, past, len(dates.month.days)) == ([24, 25, 26, 27], list(range(1, 23)), 30)


def test_a_day_with_several_times_shows_them_and_any_other_its_month() -> None:
    dates = others(*TWO_EACH, (date(2027, 3, 9), 5))
    several = dates_shown(VIEW, dates, NOW, day=DAYS[1])
    assert ([each.inventory_id for each in several.others], several.day) == ([102, 103], DAYS[1])
    for day in (date(2027, 3, 9), date(2027, 3, 10)):
        shown = dates_shown(VIEW, dates, NOW, day=day)
        assert shown.month is not None
        assert (shown.day, shown.month.year, shown.month.month) == (None, *MARCH)


def test_a_day_is_that_of_the_place() -> None:
    """At midnight in Paris it is still the day before by the clock of Greenwich."""
    late = others(*((date(2026, 11, 30), hour) for hour in range(15, 24)))
    dates = dates_shown(VIEW, late, NOW)
    assert dates.month is not None
    assert (dates.month.month, list(dates.by_day), dates.own_day) == (12, [date(2026, 12, 1)], date(2026, 12, 12))
    assert dates.earlier == NOVEMBER
