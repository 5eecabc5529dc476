"""Lets go of what was begun to move a booking, once that has changed otherwise."""

from datetime import datetime

from bot.domain.ids import BookingId, CustomerId
from bot.domain.orders import Closing
from bot.domain.unpaid import close
from bot.services.outcomes import Decided, Outcomes
from storage import cases, orders
from storage.database import Connection


async def let_go(
    connection: Connection, outcomes: Outcomes, customer: CustomerId, booking_id: BookingId, now: datetime
) -> int:
    """Close the unpaid surcharges of a booking, whose order is locked; returns how many other open orders there are."""
    loaded = (await cases.load(connection, await orders.open_orders(connection, customer))).values()
    mine = [case for case in loaded if case.order.moves and case.order.moves.booking_id == booking_id]
    await outcomes.save(connection, [Decided(case, close(case, Closing.CHANGED, now)) for case in mine], now)
    return len(loaded) - len(mine)
