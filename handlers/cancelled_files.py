"""A cancelled booking leaves the calendar as it came into it: by a file, which comes by itself."""

from dataclasses import dataclass

from bot.domain.errors import Gone
from bot.domain.ids import BookingId
from bot.domain.orders import BookingStatus
from bot.domain.outbox import OutboxMessage
from bot.domain.time import Clock
from bot.services.outcomes import CANCELLED_FILE
from bot.services.reminders import Reminders
from handlers.calendar_file import calendar_file
from handlers.message_data import number
from handlers.messenger import Messenger
from handlers.ports import Customers, Senders
from handlers.texts import Translations
from handlers.ticket_files import about, calendar_screen


@dataclass(frozen=True)
class CancelledFiles:
    messenger: Messenger
    reminders: Reminders
    customers: Customers
    translations: Translations
    clock: Clock

    @property
    def by_kind(self) -> Senders:
        return {CANCELLED_FILE: self.send}

    async def send(self, message: OutboxMessage) -> None:
        """Raises Gone for what has no date, or stands after all."""
        found = await self.reminders.owner_of(BookingId(number(message.data, "booking_id")))
        view, now = found.booking, self.clock.now()
        texts = self.translations.for_(self.customers.language_of(found.customer))
        content = calendar_file(view, texts, about(view, texts), now)
        if content is None or view.status is not BookingStatus.CANCELLED:
            raise Gone
        await self.messenger.document(message.chat_id, content, f"{view.code}.ics", calendar_screen(view, texts))
