"""A booking as a file for calendars: the same moment as in the chat, whichever clock the reader lives by."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo

from bot.domain.bookings import BookingView
from bot.domain.orders import BookingStatus
from handlers.calendar_zones import zone_rules
from handlers.markup import clean, line
from handlers.texts import Texts

MAKER = "-//Guichet//EN"
SECOND = timedelta(seconds=1)


def calendar_file(view: BookingView, texts: Texts, about: str, now: datetime) -> bytes | None:
    """The file; None for what has no date. `about` is who comes and the code, one a line.

    A file that is made later replaces one that was made before, and a cancelled booking takes its event back.
    """
    start, end = view.ordered.starts_at, view.ordered.ends_at
    if start is None or end is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(view, texts, about, now))
    for name in calendar.get_used_tzids():
        calendar.subcomponents.insert(0, zone_rules(ZoneInfo(name), start, end))
    content: bytes = calendar.to_ical()
    return content


def _event(view: BookingView, texts: Texts, about: str, now: datetime) -> Event:
    ordered, cancelled = view.ordered, view.status is BookingStatus.CANCELLED
    event = Event()
    event.add("uid", _uid(view))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", max((now - view.created_at) // SECOND, 0) + cancelled)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", line(texts.own(ordered.name)))
    event.add("description", clean(about))
    event.add("location", location(view, texts))
    for name, moment in _span(view):
        event.add(name, moment)
    if ordered.spot is not None:
        event.add("geo", vGeo((ordered.spot.latitude, ordered.spot.longitude)))
    return event


def location(view: BookingView, texts: Texts) -> str:
    """The place and its address, each once."""
    parts = (line(texts.own(view.ordered.place)), line(view.ordered.address))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _uid(view: BookingView) -> str:
    """The same for every file about a booking, and no other shop's; it does not tell the token."""
    return f"{sha256(f'calendar {view.ticket_token}'.encode()).hexdigest()[:32]}@guichet"


def _span(view: BookingView) -> list[tuple[str, datetime]]:
    """On the clock of the place; in UTC where that clock shows the time for the second time on an autumn night."""
    zone = ZoneInfo(view.ordered.time_zone)
    moments = [("dtstart", view.ordered.starts_at), ("dtend", view.ordered.ends_at)]
    local = [(name, moment.astimezone(zone)) for name, moment in moments if moment is not None]
    if any(moment.fold for _, moment in local):
        return [(name, moment.astimezone(UTC)) for name, moment in local]
    return local
