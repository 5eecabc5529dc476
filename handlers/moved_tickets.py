"""The ticket once more, with its new date, after a booking was moved."""

from dataclasses import dataclass, replace

from bot.domain.errors import Gone
from bot.domain.ids import OrderId
from bot.domain.orders import BookingStatus
from bot.domain.outbox import OutboxMessage
from bot.services.outcomes import MOVED_BOOKING
from handlers.message_data import number
from handlers.messenger import Messenger
from handlers.ports import Bookings, Browsing, Ordering, Senders
from handlers.readers import Readers
from handlers.shop_name import shop_name
from handlers.tickets import TRIES_WITH_PICTURE, ticket_screen, with_ticket


@dataclass(frozen=True)
class MovedTickets:
    messenger: Messenger
    ordering: Ordering
    bookings: Bookings
    browsing: Browsing
    readers: Readers

    @property
    def by_kind(self) -> Senders:
        return {MOVED_BOOKING: self.send}

    async def send(self, message: OutboxMessage) -> None:
        """Raises Gone for a booking that does not stand any more, or has been moved on."""
        card = await self.ordering.card(OrderId(number(message.data, "order_id")))
        wanted = (number(message.data, "booking_id"), number(message.data, "inventory_id"), BookingStatus.CONFIRMED)
        found = await self.bookings.confirmation(card.order_id)
        view = next((each for each in found if (each.id, each.ordered.inventory_id, each.status) == wanted), None)
        if view is None:
            raise Gone
        texts = await self.readers.texts(message, card.language)
        screen = replace(ticket_screen(view, texts), title=texts.gettext("Your booking has moved"))
        if message.tries < TRIES_WITH_PICTURE:
            screen = with_ticket(screen, view, texts, await shop_name(self.browsing, texts), self.messenger.bot_name)
        await self.messenger.screen(message.chat_id, screen)
