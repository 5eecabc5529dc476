"""Asks for the payment link of an order that has just been placed, and puts its message into the outbox."""

from datetime import datetime

from bot.domain.attempts import SLOW
from bot.domain.effects import Notice
from bot.domain.ids import ChatId, OrderId
from bot.domain.outbox import Lane
from bot.domain.reminders import last_call_at
from bot.services.checkout_parameters import CheckoutParameters, ToPay
from storage import attempts, orders, outbox
from storage.database import Connection

LAST_CALL = "last_call"


class Links:
    """Whoever has not paid also hears of it shortly before the hold ends."""

    def __init__(self, parameters: CheckoutParameters) -> None:
        self._parameters = parameters

    async def ask(self, connection: Connection, order_id: OrderId, order: orders.NewOrder, now: datetime) -> None:
        """A part of the transaction that places the order."""
        to_pay = ToPay(
            order_id=order_id,
            code=order.code,
            return_token=order.return_token,
            language=order.language,
            email=await orders.known_email(connection, order.customer_id),
            hold_until=order.hold_until,
            lines=await orders.lines_of(connection, order_id),
            moves=order.moves is not None,
        )
        await attempts.add(connection, self._parameters.first(to_pay, now))
        chat = (await orders.chats(connection, {order_id})).get(order_id)
        if chat is not None:
            held = _card(Notice.CARD, order_id, ChatId(chat), now)
            slow = _card(Notice.SLOW, order_id, ChatId(chat), now + SLOW)
            last = last_call_at(now, order.hold_until)
            called = [_card(LAST_CALL, order_id, ChatId(chat), last)] if last else []
            await outbox.add(connection, [held, slow, *called], now)


def _card(notice: str, order_id: OrderId, chat: ChatId, due_at: datetime) -> outbox.NewMessage:
    return outbox.NewMessage(f"{notice}:{order_id}:held", chat, notice, {"order_id": order_id}, Lane.CUSTOMER, due_at)
