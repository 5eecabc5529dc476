"""What was looked for and is not there is gone."""

from typing import TypeVar

from bot.domain.bookings import BookingView
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, CustomerId
from storage import bookings
from storage.database import Connection

Found = TypeVar("Found")


def present(found: Found | None) -> Found:
    """What was found; raises Gone if nothing was."""
    if found is None:
        raise Gone
    return found


async def own_booking(connection: Connection, customer: CustomerId, booking_id: BookingId) -> BookingView:
    """Raises Gone; a stranger's booking is gone like one that does not exist."""
    view = present(await bookings.by_id(connection, booking_id))
    if view.customer_id != customer:
        raise Gone
    return view
