"""The offer against which an order is placed."""

from datetime import timedelta

from bot.domain.ids import InventoryId
from bot.domain.selection import Offer
from storage import catalogue
from storage.database import Database
from tests.builders import add_category, add_event, add_slot, at, small_shop


async def offer(database: Database, inventory_id: InventoryId) -> Offer | None:
    async with database.read() as connection:
        return await catalogue.offer(connection, inventory_id, "EUR")


async def test_an_offer_has_the_fares_and_the_deadline_of_its_slot(database: Database) -> None:
    shop = await small_shop(database)
    found = await offer(database, shop.slots[1])
    assert found is not None
    assert (found.left, found.dated, found.open, found.max_per_order) == (2, True, True, 8)
    assert found.closes_at == at(2) - timedelta(minutes=60)
    assert [fare.unit.minor for fare in found.fares] == [3900, 1900]


async def test_an_item_is_offered_without_a_deadline(database: Database) -> None:
    shop = await small_shop(database)
    found = await offer(database, shop.item.inventory_id)
    assert found is not None
    assert (found.closes_at, found.dated, found.left) == (None, False, 5)


async def test_an_offer_is_open_only_if_all_of_it_is(database: Database) -> None:
    category_id = await add_category(database)
    hidden_id = await add_category(database, "hidden", active=False)
    event = await add_event(database, category_id)
    off = await add_event(database, category_id, "off", active=False)
    behind = await add_event(database, hidden_id, "behind")
    shut = [
        await add_slot(database, event.id, at(1), closed=True),
        await add_slot(database, off.id, at(1)),
        await add_slot(database, behind.id, at(1)),
    ]
    assert [found.open for each in shut if (found := await offer(database, each))] == [False, False, False]
    assert await offer(database, InventoryId(999)) is None
