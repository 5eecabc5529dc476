"""Shows customers what they have not paid yet, and brings an order's own message back to them."""

from bot.domain.attempts import SLOW
from bot.domain.errors import Gone
from bot.domain.ids import ChatId, CustomerId, OrderId
from bot.domain.order_card import OrderCard
from bot.domain.outbox import Lane
from bot.domain.time import Clock
from bot.services.bells import Bells
from storage import open_orders, orders, outbox
from storage.database import Connection, Database

AGAIN = "card_again"


class OpenOrders:
    def __init__(self, database: Database, clock: Clock, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._bells = bells

    async def of_customer(self, customer: CustomerId) -> tuple[OrderCard, ...]:
        """What waits to be paid, is being paid, or is just being let go; what ends first before the others."""
        now = self._clock.now()
        async with self._database.read() as connection:
            ids = await open_orders.of_customer(connection, customer)
            cards = [await orders.card(connection, each, now, now - SLOW) for each in ids]
        return tuple(card for card in cards if card is not None)

    async def bring(self, customer: CustomerId, order_id: OrderId) -> None:
        """An order's message will come once more, as the last of the chat; raises Gone for a stranger's.

        It goes the way of all that is told of the order, so that it never shows what was so before.
        """
        await self._database.run(lambda connection: self._bring(connection, customer, order_id))
        self._bells.all()

    async def _bring(self, connection: Connection, customer: CustomerId, order_id: OrderId) -> None:
        now = self._clock.now()
        chat = (await orders.chats(connection, {order_id})).get(order_id)
        if chat is None or await orders.owner(connection, order_id) != customer:
            raise Gone
        known = await orders.card_message(connection, order_id)
        key, data = f"{AGAIN}:{order_id}:{int(now.timestamp())}", {"order_id": order_id, "message_id": known}
        await outbox.add(connection, [outbox.NewMessage(key, ChatId(chat), AGAIN, data, Lane.CUSTOMER, now)], now)
