"""Knows who writes to us and in which language we answer."""

from collections.abc import Sequence

from bot.domain.customers import Customer, language_of
from bot.domain.errors import Gone
from bot.domain.ids import CustomerId, TelegramId
from bot.domain.time import Clock
from bot.domain.words import storable
from bot.services.found import present
from storage import customers
from storage.database import Database

LONGEST_NAME, LONGEST_LANGUAGE = 128, 16


class Customers:
    def __init__(self, database: Database, clock: Clock, languages: Sequence[str]) -> None:
        """`languages` are those that the shop offers, the first being its own."""
        self._database = database
        self._clock = clock
        self._languages = tuple(languages)

    async def meet(self, telegram_id: TelegramId, name: str, telegram_language: str | None) -> Customer:
        """Whoever writes is a customer from now on, and evidently does not block us."""
        now = self._clock.now()
        told = (storable(name, LONGEST_NAME), storable(telegram_language or "", LONGEST_LANGUAGE))
        async with self._database.read() as connection:
            known = await customers.by_telegram_id(connection, telegram_id)
        same = known is not None and not known.blocked and (known.name, known.telegram_language) == told
        if known is not None and same and known.seen_lately(now):
            return known
        return await self._database.run(lambda connection: customers.meet(connection, telegram_id, *told, now))

    async def choose_language(self, customer_id: CustomerId, language: str) -> Customer:
        """Speak this language from now on; raises Gone if the shop does not offer it."""
        if language not in self._languages:
            raise Gone
        return present(
            await self._database.run(lambda connection: customers.choose_language(connection, customer_id, language))
        )

    def language_of(self, customer: Customer) -> str:
        """Their choice, else Telegram's language, if the shop offers it; else the shop's first."""
        return language_of(customer, self._languages)

    async def language_for(self, telegram_id: TelegramId, telegram_language: str | None) -> str | None:
        """What a customer has chosen, else what Telegram says; nothing is stored about whoever is none."""
        async with self._database.read() as connection:
            known = await customers.by_telegram_id(connection, telegram_id)
        return telegram_language if known is None else self.language_of(known)

    async def by_id(self, customer_id: CustomerId) -> Customer:
        """Raises Gone."""
        async with self._database.read() as connection:
            return present(await customers.by_id(connection, customer_id))

    async def mark_blocked(self, telegram_id: TelegramId) -> None:
        """Telegram says that they do not want to hear from us."""
        now = self._clock.now()
        await self._database.run(lambda connection: customers.mark_blocked(connection, telegram_id, now))
