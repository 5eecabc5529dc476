"""What a customer takes along from a ticket: an event for their calendar, and the place on a map."""

from telegram import InputFile
from telegram.constants import ParseMode

from bot.domain.bookings import BookingView
from bot.domain.errors import Gone
from bot.domain.ids import BookingId
from bot.domain.orders import BookingStatus
from handlers.calendar_file import calendar_file
from handlers.callbacks import Call
from handlers.markup import line
from handlers.screens import Screen
from handlers.texts import Texts
from handlers.tickets import party
from handlers.visits import Visit


def calendar_screen(view: BookingView, texts: Texts) -> Screen:
    """The words beside the file."""
    if view.status is BookingStatus.CANCELLED:
        said = texts.gettext("Open this file, and your calendar marks the visit as cancelled.")
    else:
        said = texts.gettext("Open this file to put it into your calendar.")
    return Screen(texts.own(view.ordered.name), (said,))


def about(view: BookingView, texts: Texts) -> str:
    """What a calendar says of the event: who comes, and the code."""
    return "\n".join((party(view.ordered, texts), texts.gettext("Code {code}", code=view.code)))


async def send_calendar_file(visit: Visit, call: Call) -> None:
    """The booking as it is now, for any calendar. Raises Gone for a stranger's, and for what has no date."""
    view = await visit.desk.bookings.show(visit.customer.id, BookingId(call.number()))
    texts = visit.texts
    content = calendar_file(view, texts, about(view, texts), visit.desk.clock.now())
    if content is None:
        raise Gone
    file = InputFile(content, f"{view.code}.ics")
    words = calendar_screen(view, texts).caption
    await visit.done(visit.bot.send_document(visit.place.chat_id, file, caption=words, parse_mode=ParseMode.HTML))


async def send_map(visit: Visit, call: Call) -> None:
    """Where it is. Raises Gone for a stranger's booking, and where the shop does not say it (any more)."""
    view = await visit.desk.bookings.show(visit.customer.id, BookingId(call.number()))
    ordered, texts = view.ordered, visit.texts
    if ordered.spot is None:
        raise Gone
    title, address = line(texts.own(ordered.place)), line(ordered.address) or line(texts.own(ordered.name))
    spot = ordered.spot
    await visit.done(visit.bot.send_venue(visit.place.chat_id, spot.latitude, spot.longitude, title, address))
