"""Shows customers what they have booked."""

from bot.domain.bookings import BookingList, BookingView, Ordered
from bot.domain.ids import BookingId, CustomerId, OrderId
from bot.domain.time import Clock
from storage.database import Database


class Bookings:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_customer(self, customer_id: CustomerId) -> BookingList:
        raise NotImplementedError

    async def show(self, customer_id: CustomerId, booking_id: BookingId) -> BookingView:
        """One booking; a stranger's raises Gone like one that does not exist."""
        raise NotImplementedError

    async def confirmation(self, order_id: OrderId) -> tuple[BookingView, ...]:
        """All bookings of an order, as its booking message tells them; empty before it is paid."""
        raise NotImplementedError

    async def ordered(self, order_id: OrderId) -> tuple[Ordered, ...]:
        """What an order is about, paid or not."""
        raise NotImplementedError
