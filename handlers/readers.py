"""In which language whoever gets a message reads by now, whatever they spoke when it was planned."""

from dataclasses import dataclass

from bot.domain.ids import TelegramId
from bot.domain.outbox import OutboxMessage
from handlers.ports import Customers
from handlers.texts import Texts, Translations


@dataclass(frozen=True)
class Readers:
    customers: Customers
    translations: Translations

    async def texts(self, message: OutboxMessage, otherwise: str) -> Texts:
        """In the language of the customer in this chat; in that of then, where nobody is known there (any more)."""
        spoken = await self.customers.language_for(TelegramId(message.chat_id), otherwise)
        return self.translations.for_(spoken)
