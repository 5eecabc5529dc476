"""What words find in the catalogue, on both databases."""

import pytest
from sqlalchemy import update

from bot.domain.ids import TelegramId
from bot.services.customers import Customers
from bot.services.searching import Searching
from storage import schema
from storage.database import Database
from tests.builders import add_category, add_event, add_item, small_shop
from tests.clock import FakeClock


@pytest.fixture
def searching(database: Database, clock: FakeClock) -> Searching:
    return Searching(database, clock, "EUR")


async def test_a_word_finds_what_is_on_offer(database: Database, searching: Searching) -> None:
    shop = await small_shop(database)
    found = await searching.page("sunr", "en")
    assert [row.id for row in found.rows] == [shop.event.id]
    assert (found.question, found.count, found.page, found.pages) == ("sunr", 1, 1, 1)


async def test_a_word_that_nothing_has_finds_nothing(database: Database, searching: Searching) -> None:
    await small_shop(database)
    found = await searching.page("volcano", "en")
    assert (found.rows, found.count, found.page, found.pages) == ((), 0, 1, 1)


async def test_a_category_finds_all_that_it_has(database: Database, searching: Searching) -> None:
    category = await add_category(database, "hikes")
    await add_event(database, category, "dawn")
    await add_event(database, category, "dusk")
    assert [row.slug for row in (await searching.page("hikes", "fr")).rows] == ["dawn", "dusk"]


async def test_what_is_off_the_shelf_is_not_found(database: Database, searching: Searching) -> None:
    category, hidden = await add_category(database), await add_category(database, "hidden", active=False)
    await add_event(database, category, "walk-old", active=False)
    await add_event(database, hidden, "walk-secret")
    await add_event(database, category, "walk-now")
    assert [row.slug for row in (await searching.page("walk", "en")).rows] == ["walk-now"]


async def test_many_results_come_in_pages_in_the_order_of_the_shop(database: Database, searching: Searching) -> None:
    category = await add_category(database)
    for number in reversed(range(8)):
        await add_event(database, category, f"walk-{number}", position=number)
    first, second = await searching.page("walk", "en", 0), await searching.page("walk", "en", 99)
    assert (first.page, second.page, first.pages, first.count) == (1, 2, 2, 8)
    assert [row.slug for row in first.rows + second.rows] == [f"walk-{number}" for number in range(8)]


async def test_a_changed_catalogue_is_searched_as_it_is_now(database: Database, searching: Searching) -> None:
    shop = await small_shop(database)
    assert (await searching.page("volcano", "en")).rows == ()
    renamed = update(schema.resource).where(schema.resource.c.id == shop.item.id).values(name={"en": "Volcano"})
    await database.run(lambda connection: connection.execute(renamed))
    assert [row.id for row in (await searching.page("volcano", "en")).rows] == [shop.item.id]


async def test_other_chats_see_everything_until_something_is_asked(database: Database, searching: Searching) -> None:
    shop = await small_shop(database)
    everything = await searching.teasers("", "en", skip=0, most=50)
    assert [teaser.row.id for teaser in everything.shown] == [shop.event.id, shop.item.id]
    assert not everything.more
    first = await searching.teasers("", "en", skip=0, most=1)
    rest = await searching.teasers("", "en", skip=1, most=1)
    assert (first.more, rest.more) == (True, False)
    assert [teaser.row.id for teaser in first.shown + rest.shown] == [shop.event.id, shop.item.id]
    assert (await searching.teasers("", "en", skip=999, most=1)).shown == ()


async def test_other_chats_see_what_is_sold_out(database: Database, searching: Searching) -> None:
    category = await add_category(database)
    await add_item(database, category, "map", stock=1, taken=1)
    (teaser,) = (await searching.teasers("map", "en", skip=0, most=50)).shown
    assert teaser.row.sold_out


async def test_whoever_only_looks_is_spoken_to_in_their_language_and_not_stored(
    database: Database, clock: FakeClock
) -> None:
    await small_shop(database)
    customers = Customers(database, clock, ("en", "fr"))
    assert await customers.language_for(TelegramId(77), "fr") == "fr"
    async with database.read() as connection:
        known = (await connection.execute(schema.customer.select())).all()
    assert 77 not in [row.telegram_id for row in known]
    everybody = update(schema.customer).values(language="fr")
    await database.run(lambda connection: connection.execute(everybody))
    assert await customers.language_for(TelegramId(known[0].telegram_id), "en") == "fr"
