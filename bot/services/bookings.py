"""Shows customers what they have booked."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.bookings import BookingList, BookingView, Ordered, sorted_bookings
from bot.domain.ids import BookingId, CustomerId, OrderId
from bot.domain.time import Clock
from bot.services.found import own_booking
from storage import answers, bookings, ticket_pictures
from storage.database import Connection, Database


class Bookings:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_customer(self, customer_id: CustomerId) -> BookingList:
        async with self._database.read() as connection:
            found = await bookings.of_customer(connection, customer_id)
        return sorted_bookings(found, self._clock.now())

    async def show(self, customer_id: CustomerId, booking_id: BookingId) -> BookingView:
        """One booking; a stranger's raises Gone like one that does not exist."""
        async with self._database.read() as connection:
            found = await own_booking(connection, customer_id, booking_id)
            (ordered,) = await self._answered(connection, found.order_id, [found.ordered])
        return replace(found, ordered=ordered)

    async def with_code(self, customer_id: CustomerId, code: str) -> BookingId | None:
        """A stranger's is None like one that does not exist."""
        async with self._database.read() as connection:
            return await bookings.with_code(connection, customer_id, code)

    async def with_ticket(self, customer_id: CustomerId, token: str) -> BookingId | None:
        """A stranger's is None like one that does not exist."""
        async with self._database.read() as connection:
            return await bookings.with_ticket(connection, customer_id, token)

    async def confirmation(self, order_id: OrderId) -> tuple[BookingView, ...]:
        """All bookings of an order, as its booking message tells them; empty before it is paid."""
        async with self._database.read() as connection:
            return await bookings.of_order(connection, order_id)

    async def ordered(self, order_id: OrderId) -> tuple[Ordered, ...]:
        """What an order is about, paid or not."""
        async with self._database.read() as connection:
            parts = await bookings.order_line_views(connection, order_id)
            return await self._answered(connection, order_id, parts)

    async def _answered(
        self, connection: Connection, order_id: OrderId, parts: Sequence[Ordered]
    ) -> tuple[Ordered, ...]:
        """The same parts of an order, with what their guests have said."""
        said = await answers.of_orders(connection, [order_id])
        return tuple(replace(part, answers=said.get((order_id, part.inventory_id), ())) for part in parts)

    async def ticket_file_id(self, booking_id: BookingId, language: str, digest: str) -> str | None:
        """Telegram's name for a ticket's picture that shows just this, if it was sent before."""
        async with self._database.read() as connection:
            return await ticket_pictures.file_id(connection, booking_id, language, digest)

    async def remember_ticket(self, booking_id: BookingId, language: str, digest: str, file_id: str) -> None:
        async def work(connection: Connection) -> None:
            await ticket_pictures.remember(connection, booking_id, language, digest, file_id)

        await self._database.run(work)
