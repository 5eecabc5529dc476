"""Another date for a booking: where there is room for the same party, what goes back, and the tap that moves it."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.errors import CannotCancel, CannotMove, PriceChanged, SoldOut, TooLate, TooManyOpenOrders
from bot.domain.ids import BookingId, InventoryId, nonce
from bot.domain.moving import Dates, OtherDate, Proposal
from bot.domain.rentals import NoStay
from handlers.bookings import present_booking
from handlers.callbacks import Action, Call, number
from handlers.callbacks import day as read_day
from handlers.callbacks import nonce as read_nonce
from handlers.failures import words
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import clock, moment_within, short_span
from handlers.summary import held_screen
from handlers.texts import Texts
from handlers.tickets import party, when
from handlers.visits import Visit

DATES, TIMES, ONE = "d", "t", "o"
SIDE_BY_SIDE = 2


def dates_screen(dates: Dates, texts: Texts) -> Screen:
    """The dates with room for the same party; by the hour the days, then the times of one."""
    if dates.day is not None:
        return _times_screen(dates, dates.day, texts)
    view = dates.booking
    return Screen(
        title=texts.own(view.ordered.name),
        blocks=(when(view.ordered, texts), party(view.ordered, texts), gap(_what_to_choose(dates, texts))),
        rows=(
            *((_other(dates, other, texts),) for other in dates.others),
            _pages(dates, texts),
            back(texts, Action.BOOKING, view.id),
        ),
        picture=view.ordered.photo,
    )


def _what_to_choose(dates: Dates, texts: Texts) -> str:
    if dates.booking.ordered.stay is None:
        said = texts.gettext("Choose another date. Your places stay yours until you confirm.")
        nothing = texts.gettext("Just now there is no other date with room for all of you.")
    else:
        said = texts.gettext("Choose other dates, for as long as before. Yours stay yours until you confirm.")
        nothing = texts.gettext("Just now nothing else is free for as long.")
    return said if dates.others else nothing


def _times_screen(dates: Dates, day: date, texts: Texts) -> Screen:
    """When it could begin on that day, and until when it would be."""
    view = dates.booking
    zone = texts.zone(view.ordered.time_zone)
    times = [_time(dates, other, texts) for other in dates.others]
    return Screen(
        title=texts.own(view.ordered.name),
        blocks=(
            texts.gettext("{day}. Times are local ({zone}).", day=texts.opening(texts.day(day)), zone=zone),
            texts.gettext("Choose when it begins."),
        ),
        rows=(
            *(tuple(times[place : place + SIDE_BY_SIDE]) for place in range(0, len(times), SIDE_BY_SIDE)),
            back(texts, Action.MOVE_BOOKING, DATES, view.id, 1),
        ),
        picture=view.ordered.photo,
    )


def _time(dates: Dates, other: OtherDate, texts: Texts) -> Button:
    start, end = (clock(at, dates.booking.ordered.time_zone, texts) for at in (other.starts_at, other.ends_at))
    label = texts.gettext("{start} – {end}", start=start, end=end)
    return act(label, Action.MOVE_BOOKING, ONE, dates.booking.id, other.inventory_id)


def _other(dates: Dates, other: OtherDate, texts: Texts) -> Button:
    """As in "Sat 12 Dec, 06:00"; of a stay, "Fri 12 Dec – Mon 15 Dec"; a day alone leads to its times."""
    ordered = dates.booking.ordered
    if dates.by_day:
        day = other.starts_at.astimezone(ZoneInfo(ordered.time_zone)).date()
        return act(texts.opening(texts.short_day(day)), Action.MOVE_BOOKING, TIMES, dates.booking.id, day.toordinal())
    if ordered.stay is None:
        label = texts.opening(texts.short_moment(other.starts_at, ordered.time_zone))
    else:
        label = short_span(other.starts_at, other.ends_at, ordered.time_zone, texts)
    return act(label, Action.MOVE_BOOKING, ONE, dates.booking.id, other.inventory_id)


def _pages(dates: Dates, texts: Texts) -> Row:
    if dates.pages == 1:
        return ()
    here = act(f"{texts.number(dates.page)}/{texts.number(dates.pages)}", Action.NOTHING)
    before = (_to("‹", dates, dates.page - 1),) if dates.page > 1 else ()
    after = (_to("›", dates, dates.page + 1),) if dates.page < dates.pages else ()
    return (*before, here, *after)


def _to(label: str, dates: Dates, page: int) -> Button:
    return act(label, Action.MOVE_BOOKING, DATES, dates.booking.id, page)


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
            back(texts, Action.MOVE_BOOKING, DATES, view.id, 1),
        ),
        picture=ordered.photo,
    )


def _confirm(found: Proposal, texts: Texts, nonce: str) -> Button:
    booking, row = found.booking.id, found.there.inventory_id
    if found.surcharge.is_zero:
        return act(texts.gettext("Move it"), Action.CONFIRM_MOVING, booking, row, found.back.minor)
    label = texts.gettext("Hold and pay {amount}", amount=texts.money(found.surcharge))
    return act(label, Action.CONFIRM_MOVING, booking, row, found.surcharge.minor, nonce)


async def choose(visit: Visit, call: Call) -> None:
    """The dates, the times of a day, or one of them with what it would mean."""
    booking_id = BookingId(number(call.word(1)))
    if call.word(0) == ONE:
        await _propose(visit, booking_id, InventoryId(number(call.word(2))))
    elif call.word(0) == TIMES:
        await _dates(visit, booking_id, day=read_day(call.word(2)))
    else:
        await _dates(visit, booking_id, number(call.word(2)))


async def _dates(visit: Visit, booking_id: BookingId, page: int = 1, notice: str = "", day: date | None = None) -> None:
    try:
        dates = await visit.desk.moving.dates(visit.customer.id, booking_id, page, day)
    except (CannotMove, CannotCancel) as refusal:
        return await present_booking(visit, booking_id, words(refusal, visit.texts))
    screen = dates_screen(dates, visit.texts)
    return await visit.show(screen.with_notice(notice) if notice else screen)


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
