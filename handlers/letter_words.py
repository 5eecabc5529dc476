"""How letters read: a booking, its cancellation, money that went back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.bookings import BookingView
from bot.mail.letters import Picture
from handlers.calendar_file import location
from handlers.letter_page import Page, Part
from handlers.refund_words import cancelled_line
from handlers.screens import Screen
from handlers.texts import Texts
from handlers.tickets import facts, party, ticket_screen, when


@dataclass(frozen=True)
class Frame:
    """What stands around each letter: the shop, the way to its chat, and whom to ask."""

    shop: str
    chat: str
    support: str


@dataclass(frozen=True)
class Written:
    """A letter's subject and its page."""

    subject: str
    page: Page


@dataclass(frozen=True)
class Tickets:
    """Bookings that stand, each with the picture of its ticket where that could be drawn."""

    views: Sequence[BookingView]
    pictures: Sequence[Picture | None]
    frame: Frame


def booked(tickets: Tickets, texts: Texts, *, late: bool) -> Written:
    """The confirmation of what was booked, with a ticket for each."""
    screen = ticket_screen(tickets.views[0], texts, late=late)
    return _with_tickets(screen.title, screen.blocks[:1] if late else (), tickets, texts)


def moved(tickets: Tickets, texts: Texts) -> Written:
    """The ticket with its new date."""
    told = texts.gettext("Here is your ticket with the new date; its code is the same.")
    return _with_tickets(texts.gettext("Your booking has moved"), (told,), tickets, texts)


def _with_tickets(title: str, told: Sequence[str], tickets: Tickets, texts: Texts) -> Written:
    views, frame = tickets.views, tickets.frame
    parts = [_ticket(view, picture, texts) for view, picture in zip(views, tickets.pictures, strict=True)]
    notes = (
        texts.gettext("Show the code at the door. The ticket is in the chat as well."),
        texts.gettext("The attached file puts it into your calendar.") if _dated(views) else "",
    )
    return Written(_subject(title, views, texts), _page(title, told, parts, notes, frame, texts))


def cancelled(views: Sequence[BookingView], frame: Frame, texts: Texts) -> Written:
    """What does not stand any more, and what goes back of it."""
    title = texts.gettext("Your booking is cancelled")
    parts = [
        Part(
            texts.own(view.ordered.name),
            (when(view.ordered, texts), party(view.ordered, texts), _code(view, texts), cancelled_line(view, texts)),
        )
        for view in views
    ]
    note = texts.gettext("The attached file marks it as cancelled in your calendar.") if _dated(views) else ""
    return Written(_subject(title, views, texts), _page(title, (), parts, (note,), frame, texts))


def money_back(screen: Screen, code: str, frame: Frame, texts: Texts) -> Written:
    """What the chat says of a refund."""
    order = texts.gettext("Order {code}", code=code)
    subject = texts.gettext("{what} · {name}", what=screen.title, name=frame.shop)
    return Written(subject, _page(screen.title, (*screen.blocks, order), (), (), frame, texts))


def _ticket(view: BookingView, picture: Picture | None, texts: Texts) -> Part:
    name, _when, _place, paid, code = facts(view, texts)
    lines = (when(view.ordered, texts), location(view, texts), paid, code)
    return Part(name, lines, picture, texts.gettext("Ticket with a QR code, code {code}", code=view.code))


def _page(
    title: str, told: Sequence[str], parts: Sequence[Part], notes: Sequence[str], frame: Frame, texts: Texts
) -> Page:
    return Page(
        language=texts.language,
        shop=frame.shop,
        title=title,
        told=tuple(told),
        parts=tuple(parts),
        notes=tuple(notes),
        chat=frame.chat,
        chat_label=texts.gettext("Open the chat"),
        chat_line=texts.gettext("Open the chat: {address}", address=frame.chat),
        foot=(
            texts.gettext("You gave this address when you paid at {shop}.", shop=frame.shop),
            texts.gettext("A question? Write to {support}.", support=frame.support),
        ),
    )


def _subject(title: str, views: Sequence[BookingView], texts: Texts) -> str:
    names = dict.fromkeys(texts.own(view.ordered.name) for view in views)
    return texts.gettext("{what} · {name}", what=title, name=texts.listing(list(names)))


def _code(view: BookingView, texts: Texts) -> str:
    return texts.gettext("Code {code}", code=view.code)


def _dated(views: Sequence[BookingView]) -> bool:
    return any(view.ordered.starts_at for view in views)
