"""How a booking reads: in the message that brings it, and when it is looked up later."""

from bot.domain.bookings import BookingView, Ordered
from bot.domain.orders import BookingStatus
from handlers.markup import gap
from handlers.screens import Button, Row, Screen
from handlers.texts import Texts


def when(ordered: Ordered, texts: Texts) -> str:
    """The local date and time, with its zone; nothing for an item."""
    if ordered.starts_at is None:
        return ""
    moment = texts.opening(texts.moment(ordered.starts_at, ordered.time_zone))
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
        rows=((copy_code(view, texts),),),
        picture=view.ordered.photo,
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
    if view.status is BookingStatus.CANCELLED:
        return texts.gettext("Cancelled · {amount} refunded", amount=texts.money(view.refunded))
    if view.refunded.minor:
        return texts.gettext("{amount} of this order was refunded.", amount=texts.money(view.refunded))
    return ""


def copy_code(view: BookingView, texts: Texts) -> Button:
    return Button(texts.gettext("Copy code"), copy=view.code)


def code_row(view: BookingView, texts: Texts) -> Row:
    """A cancelled booking's code is of no use."""
    return () if view.status is BookingStatus.CANCELLED else (copy_code(view, texts),)
