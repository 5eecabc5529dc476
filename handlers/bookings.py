"""/bookings: what a customer has booked, soonest first, and each booking by itself."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.bookings import BookingList, BookingView
from bot.domain.cancelling import obstacle
from bot.domain.ids import BookingId
from bot.domain.moving import may_move
from bot.domain.order_card import OrderCard
from bot.domain.orders import BookingStatus
from bot.domain.waiting import WaitingView
from handlers.answer_words import short_lines
from handlers.callbacks import Action, Call
from handlers.categories import pager
from handlers.markup import gap
from handlers.open_orders import open_blocks, open_rows
from handlers.screens import Button, Row, Screen, act, back, home_row
from handlers.texts import Texts
from handlers.tickets import facts, status, ticket_row, with_ticket
from handlers.visits import Visit
from handlers.waiting import waiting_rows

PER_PAGE = 6


def bookings_screen(
    found: BookingList,
    texts: Texts,
    page: int,
    waiting: Sequence[WaitingView] = (),
    unpaid: Sequence[OrderCard] = (),
) -> Screen:
    """`unpaid`: orders and offers, which stand before all that is booked."""
    views = (*found.upcoming, *found.past)
    pages = max(1, -(-len(views) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = views[(page - 1) * PER_PAGE : page * PER_PAGE]
    first = unpaid if page == 1 else ()
    said = _count(found, texts) if found.upcoming or not unpaid else ""
    return Screen(
        title=texts.gettext("My bookings"),
        blocks=(*open_blocks(first, texts), gap(said) if first else said),
        rows=(
            *open_rows(first, texts),
            *((_button(view, texts),) for view in shown),
            *waiting_rows(waiting, texts),
            pager(page, pages, Action.BOOKINGS),
            back(texts, Action.HOME) if views or waiting or unpaid else home_row(texts),
        ),
    )


def _count(found: BookingList, texts: Texts) -> str:
    if not found.upcoming and not found.past:
        return texts.gettext("You have not booked anything yet.")
    if not found.upcoming and any(view.status is BookingStatus.CANCELLED for view in found.past):
        return texts.gettext("Nothing is ahead.")
    if not found.upcoming:
        return texts.gettext("Nothing is ahead; these are behind you.")
    return texts.ngettext("{count} booking ahead.", "{count} bookings ahead.", len(found.upcoming))


def _button(view: BookingView, texts: Texts) -> Button:
    label = _label(view, texts)
    if view.status is BookingStatus.CANCELLED:
        label = texts.gettext("Cancelled · {what}", what=label)
    return act(label, Action.BOOKING, view.id)


def _label(view: BookingView, texts: Texts) -> str:
    ordered = view.ordered
    name = texts.own(ordered.name)
    if ordered.starts_at is None:
        return name
    when = texts.opening(texts.short_moment(ordered.starts_at, ordered.time_zone))
    return texts.gettext("{when} · {name}", when=when, name=name)


def booking_screen(view: BookingView, texts: Texts, now: datetime, receipt: str | None = None) -> Screen:
    """`receipt`: where it is shown, once that was asked for."""
    name, *rest = facts(view, texts)
    return Screen(
        title=name,
        blocks=(*rest, gap("\n".join(short_lines(view.ordered.answers, texts))), gap(status(view, texts))),
        rows=(
            ticket_row(view, texts),
            _receipt(view, texts, receipt),
            _move(view, texts, now),
            _cancel(view, texts, now),
            back(texts, Action.BOOKINGS, 1),
        ),
        picture=view.ordered.photo,
    )


def _receipt(view: BookingView, texts: Texts, address: str | None) -> Row:
    """The link where it is known, else the button that asks for it; nothing where nothing was charged."""
    if address is not None:
        return (Button(texts.gettext("Open the receipt"), url=address),)
    return (act(texts.gettext("Receipt"), Action.RECEIPT, view.id),) if view.receipt else ()


def _move(view: BookingView, texts: Texts, now: datetime) -> Row:
    """Only where it may be."""
    if not may_move(view.status, view.ordered.rules, view.clockwork, now):
        return ()
    return (act(texts.gettext("Another date"), Action.MOVE_BOOKING, "d", view.id),)


def _cancel(view: BookingView, texts: Texts, now: datetime) -> Row:
    """Only where it can be cancelled."""
    if obstacle(view.status, view.ordered.rules, view.clockwork, now) is not None:
        return ()
    return (act(texts.gettext("Cancel this booking"), Action.CANCEL_BOOKING, view.id),)


async def show_bookings(visit: Visit, page: int = 1, notice: str = "") -> None:
    found = await visit.desk.bookings.of_customer(visit.customer.id)
    waiting = await visit.desk.waiting.of_customer(visit.customer.id)
    unpaid = await visit.desk.open_orders.of_customer(visit.customer.id)
    screen = bookings_screen(found, visit.texts, page, waiting, unpaid)
    await visit.show(screen.with_notice(notice) if notice else screen)


async def show_booking(visit: Visit, call: Call) -> None:
    await present_booking(visit, BookingId(call.number()))


async def present_booking(visit: Visit, booking_id: BookingId, notice: str = "", *, receipt: str | None = None) -> None:
    """A booking as it is now; raises Gone for a stranger's."""
    view = await visit.desk.bookings.show(visit.customer.id, booking_id)
    screen = await _illustrated(visit, view, receipt)
    await visit.show(screen.with_notice(notice) if notice else screen)


async def _illustrated(visit: Visit, view: BookingView, receipt: str | None) -> Screen:
    """The booking's screen with its ticket, to be shown at the door."""
    shop = visit.texts.own((await visit.desk.browsing.home()).shop.name)
    screen = booking_screen(view, visit.texts, visit.desk.clock.now(), receipt)
    return with_ticket(screen, view, visit.texts, shop, visit.bot.username)
