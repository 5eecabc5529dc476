"""Knows who writes to us and in which language we answer."""

from collections.abc import Sequence

from bot.domain.customers import Customer
from bot.domain.ids import CustomerId, TelegramId
from bot.domain.time import Clock
from storage.database import Database


class Customers:
    def __init__(self, database: Database, clock: Clock, languages: Sequence[str]) -> None:
        """`languages` are those that the shop offers, the first being its own."""
        self._database = database
        self._clock = clock
        self._languages = tuple(languages)

    async def meet(self, telegram_id: TelegramId, name: str, telegram_language: str | None) -> Customer:
        """Whoever writes is a customer from now on, and evidently does not block us."""
        raise NotImplementedError

    async def choose_language(self, customer_id: CustomerId, language: str) -> Customer:
        """Speak this language from now on; raises Gone if the shop does not offer it."""
        raise NotImplementedError

    def language_of(self, customer: Customer) -> str:
        """Their choice, else Telegram's language, if the shop offers it; else the shop's first."""
        raise NotImplementedError

    async def by_id(self, customer_id: CustomerId) -> Customer:
        """Raises Gone."""
        raise NotImplementedError

    async def mark_blocked(self, telegram_id: TelegramId) -> None:
        """Telegram says that they do not want to hear from us."""
        raise NotImplementedError
