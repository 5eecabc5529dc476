"""Cancels a booking at its customer's wish, and puts what goes back before the worker."""

from bot.domain.bookings import BookingView
from bot.domain.cancelling import Due, cancel, due
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, CustomerId
from bot.domain.money import Money
from bot.domain.orders import Case
from bot.domain.time import Clock
from bot.services.bells import Bells
from bot.services.outcomes import Decided, Outcomes
from storage import bookings, cases
from storage.database import Connection, Database


class Cancelling:
    def __init__(self, database: Database, clock: Clock, outcomes: Outcomes, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._outcomes = outcomes
        self._bells = bells

    async def ask(self, customer: CustomerId, booking_id: BookingId) -> tuple[BookingView, Due]:
        """What goes back if this booking is cancelled now; raises Gone or CannotCancel."""
        async with self._database.read() as connection:
            view = await _own(connection, customer, booking_id)
            case = await cases.look(connection, view.order_id)
        return view, due(case, booking_id, self._clock.now())

    async def cancel(self, customer: CustomerId, booking_id: BookingId, confirmed: int) -> Money:
        """Cancel a booking for exactly what was confirmed (minor units), which is returned.

        Raises Gone, CannotCancel or RefundChanged; then nothing was changed.
        """

        async def work(connection: Connection) -> Money:
            view = await _own(connection, customer, booking_id)
            case: Case = (await cases.load(connection, [view.order_id]))[view.order_id]
            now = self._clock.now()
            outcome = cancel(case, booking_id, confirmed, now)
            await self._outcomes.save(connection, [Decided(case, outcome)], now)
            return Money(confirmed, case.order.total.currency)

        given = await self._database.run(work)
        self._bells.all()
        return given


async def _own(connection: Connection, customer: CustomerId, booking_id: BookingId) -> BookingView:
    """A stranger's booking is gone like one that does not exist."""
    view = await bookings.by_id(connection, booking_id)
    if view is None or view.customer_id != customer:
        raise Gone
    return view
