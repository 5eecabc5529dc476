"""Gathers what is announced to staff."""

from bot.domain.errors import Gone
from bot.domain.ids import OrderId
from bot.domain.staff_news import OrderNews
from bot.services.bookings import Bookings
from storage import staff_news
from storage.database import Database


class StaffNews:
    def __init__(self, database: Database, bookings: Bookings) -> None:
        self._database = database
        self._bookings = bookings

    async def order(self, order_id: OrderId) -> OrderNews:
        """An order as it is now; raises Gone."""
        ordered = await self._bookings.ordered(order_id)
        async with self._database.read() as connection:
            found = await staff_news.of_order(connection, order_id, ordered)
        if found is None:
            raise Gone
        return found
