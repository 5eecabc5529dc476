"""Rules of the attention list's table."""

from datetime import timedelta

from bot.domain.attention import Opening
from bot.domain.effects import Concern
from bot.domain.ids import AttentionId, TelegramId
from bot.domain.money import Money
from storage import attention
from storage.database import Database
from tests.builders import add_paid_order, small_shop
from tests.clock import NOW

BOSS = TelegramId(42)
DISPUTE = Opening("dispute:dp_1", Concern.DISPUTE, NOW, None, Money(7800, "EUR"), {"reason": "fraudulent"})


async def opened(database: Database, opening: Opening) -> AttentionId | None:
    return await database.run(lambda connection: attention.open_item(connection, opening))


async def test_an_item_with_a_known_key_is_opened_only_once(database: Database) -> None:
    first = await opened(database, DISPUTE)
    assert first is not None
    assert await opened(database, DISPUTE) is None
    await database.run(lambda connection: attention.close_item(connection, first, NOW, BOSS))
    assert await opened(database, DISPUTE) is None


async def test_an_item_says_whose_order_it_is_about(database: Database) -> None:
    shop = await small_shop(database)
    made = await add_paid_order(
        database, shop.customer_id, shop.event.id, shop.slots[0], {shop.event.fares["adult"]: 1}, "K7Q4-MZ"
    )
    item_id = await opened(database, Opening("late:1", Concern.DASHBOARD_REFUND, NOW, made.order_id))
    assert item_id is not None
    async with database.read() as connection:
        item = await attention.get(connection, item_id)
    assert item is not None
    assert (item.order_id, item.order_code, item.customer_name) == (made.order_id, "K7Q4-MZ", "Ada")
    assert (item.amount, item.is_open) == (None, True)


async def test_an_item_is_closed_once_by_whoever_came_first(database: Database) -> None:
    item_id = await opened(database, DISPUTE)
    assert item_id is not None
    later = NOW + timedelta(hours=1)
    assert await database.run(lambda connection: attention.close_item(connection, item_id, NOW, BOSS))
    assert not await database.run(lambda connection: attention.close_item(connection, item_id, later, TelegramId(7)))
    async with database.read() as connection:
        item = await attention.get(connection, item_id)
    assert item is not None
    assert (item.closed_at, item.closed_by, item.amount) == (NOW, BOSS, Money(7800, "EUR"))
    assert item.data == {"reason": "fraudulent"}


async def test_an_item_that_is_not_there_is_none(database: Database) -> None:
    async with database.read() as connection:
        assert await attention.get(connection, AttentionId(99)) is None
