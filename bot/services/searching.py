"""Answers what customers ask for in words, in the chat with the shop and in any other."""

from bot.domain.catalogue import FoundPage, Teasers
from bot.domain.search import Indexed, Searchable, all_or_found, found, indexed
from bot.domain.time import Clock
from bot.services.browsing import PER_PAGE
from storage import catalogue
from storage.database import Connection, Database


class Searching:
    """Changes nothing, and remembers no questions: only the index of the catalogue as it was last."""

    def __init__(self, database: Database, clock: Clock, currency: str) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency
        self._indexed: tuple[tuple[Searchable, ...], tuple[Indexed, ...]] = ((), ())

    async def page(self, question: str, language: str, page: int = 1) -> FoundPage:
        """A page of what holds every word; a page that does not exist becomes the nearest one."""
        now = self._clock.now()
        async with self._database.read() as connection:
            hits = found(await self._index(connection), question, language)
            pages = max(1, -(-len(hits) // PER_PAGE))
            page = min(max(page, 1), pages)
            shown = hits[(page - 1) * PER_PAGE : page * PER_PAGE]
            rows = await catalogue.rows_of(connection, shown, self._currency, now)
        return FoundPage(question, rows, len(hits), page, pages)

    async def teasers(self, question: str, language: str, *, skip: int, most: int) -> Teasers:
        """What other chats are shown; all that is on offer as long as nothing is asked."""
        now = self._clock.now()
        async with self._database.read() as connection:
            hits = all_or_found(await self._index(connection), question, language)
            shown = await catalogue.teasers_of(connection, hits[skip : skip + most], self._currency, now)
        return Teasers(shown, len(hits) > skip + most)

    async def _index(self, connection: Connection) -> tuple[Indexed, ...]:
        """Made anew only where the catalogue's words are others than the last time."""
        entries = await catalogue.searchable(connection)
        if entries != self._indexed[0]:
            self._indexed = entries, indexed(entries)
        return self._indexed[1]
