"""Another date for a booking: what it would cost or bring, and the tap that moves it."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.availability import Month
from bot.domain.errors import CannotCancel, CannotMove, OutOfDate, PriceChanged, SoldOut, TooLate, TooManyOpenOrders
from bot.domain.ids import BookingId, InventoryId, nonce
from bot.domain.moving import Proposal
from bot.domain.moving_dates import Dates
from bot.domain.rentals import NoStay
from handlers import moving_dates
from handlers.bookings import present_booking
from handlers.calendar import wanted_month
from handlers.callbacks import Action, Call, number
from handlers.callbacks import day as read_day
from handlers.callbacks import nonce as read_nonce
from handlers.failures import words
from handlers.markup import gap
from handlers.moving_dates import DATES, dates_screen, why_not
from handlers.screens import Button, Screen, act, back
from handlers.stay_words import moment_within
from handlers.summary import held_screen
from handlers.texts import Texts
from handlers.tickets import party
from handlers.visits import Visit


def confirm_screen(found: Proposal, texts: Texts, nonce: str) -> Screen:
    """From when to when, and what that costs or brings. `nonce` makes an order from here one of a kind."""
    view = found.booking
    ordered = view.ordered
    there = replace(ordered, starts_at=found.there.starts_at, ends_at=found.there.ends_at)
    if not found.surcharge.is_zero:
        costs = texts.gettext("It costs {amount} more there.", amount=texts.money(found.surcharge))
    elif found.back.is_zero:
        costs = texts.gettext("Moving is free, and your code stays the same.")
    else:
        costs = texts.gettext("It costs less there: {amount} goes back.", amount=texts.money(found.back))
    return Screen(
        title=texts.gettext("Move this booking?"),
        blocks=(
            texts.own(ordered.name),
            texts.gettext("To: {when}", when=moment_within(there, texts)),
            texts.gettext("From: {when}", when=moment_within(ordered, texts)),
            party(ordered, texts),
            gap(costs),
        ),
        rows=(
            (_confirm(found, texts, nonce),),
            back(texts, Action.MOVE_BOOKING, DATES, view.id, _day_of(found).toordinal()),
        ),
        picture=ordered.photo,
    )


def _day_of(found: Proposal) -> date:
    return found.there.starts_at.astimezone(ZoneInfo(found.booking.ordered.time_zone)).date()


def _confirm(found: Proposal, texts: Texts, nonce: str) -> Button:
    booking, row = found.booking.id, found.there.inventory_id
    if found.surcharge.is_zero:
        return act(texts.gettext("Move it"), Action.CONFIRM_MOVING, booking, row, found.back.minor)
    label = texts.gettext("Hold and pay {amount}", amount=texts.money(found.surcharge))
    return act(label, Action.CONFIRM_MOVING, booking, row, found.surcharge.minor, nonce)


async def choose(visit: Visit, call: Call) -> None:
    """The dates, a month of them, the times of a day, or one of them with what it would mean."""
    booking_id = BookingId(number(call.word(1)))
    match call.word(0):
        case moving_dates.ONE:
            await _propose(visit, booking_id, InventoryId(number(call.word(2))))
        case moving_dates.TIMES | moving_dates.WHY_NOT:
            await _day(visit, booking_id, read_day(call.word(2)))
        case moving_dates.MONTH:
            await _dates(visit, booking_id, month=wanted_month(number(call.word(2))))
        case moving_dates.DATES:
            await _dates(visit, booking_id, read_day(call.word(2)) if len(call.fields) > 2 else None)
        case _:
            raise OutOfDate


async def _dates(
    visit: Visit, booking_id: BookingId, day: date | None = None, notice: str = "", month: Month | None = None
) -> None:
    dates = await _found(visit, booking_id, day, month)
    if dates is not None:
        screen = dates_screen(dates, visit.texts)
        await visit.show(screen.with_notice(notice) if notice else screen)


async def _day(visit: Visit, booking_id: BookingId, day: date) -> None:
    """Its times; the only one at once. Where there is none by now, that is told over the dates as they are."""
    dates = await _found(visit, booking_id, day)
    if dates is None:
        return
    there = dates.by_day.get(day, ())
    if len(there) == 1:
        await _propose(visit, booking_id, there[0].inventory_id)
        return
    screen = dates_screen(dates, visit.texts)
    if not there and not await visit.alert(said := why_not(dates, day, visit.texts)):
        screen = screen.with_notice(said)
    await visit.show(screen)


async def _found(visit: Visit, booking_id: BookingId, day: date | None, month: Month | None = None) -> Dates | None:
    """The dates; None if the booking cannot be moved, and its own screen says so."""
    try:
        return await visit.desk.moving.dates(visit.customer.id, booking_id, month, day)
    except (CannotMove, CannotCancel) as refusal:
        await present_booking(visit, booking_id, words(refusal, visit.texts))
        return None


async def _propose(visit: Visit, booking_id: BookingId, row: InventoryId, notice: str = "") -> None:
    try:
        found = await visit.desk.moving.propose(visit.customer.id, booking_id, row)
    except (CannotMove, SoldOut, TooLate, NoStay) as refusal:
        return await _dates(visit, booking_id, notice=words(refusal, visit.texts))
    screen = confirm_screen(found, visit.texts, nonce(visit.desk.chance))
    return await visit.show(screen.with_notice(notice) if notice else screen)


async def confirm(visit: Visit, call: Call) -> None:
    """Move it, or hold it until the surcharge is paid, if what was confirmed is still what it costs."""
    booking, row, confirmed = (number(call.word(position)) for position in range(3))
    booking_id, row_id = BookingId(booking), InventoryId(row)
    if visit.tap is not None and not await visit.tap.answer():
        # Tapped before a pause of ours: there may be other plans by now.
        return await _propose(visit, booking_id, row_id)
    try:
        if len(call.fields) == 3:
            await visit.desk.moving.move(visit.customer.id, booking_id, row_id, confirmed)
        else:
            await _hold(visit, booking_id, row_id, confirmed, read_nonce(call.word(3)))
    except PriceChanged as refusal:
        return await _propose(visit, booking_id, row_id, words(refusal, visit.texts))
    except (CannotMove, CannotCancel, SoldOut, TooLate, NoStay, TooManyOpenOrders) as refusal:
        return await _dates(visit, booking_id, notice=words(refusal, visit.texts))
    if len(call.fields) == 3:
        return await present_booking(visit, booking_id, visit.texts.gettext("Your booking has moved"))
    return await visit.show(held_screen(visit.texts))


async def _hold(visit: Visit, booking_id: BookingId, row: InventoryId, confirmed: int, once: str) -> None:
    await visit.desk.moving.pay(
        visit.customer.id, booking_id, row, confirmed=confirmed, nonce=once, language=visit.texts.language
    )
