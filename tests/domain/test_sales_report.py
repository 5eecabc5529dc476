"""Rules of the sales report."""

from datetime import date

import pytest

from bot.domain.ids import ResourceId
from bot.domain.periods import parse_period
from bot.domain.reports import WHOLE_SHOP, Delta
from bot.domain.sales_report import Totals, change, report

FRIDAY = date(2026, 11, 20)
WALK, BOAT = ResourceId(1), ResourceId(2)
WEEK = parse_period(["week"], FRIDAY)


@pytest.mark.parametrize(
    ("now", "before", "percent"),
    [(42, 35, 20), (35, 42, -17), (1, 8, -88), (9, 8, 13), (5, 5, 0), (5, 0, None), (5, -3, None)],
)
def test_change_is_in_whole_percent_of_what_was(now: int, before: int, percent: int | None) -> None:
    assert change(now, before) == percent


def test_the_shops_currency_comes_first_even_without_a_sale() -> None:
    rows = [Delta(FRIDAY, "CHF", WHOLE_SHOP, 1, 2, 900, 100)]
    sales = report(WEEK, WEEK.previous, rows, [], names={}, currency="EUR").currencies
    assert [of.currency for of in sales] == ["EUR", "CHF"]
    assert sales[0].now == Totals()
    assert (sales[1].now, sales[1].now.net) == (Totals(1, 2, 900, 100), 800)


def test_resources_are_ranked_by_what_they_earned() -> None:
    rows = [
        Delta(FRIDAY, "EUR", WHOLE_SHOP, 2, 3, 1500, 200),
        Delta(FRIDAY, "EUR", WALK, 1, 1, 900, 200),
        Delta(date(2026, 11, 19), "EUR", BOAT, 1, 2, 600),
        Delta(FRIDAY, "EUR", BOAT, 1, 2, 200),
    ]
    before = [Delta(date(2026, 11, 10), "EUR", WHOLE_SHOP, 1, 1, 100)]
    (euros,) = report(WEEK, WEEK.previous, rows, before, names={BOAT: {"en": "Boat"}}, currency="EUR").currencies
    assert [(of.resource_id, of.net, of.name) for of in euros.resources] == [
        (BOAT, 800, {"en": "Boat"}),
        (WALK, 700, {}),
    ]
    assert euros.before == Totals(1, 1, 100)
