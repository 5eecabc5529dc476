"""Stripe's receipt for a booking: asked for at the tap, shown as a link on the booking's own screen."""

from bot.domain.errors import GuichetError
from bot.domain.ids import BookingId
from handlers.bookings import present_booking
from handlers.callbacks import Call
from handlers.failures import trouble
from handlers.visits import Visit


async def show_receipt(visit: Visit, call: Call) -> None:
    """Stripe is asked apart from the customer's turn. Raises Gone for a stranger's booking."""
    booking_id = BookingId(call.number())
    await visit.desk.bookings.show(visit.customer.id, booking_id)
    visit.later(_ask_stripe(visit, booking_id))


async def _ask_stripe(visit: Visit, booking_id: BookingId) -> None:
    try:
        address = await visit.desk.receipts.address(visit.customer.id, booking_id)
        await present_booking(visit, booking_id, receipt=address)
    except GuichetError:
        await visit.alert(visit.texts.gettext("Stripe does not show the receipt just now. Please try again later."))
    except Exception:
        await visit.alert(trouble(visit.texts))
        raise
