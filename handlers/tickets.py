"""How a booking reads: in the message that brings it, and when it is looked up later."""

from dataclasses import replace

from bot.domain.bookings import BookingView, Ordered
from bot.domain.orders import BookingStatus
from handlers.callbacks import Action
from handlers.markup import gap
from handlers.refund_words import cancelled_line
from handlers.screens import Button, Row, Screen, act
from handlers.stay_words import moment_of
from handlers.texts import Texts
from handlers.ticket_face import Ticket, TicketFace

TRIES_WITH_PICTURE = 3
"""After so many a booking comes in words alone: a large message may fail where a small one arrives."""
START_PREFIX = "ci_"
"""What a ticket's QR code starts the bot with, before the token (`handlers/own_tickets.py`)."""


def when(ordered: Ordered, texts: Texts) -> str:
    """The local date and time, with its zone; nothing for an item."""
    if ordered.starts_at is None:
        return ""
    moment = moment_of(ordered, texts)
    return texts.gettext("{when}, local time ({zone})", when=moment, zone=texts.zone(ordered.time_zone))


def party(ordered: Ordered, texts: Texts) -> str:
    """Who comes, or what was bought: "2 adults, 1 child"."""
    return texts.listing([texts.counted(fare.counted, fare.quantity) for fare in ordered.fares])


def ticket_screen(view: BookingView, texts: Texts, *, late: bool = False) -> Screen:
    """The message that brings a booking."""
    title = texts.gettext("You are booked") if view.ordered.dated else texts.gettext("It is yours")
    told = texts.gettext("Your payment came after the hold had ended, but there was still room.") if late else ""
    return Screen(
        title=title,
        blocks=(told, *facts(view, texts)),
        rows=(ticket_row(view, texts), manage_row(view, texts)),
    )


def facts(view: BookingView, texts: Texts) -> tuple[str, ...]:
    ordered = view.ordered
    return (
        texts.own(ordered.name),
        when(ordered, texts),
        texts.own(ordered.place),
        gap(texts.gettext("{party} · {amount} paid", party=party(ordered, texts), amount=texts.money(view.paid))),
        texts.gettext("Code {code}", code=view.code),
    )


def status(view: BookingView, texts: Texts) -> str:
    """What has become of it, if it is not simply ahead."""
    amount = texts.money(view.refunded)
    refunded = "" if view.refunded.is_zero else texts.gettext("{amount} of this order was refunded.", amount=amount)
    if view.status is BookingStatus.CANCELLED:
        return "\n".join(filter(None, (cancelled_line(view, texts), refunded)))
    return refunded


def ticket_row(view: BookingView, texts: Texts) -> Row:
    """What goes with a ticket, as far as there is any; of a cancelled one the calendar alone needs to know."""
    calendar = (act(texts.gettext("Calendar"), Action.CALENDAR_FILE, view.id),) if view.ordered.starts_at else ()
    if view.status is BookingStatus.CANCELLED:
        return calendar
    known = view.ordered.spot is not None
    place = (act(texts.gettext("Map"), Action.MAP, view.id),) if known else ()
    return (*calendar, *place, Button(texts.gettext("Copy code"), copy=view.code))


def manage_row(view: BookingView, texts: Texts) -> Row:
    """From a message that stays to the booking's own screen, where it can be cancelled."""
    return (act(texts.gettext("Manage booking"), Action.OPEN_BOOKING, view.id),)


def with_ticket(screen: Screen, view: BookingView, texts: Texts, shop: str, bot_name: str) -> Screen:
    """The screen of a booking with its ticket as the picture; one that is cancelled has none any more."""
    if view.status is BookingStatus.CANCELLED:
        return screen
    face = ticket_face(view, texts, shop, bot_name)
    return replace(screen, picture=Ticket(view.id, texts.language, face, view.ordered.photo))


def ticket_face(view: BookingView, texts: Texts, shop: str, bot_name: str) -> TicketFace:
    ordered = view.ordered
    dated = ordered.starts_at is not None
    return TicketFace(
        shop=shop,
        title=texts.own(ordered.name),
        when=moment_of(ordered, texts),
        zone=texts.gettext("local time ({zone})", zone=texts.zone(ordered.time_zone)) if dated else "",
        place=texts.own(ordered.place),
        party=party(ordered, texts),
        code_label=texts.gettext("Code"),
        code=view.code,
        link=f"https://t.me/{bot_name}?start={START_PREFIX}{view.ticket_token}",
    )
