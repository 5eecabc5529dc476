"""Rules of who comes on a day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.services.visits import Visits
from storage.database import Database
from tests.builders import add_paid_order, small_shop
from tests.clock import FakeClock

PARIS = ZoneInfo("Europe/Paris")


async def test_without_a_date_it_is_today_where_the_shop_is(database: Database, clock: FakeClock) -> None:
    clock.move_to(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 2}
    await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)
    visits = Visits(database, clock, PARIS)
    shown = await visits.on()
    assert (shown.day, shown.guests) == (date(2026, 11, 24), 2)
    assert (await visits.asked([])) == shown
    assert (await visits.asked(["yesterday"])).slots == ()
