"""Bugs in what people and staff are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ids import BookingId, ChatId, MessageId, OrderId
from bot.domain.outbox import DeliveryError, OutboxMessage, Unsure
from bot.services import reminders
from bot.services.delivery import Deliverer, Mark
from bot.services.found import present
from bot.services.ordering import Ordering
from bot.services.outcomes import Outcomes
from bot.services.reminders import Recipient, Reminders
from bot.services.reviews import Reviews
from handlers.last_calls import LastCalls
from handlers.order_cards import order_screen
from storage import bookings, customers, outbox
from storage.database import Connection
from storage.outbox import OutboxState
from tests.simulation.bugs.planting import Bug, nothing, swap


async def _marked_before(self: Deliverer, message: OutboxMessage) -> None:
    await self._end(message, OutboxState.SENT, None)
    try:
        await self._messenger.send(message)
    except DeliveryError:
        return


_ONE = Deliverer._one


async def _sent_twice(self: Deliverer, message: OutboxMessage) -> None:
    if message.kind == "booked":
        try:
            await self._messenger.send(message)
        except DeliveryError:
            return
    await _ONE(self, message)


async def _nothing_remembered(self: Deliverer, _: int, mark: Mark) -> None:
    await self._database.run(mark)


async def _given_up_when_unsure(self: Deliverer, message: OutboxMessage) -> None:
    try:
        await self._messenger.send(message)
    except Unsure:
        await self._end(message, OutboxState.SKIPPED, None)
    except DeliveryError as error:
        await self._postpone(message, 1, type(error).__name__)
    else:
        await self._end(message, OutboxState.SENT, None)


async def _no_messages(connection: Connection, messages: Sequence[outbox.NewMessage], now: datetime) -> None:
    fewer = [message for message in messages if not message.kind.startswith("refunded")]
    await _ADD(connection, fewer, now)


_ADD = outbox.add


async def _whatever_stands(self: Reminders, booking_id: BookingId) -> Recipient:
    async with self._database.read() as connection:
        booking = present(await bookings.by_id(connection, booking_id))
        return Recipient(booking, present(await customers.by_id(connection, booking.customer_id)))


async def _two_pay_buttons(self: Ordering, order_id: OrderId, _: ChatId, message_id: MessageId) -> None:
    await self.remember_card_message(order_id, message_id)


async def _brought_and_left(self: LastCalls, message: OutboxMessage) -> None:
    card = await self.ordering.card(OrderId(int(str(message.data["order_id"]))))
    screen = order_screen(card, await self.readers.texts(message, card.language))
    await self.messenger.text(message.chat_id, screen.as_message())


MESSAGES: Mapping[str, Bug] = {
    "message_marked_before_sent": swap(Deliverer, "_one", _marked_before),
    "message_sent_twice": swap(Deliverer, "_one", _sent_twice),
    "message_sent_until_it_can_be_marked": swap(Deliverer, "_write", _nothing_remembered),
    "message_given_up_when_unsure": swap(Deliverer, "_one", _given_up_when_unsure),
    "refund_without_a_word": swap(outbox, "add", _no_messages),
    "reminder_of_what_does_not_stand": swap(Reminders, "_recipient", _whatever_stands),
    "last_call_leaves_the_old_button": swap(Ordering, "move_card", _two_pay_buttons),
    "brought_back_beside_the_old_button": swap(LastCalls, "bring", _brought_and_left),
    "low_mark_without_a_word": swap(Reviews, "_tell", nothing),
    "reminders_never_planned": swap(reminders, "plan", nothing),
    "alerts_never_opened": swap(Outcomes, "alert", nothing),
}
