"""A booking found by its code or by the QR code of its ticket; to anybody but its owner these say nothing."""

from bot.domain.ids import read_code
from handlers.bookings import present_booking
from handlers.home import show_home
from handlers.visits import Visit


async def took_code(visit: Visit, text: str) -> bool:
    """Whether what was written is the code of one of their own bookings; then it is shown."""
    code = read_code(text)
    found = None if code is None else await visit.desk.bookings.with_code(visit.customer.id, code)
    if found is None:
        return False
    await present_booking(visit, found)
    return True


async def open_ticket(visit: Visit, token: str) -> None:
    """Their own booking; of any other ticket, be there one or not, only what it is for."""
    found = await visit.desk.bookings.with_ticket(visit.customer.id, token)
    if found is None:
        said = visit.texts.gettext("This is a ticket for the door. Here it opens only for whoever has booked it.")
        await show_home(visit, said)
    else:
        await present_booking(visit, found)
