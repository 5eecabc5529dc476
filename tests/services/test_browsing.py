"""What customers see while they look around, on both databases."""

from datetime import date, timedelta

import pytest

from bot.domain.catalogue import DayState, SlotState
from bot.domain.errors import Gone, NothingChosen, SoldOut, TooLate, TooMany
from bot.domain.ids import CategoryId, InventoryId, MediaId, ResourceId
from bot.domain.money import Money
from bot.domain.selection import Selection
from bot.services.browsing import Browsing
from storage import media
from storage.database import Database
from tests.builders import FareSeed, add_category, add_event, add_item, add_slot, at, small_shop
from tests.clock import NOW, FakeClock


@pytest.fixture
def browsing(database: Database, clock: FakeClock) -> Browsing:
    return Browsing(database, clock, "EUR")


async def test_home_lists_the_categories_that_have_something_on_offer(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    await add_category(database, "empty")
    hidden = await add_category(database, "hidden", active=False)
    await add_event(database, hidden, "secret")
    retired = await add_category(database, "retired")
    await add_event(database, retired, "old", active=False)
    home = await browsing.home()
    assert [category.id for category in home.categories] == [shop.category_id]
    assert home.shop.name["en"] == "Lac & Sentiers"


async def test_a_shop_without_a_catalogue_has_no_home(browsing: Browsing) -> None:
    with pytest.raises(Gone):
        await browsing.home()


async def test_a_list_says_the_first_fares_price_and_what_is_sold_out(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    full = await add_event(database, shop.category_id, "full", fares=[FareSeed("guest", 1800)], position=1)
    await add_slot(database, full.id, at(1), taken=12)
    await add_item(database, shop.category_id, "map", stock=1, taken=1, position=2)
    rows = {row.slug: row for row in (await browsing.category(shop.category_id)).rows}
    assert (rows["sunrise"].price, rows["sunrise"].one_price) == (Money(3900, "EUR"), False)
    assert (rows["full"].price, rows["full"].one_price) == (Money(1800, "EUR"), True)
    assert {slug for slug, row in rows.items() if row.sold_out} == {"full", "map"}


async def test_a_page_that_does_not_exist_becomes_the_nearest(database: Database, browsing: Browsing) -> None:
    category_id = await add_category(database)
    for position in range(8):
        await add_event(database, category_id, f"walk-{position}", position=position)
    first, second = await browsing.category(category_id, 0), await browsing.category(category_id, 9)
    assert (first.page, second.page, first.pages) == (1, 2, 2)
    assert [row.slug for row in first.rows + second.rows] == [f"walk-{position}" for position in range(8)]


async def test_a_category_that_is_not_offered_is_gone(database: Database, browsing: Browsing) -> None:
    hidden = await add_category(database, "hidden", active=False)
    for category_id in (hidden, CategoryId(99)):
        with pytest.raises(Gone):
            await browsing.category(category_id)


async def test_a_category_whose_last_resource_went_has_one_empty_page(database: Database, browsing: Browsing) -> None:
    page = await browsing.category(await add_category(database))
    assert (page.rows, page.page, page.pages) == ((), 1, 1)


async def test_the_card_of_an_item_says_what_is_left(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    card = await browsing.card(shop.item.id)
    assert card.stock is not None
    assert (card.stock.inventory_id, card.stock.left) == (shop.item.inventory_id, 5)
    assert (card.dated, card.duration_minutes) == (False, None)


async def test_a_slug_opens_the_card_with_its_active_fares_in_order(database: Database, browsing: Browsing) -> None:
    fares = [FareSeed("group", 9000, seats=4), FareSeed("old", 100, active=False), FareSeed("adult", 3900)]
    event = await add_event(database, await add_category(database), "cruise", fares=fares)
    card = await browsing.card_by_slug("cruise")
    assert card == await browsing.card(event.id)
    assert [(fare.slug, fare.seats) for fare in card.fares] == [("group", 4), ("adult", 1)]
    assert card.fares[1].counted["en"] == ("adult", "adults")


async def test_what_is_off_sale_is_gone(database: Database, browsing: Browsing) -> None:
    category_id = await add_category(database)
    off = await add_event(database, category_id, "off", active=False)
    free = await add_event(database, category_id, "no-fares", fares=[])
    elsewhere = await add_event(database, await add_category(database, "hidden", active=False), "behind")
    for resource_id in (off.id, free.id, elsewhere.id, ResourceId(99)):
        with pytest.raises(Gone):
            await browsing.card(resource_id)
    with pytest.raises(Gone):
        await browsing.card_by_slug("off")


async def test_the_calendar_opens_in_the_first_month_with_a_free_seat(database: Database, browsing: Browsing) -> None:
    event = await add_event(database, await add_category(database), horizon_days=90)
    await add_slot(database, event.id, at(5), taken=12)
    await add_slot(database, event.id, at(20))
    await add_slot(database, event.id, at(80), capacity=2)
    month = (await browsing.month(event.id)).month
    assert (month.year, month.month, month.earlier, month.later) == (2026, 12, True, True)
    assert month.days[13] is DayState.OPEN
    assert month.days[14] is DayState.CLOSED
    assert len(month.days) == 31
    november = (await browsing.month(event.id, 2026, 11)).month
    assert (november.days[22], november.days[28], november.earlier) == (DayState.PAST, DayState.FULL, False)
    last = (await browsing.month(event.id, 2031, 1)).month
    assert (last.year, last.month, last.later) == (2027, 2, False)
    assert (last.days[11], last.days[22]) == (DayState.FEW, DayState.BEYOND)


async def test_an_item_has_no_calendar(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    with pytest.raises(Gone):
        await browsing.month(shop.item.id)
    with pytest.raises(Gone):
        await browsing.slots(shop.item.id, date(2026, 11, 24))


async def test_a_day_shows_slots_that_are_neither_closed_nor_past(
    database: Database, browsing: Browsing, clock: FakeClock
) -> None:
    event = await add_event(database, await add_category(database))
    await add_slot(database, event.id, at(0, 10))  # booking ends an hour before: at this very moment it is over
    full = await add_slot(database, event.id, at(0, 11), taken=12)
    await add_slot(database, event.id, at(0, 12), closed=True)
    few = await add_slot(database, event.id, at(0, 13), capacity=2)
    clock.move_to(NOW.replace(hour=9))
    day = await browsing.slots(event.id, NOW.date())
    assert [(slot.inventory_id, slot.state) for slot in day.slots] == [(full, SlotState.FULL), (few, SlotState.FEW)]
    assert day.state is DayState.FEW
    assert day.slots[1].local.isoformat() == "2026-11-23T14:00:00+01:00"


async def test_an_offer_can_be_drawn_from_its_inventory_id_alone(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    dated, item = await browsing.offer(shop.slots[2]), await browsing.offer(shop.item.inventory_id)
    assert dated.slot is not None
    assert (dated.slot.state, dated.left, dated.card.slug) == (SlotState.FULL, 0, "sunrise")
    assert (item.slot, item.left) == (None, 5)


async def test_a_closed_slot_is_gone(database: Database, browsing: Browsing) -> None:
    event = await add_event(database, await add_category(database))
    closed = await add_slot(database, event.id, at(1), closed=True)
    for inventory_id in (closed, InventoryId(999)):
        with pytest.raises(Gone):
            await browsing.offer(inventory_id)


async def test_a_quote_says_what_each_fare_costs(database: Database, browsing: Browsing) -> None:
    shop = await small_shop(database)
    adult, child = shop.event.fares["adult"], shop.event.fares["child"]
    view = await browsing.quote(Selection(shop.slots[0], {child: 1, adult: 2}))
    assert [(line.fare.slug, line.quantity, line.amount.minor) for line in view.lines] == [
        ("adult", 2, 7800),
        ("child", 1, 1900),
    ]
    assert view.total == Money(9700, "EUR")


async def test_a_quote_refuses_what_cannot_be_had(database: Database, browsing: Browsing, clock: FakeClock) -> None:
    shop = await small_shop(database)
    adult = shop.event.fares["adult"]
    with pytest.raises(SoldOut):
        await browsing.quote(Selection(shop.slots[1], {adult: 3}))
    with pytest.raises(TooMany):
        await browsing.quote(Selection(shop.slots[0], {adult: 9}))
    with pytest.raises(NothingChosen):
        await browsing.quote(Selection(shop.slots[0], {adult: 0}))
    with pytest.raises(Gone):
        await browsing.quote(Selection(shop.slots[0], {shop.item.fares["piece"]: 1}))
    clock.move_to(at(1) - timedelta(minutes=60))
    with pytest.raises(TooLate):
        await browsing.quote(Selection(shop.slots[0], {adult: 1}))


async def test_a_picture_is_uploaded_once(database: Database, browsing: Browsing) -> None:
    media_id = await database.run(lambda connection: media.keep(connection, "image/jpeg", b"light"))
    assert await database.run(lambda connection: media.keep(connection, "image/jpeg", b"light")) == media_id
    assert await browsing.file_id(media_id) is None
    await browsing.remember_file_id(media_id, "AgAC")
    picture = await browsing.picture(media_id)
    assert (picture.content, picture.telegram_file_id) == (b"light", "AgAC")
    assert await browsing.file_id(media_id) == "AgAC"
    with pytest.raises(Gone):
        await browsing.picture(MediaId(99))
