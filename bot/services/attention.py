"""Shows what a human must look at, and closes what has been looked at."""

from bot.domain.attention import AttentionItem, AttentionPage
from bot.domain.errors import Gone
from bot.domain.ids import AttentionId, TelegramId
from bot.domain.time import Clock
from storage import attention
from storage.database import Database

PER_PAGE = 5


class AttentionList:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list_open(self, page: int = 1, per_page: int = PER_PAGE) -> AttentionPage:
        """A page of what is open, the oldest first; a page that does not exist becomes the nearest one."""
        async with self._database.read() as connection:
            total = await attention.count_open(connection)
            pages = max(1, -(-total // per_page))
            shown = min(max(page, 1), pages)
            items = await attention.list_open(connection, (shown - 1) * per_page, per_page)
        return AttentionPage(items, shown, pages, total)

    async def show(self, item_id: AttentionId) -> AttentionItem:
        """An item, open or closed; raises Gone."""
        async with self._database.read() as connection:
            found = await attention.get(connection, item_id)
        if found is None:
            raise Gone
        return found

    async def close(self, item_id: AttentionId, by: TelegramId) -> AttentionItem:
        """Close an item and return it as it is then; who came first stays the one who closed it. Raises Gone."""
        at = self._clock.now()

        await self._database.run(lambda connection: attention.close_item(connection, item_id, at, by))
        return await self.show(item_id)
