"""Rules of the sales that staff ask for."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.periods import BadPeriod
from bot.domain.sales_report import Totals
from bot.services.sales import Sales
from storage.database import Database
from tests.builders import add_paid_order, at, small_shop
from tests.clock import FakeClock
from tests.ledger import add_payment, add_refund

PARIS = ZoneInfo("Europe/Paris")


async def test_a_week_is_shown_beside_as_many_days_of_the_week_before(database: Database, clock: FakeClock) -> None:
    shop = await small_shop(database)
    sales = Sales(database, clock, PARIS, "EUR")
    for number, paid_at in enumerate((at(0), at(-7), at(-6))):  # Monday, the Monday and the Tuesday before
        counts = {shop.event.fares["adult"]: number + 1}
        made = await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts, f"CODE-{number}")
        payment = await add_payment(database, made.order_id, 3900 * (number + 1), at=paid_at)
        await add_refund(database, payment, 100, at=at(0))
    await sales.rebuild()
    shown = await sales.asked(["week"])
    (euros,) = shown.currencies
    assert (shown.period.first, shown.period.last, shown.compared.last) == (at(0).date(), at(6).date(), at(-7).date())
    assert (euros.now, euros.before) == (Totals(1, 1, 3900, 300), Totals(1, 2, 7800, 0))
    assert [(of.resource_id, of.name["en"], of.net) for of in euros.resources] == [(shop.event.id, "Sunrise", 3600)]


async def test_the_day_turns_in_the_shops_zone(database: Database, clock: FakeClock) -> None:
    clock.move_to(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    sales = Sales(database, clock, PARIS, "EUR")
    assert sales.today == date(2026, 11, 24)
    assert (await sales.asked([])).period.first == date(2026, 11, 24)


async def test_words_that_name_no_period_are_refused(database: Database, clock: FakeClock) -> None:
    with pytest.raises(BadPeriod):
        await Sales(database, clock, PARIS, "EUR").asked(["soon"])
