"""The order's message comes once more, with the Pay button: when the hold is about to end, or when it is asked for."""

from dataclasses import dataclass

from bot.domain.errors import Gone
from bot.domain.ids import MessageId, OrderId
from bot.domain.order_card import OrderCard
from bot.domain.orders import UNPAID, State
from bot.domain.outbox import OutboxMessage
from bot.domain.reminders import minutes_left
from bot.domain.time import Clock
from bot.services.links import LAST_CALL
from bot.services.open_orders import AGAIN
from bot.services.ordering import MOVED
from handlers.message_data import number
from handlers.messenger import Messenger
from handlers.order_cards import order_screen
from handlers.ports import Ordering, Senders
from handlers.readers import Readers
from handlers.screens import Screen
from handlers.texts import Texts


def last_call_screen(card: OrderCard, minutes: int, texts: Texts) -> Screen:
    """The order as it is, under how long it can still be paid."""
    said = texts.ngettext("Yours for {count} more minute", "Yours for {count} more minutes", minutes)
    return order_screen(card, texts).with_notice(said)


@dataclass(frozen=True)
class LastCalls:
    """An order has one message with a Pay button: where it comes again, the one of before goes."""

    messenger: Messenger
    ordering: Ordering
    readers: Readers
    clock: Clock

    @property
    def by_kind(self) -> Senders:
        return {LAST_CALL: self.call, AGAIN: self.bring, MOVED: self.take_away}

    async def call(self, message: OutboxMessage) -> None:
        """Raises Gone where there is nothing to pay (any more), or no page to pay on."""
        card = await self.ordering.card(OrderId(number(message.data, "order_id")))
        minutes = minutes_left(card.hold_until, self.clock.now())
        if card.state is not State.AWAITING_PAYMENT or card.link is None or not minutes:
            raise Gone
        screen = last_call_screen(card, minutes, await self.readers.texts(message, card.language))
        sent = await self.messenger.text(message.chat_id, screen.as_message())
        await self.ordering.move_card(card.order_id, message.chat_id, sent)

    async def bring(self, message: OutboxMessage) -> None:
        """Raises Gone where the order is over, or its message has come anew since it was asked for."""
        card = await self.ordering.card(OrderId(number(message.data, "order_id")))
        if card.state not in UNPAID or card.message_id != message.data.get("message_id"):
            raise Gone
        screen = order_screen(card, await self.readers.texts(message, card.language))
        sent = await self.messenger.text(message.chat_id, screen.as_message())
        await self.ordering.move_card(card.order_id, message.chat_id, sent)

    async def take_away(self, message: OutboxMessage) -> None:
        await self.messenger.take_away(message.chat_id, MessageId(number(message.data, "message_id")))
