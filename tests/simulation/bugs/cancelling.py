"""Bugs in what becomes of an order when its customer cancels a booking."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import cancelling as deciding
from bot.domain.bookings import BookingView
from bot.domain.cancelling import Due
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, CustomerId
from bot.domain.money import Money
from bot.domain.orders import Booking, BookingStatus, Case, Payment
from bot.services import cancelling
from storage import bookings
from storage.database import Connection
from tests.simulation.bugs.planting import Bug, swap


def _any_amount(found: Due, confirmed: int) -> Money:
    return found.amount


_RELEASED = deciding._released


def _kept_claims(case: Case, booking: Booking) -> Case:
    return replace(_RELEASED(case, booking), claims=case.claims)


def _all_of_it(case: Case, payment: Payment) -> Money:
    return payment.amount


def _standing_still(case: Case, booking: Booking) -> BookingStatus:
    return BookingStatus.CONFIRMED


async def _anybodys(connection: Connection, customer: CustomerId, booking_id: BookingId) -> BookingView:
    view = await bookings.by_id(connection, booking_id)
    if view is None:
        raise Gone
    return view


CANCELLING: Mapping[str, Bug] = {
    "cancelled_for_another_amount": swap(deciding, "_confirmed", _any_amount),
    "claims_kept_on_cancelling": swap(deciding, "_released", _kept_claims),
    "cancelled_without_cap": swap(deciding, "left_of", _all_of_it),
    "cancelled_again": swap(deciding, "_status", _standing_still),
    "cancelled_by_anybody": swap(cancelling, "own_booking", _anybodys),
}
