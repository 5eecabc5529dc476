"""Cancels a booking at its customer's wish, and puts what goes back before the worker."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.bookings import BookingView
from bot.domain.cancelling import Due, cancel, due
from bot.domain.ids import BookingId, CustomerId
from bot.domain.money import Money
from bot.domain.orders import Case, Reason
from bot.domain.surcharges import due_of, give_back, with_surcharges
from bot.domain.time import Clock
from bot.services.bells import Bells
from bot.services.found import own_booking
from bot.services.open_moves import let_go
from bot.services.outcomes import Decided, Outcomes
from storage import cases
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
            view = await own_booking(connection, customer, booking_id)
            case = await cases.look(connection, view.order_id)
            extra = await cases.look_at_surcharges(connection, booking_id)
        return view, with_surcharges(due(case, booking_id, self._clock.now()), extra)

    async def cancel(self, customer: CustomerId, booking_id: BookingId, confirmed: int) -> Money:
        """Cancel a booking for exactly what was confirmed (minor units), which is returned.

        Raises Gone, CannotCancel or RefundChanged; then nothing was changed.
        """

        async def work(connection: Connection) -> Money:
            view = await own_booking(connection, customer, booking_id)
            # Once its order is locked, no surcharge of the booking can be settled any more.
            case = (await cases.load(connection, [view.order_id]))[view.order_id]
            extra = await cases.surcharges_of(connection, booking_id)
            now = self._clock.now()
            outcome = _cancelled(case, booking_id, confirmed, extra, now)
            await self._outcomes.save(connection, outcome, now)
            await let_go(connection, self._outcomes, customer, booking_id, now)
            return Money(confirmed, case.order.total.currency)

        given = await self._database.run(work)
        self._bells.all()
        return given


def _cancelled(
    case: Case, booking_id: BookingId, confirmed: int, surcharges: Sequence[Case], now: datetime
) -> list[Decided]:
    """The booking is cancelled, and what was paid on top of it goes back in the same proportion."""
    found = due(case, booking_id, now)
    whole = with_surcharges(found, surcharges)
    on_top = whole.amount - found.amount
    decided = [Decided(case, cancel(case, booking_id, confirmed - on_top.minor, now, on_top))]
    return decided + [
        Decided(each, give_back(each, due_of(each, found.percent), Reason.CANCELLED, now)) for each in surcharges
    ]
