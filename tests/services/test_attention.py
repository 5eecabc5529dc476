"""Rules of the attention list."""

import pytest

from bot.domain.attention import Opening
from bot.domain.effects import Concern
from bot.domain.errors import Gone
from bot.domain.ids import AttentionId, TelegramId
from bot.services.attention import AttentionList
from storage import attention
from storage.database import Connection, Database
from tests.clock import NOW, FakeClock

BOSS, OTHER = TelegramId(42), TelegramId(43)


async def open_items(database: Database, count: int) -> list[AttentionId]:
    async def work(connection: Connection) -> list[AttentionId | None]:
        openings = [Opening(f"event:{number}", Concern.BAD_EVENT, NOW) for number in range(count)]
        return [await attention.open_item(connection, opening) for opening in openings]

    return [item_id for item_id in await database.run(work) if item_id is not None]


async def test_open_items_are_listed_oldest_first_in_pages(database: Database, clock: FakeClock) -> None:
    ids = await open_items(database, 5)
    attentions = AttentionList(database, clock)
    await attentions.close(ids[0], BOSS)
    shown = await attentions.list_open(2, per_page=3)
    assert ([item.id for item in shown.items], shown.page, shown.pages, shown.total) == ([ids[4]], 2, 2, 4)
    assert (await attentions.list_open(9, per_page=3)).page == 2
    assert (await attentions.list_open(-1, per_page=3)).page == 1


async def test_an_empty_list_has_one_empty_page(database: Database, clock: FakeClock) -> None:
    shown = await AttentionList(database, clock).list_open()
    assert (shown.items, shown.page, shown.pages, shown.total) == ((), 1, 1, 0)


async def test_who_closed_an_item_first_stays_so(database: Database, clock: FakeClock) -> None:
    (item_id,) = await open_items(database, 1)
    attentions = AttentionList(database, clock)
    assert (await attentions.close(item_id, BOSS)).closed_by == BOSS
    assert (await attentions.close(item_id, OTHER)).closed_by == BOSS


async def test_an_item_that_is_not_there_is_gone(database: Database, clock: FakeClock) -> None:
    attentions = AttentionList(database, clock)
    with pytest.raises(Gone):
        await attentions.show(AttentionId(9))
    with pytest.raises(Gone):
        await attentions.close(AttentionId(9), BOSS)
