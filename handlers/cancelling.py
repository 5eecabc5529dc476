"""Cancelling a booking: what goes back is shown first, and happens only as it was confirmed."""

from bot.domain.bookings import BookingView
from bot.domain.cancelling import Due
from bot.domain.errors import CannotCancel, RefundChanged
from bot.domain.ids import BookingId
from handlers.bookings import present_booking
from handlers.callbacks import Action, Call
from handlers.failures import words
from handlers.markup import gap
from handlers.refund_words import due_line
from handlers.screens import Screen, act
from handlers.texts import Texts
from handlers.tickets import party, when
from handlers.visits import Visit


def confirm_screen(view: BookingView, due: Due, texts: Texts) -> Screen:
    """The amount, and the two ways on; the safe one comes first."""
    ordered = view.ordered
    if due.amount.is_zero:
        label = texts.gettext("Cancel without refund")
    else:
        label = texts.gettext("Cancel and refund {amount}", amount=texts.money(due.amount))
    return Screen(
        title=texts.gettext("Cancel this booking?"),
        blocks=(
            texts.own(ordered.name),
            when(ordered, texts),
            party(ordered, texts),
            gap(due_line(due, texts, dated=ordered.dated)),
        ),
        rows=(
            (act(texts.gettext("Keep it"), Action.BOOKING, view.id),),
            (act(label, Action.CONFIRM_CANCELLING, view.id, due.amount.minor),),
        ),
        picture=ordered.photo,
    )


async def ask(visit: Visit, call: Call) -> None:
    """What would go back."""
    await _ask(visit, BookingId(call.number()))


async def _ask(visit: Visit, booking_id: BookingId, notice: str = "") -> None:
    try:
        view, due = await visit.desk.cancelling.ask(visit.customer.id, booking_id)
    except CannotCancel as refusal:
        return await present_booking(visit, booking_id, words(refusal, visit.texts))
    screen = confirm_screen(view, due, visit.texts)
    return await visit.show(screen.with_notice(notice) if notice else screen)


async def confirm(visit: Visit, call: Call) -> None:
    """Cancel, if what was confirmed is still what goes back."""
    number, confirmed = call.numbers(2)
    booking_id = BookingId(number)
    if visit.tap is not None and not await visit.tap.answer():
        # Tapped before a pause of ours: the amount may be another one by now, so it is asked for once more.
        return await _ask(visit, booking_id)
    try:
        await visit.desk.cancelling.cancel(visit.customer.id, booking_id, confirmed)
    except (CannotCancel, RefundChanged) as refusal:
        return await _ask(visit, booking_id, words(refusal, visit.texts))
    return await present_booking(visit, booking_id)
