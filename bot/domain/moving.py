"""What becomes of a booking when its customer moves it to another date, and what of the price goes back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.bookings import BookingView
from bot.domain.cancelling import due
from bot.domain.differences import Back, can_go_back, difference
from bot.domain.effects import Notice, Outcome, Tell, part_of
from bot.domain.errors import CannotMove, PriceChanged, SoldOut
from bot.domain.ids import BookingId, InventoryId
from bot.domain.money import Money
from bot.domain.orders import Booking, BookingStatus, Case, Line, Reason, Refund, RefundState, Role, units_of
from bot.domain.refund_rules import Clockwork, Rules, holding
from bot.domain.selection import Offer, Quote, Selection, quote
from bot.domain.surcharges import give_back, surcharge_lines


@dataclass(frozen=True)
class Move:
    """A booking at another date: its lines at today's price, and what goes back of it, or is to be paid on top.

    `ends_at` is set for a stay.
    """

    booking: Booking
    lines: tuple[Line, ...]
    back: Back
    surcharge: Money
    ends_at: datetime | None = None


@dataclass(frozen=True)
class OtherDate:
    """A slot, or a stay from its first row on, to which a booking can be moved. Instants are aware."""

    inventory_id: InventoryId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Proposal:
    """A booking, the date that it would be moved to, and what would go back, or be paid on top."""

    booking: BookingView
    there: OtherDate
    back: Money
    surcharge: Money


def may_move(status: BookingStatus, rules: Rules, clockwork: Clockwork, now: datetime) -> bool:
    """Whether something that was booked may go to another date.

    It may for as long as the best of its rules for cancelling holds: so nobody gains by moving first and cancelling
    then, and a shop that gives nothing back does not move anything either.
    """
    held = holding(rules, clockwork, now)
    stands = status is BookingStatus.CONFIRMED and clockwork.starts_at is not None and not clockwork.begun(now)
    return stands and held is not None and held == rules[0] and held.percent > 0


def movable(case: Case, booking_id: BookingId, now: datetime) -> Booking:
    """The booking, if it may be moved now; raises CannotMove or CannotCancel."""
    booking = next(each for each in case.bookings if each.id == booking_id)
    due(case, booking_id, now)
    line = case.lines_of(booking.inventory_id)[0]
    clockwork = Clockwork(booking.starts_at, case.order.paid_at or case.order.placed_at)
    if not may_move(booking.status, line.rules, clockwork, now):
        raise CannotMove
    return booking


def moved(case: Case, surcharges: Sequence[Case], booking_id: BookingId, offer: Offer, now: datetime) -> Move:
    """The booking at what is on offer now. Its rules for cancelling stay as they were bought.

    `surcharges`: the paid orders by which it was moved before.

    Raises CannotMove, CannotCancel, or the refusals of `bot.domain.selection`.
    """
    booking = movable(case, booking_id, now)
    old = case.lines_of(booking.inventory_id)
    selection = the_same(old, offer.inventory_id)
    if offer.resource_id != booking.resource_id or offer.inventory_id == booking.inventory_id:
        raise CannotMove
    if not case.rows_beside(booking.inventory_id).isdisjoint(offer.rows(selection)):
        raise CannotMove
    price = _price(old, offer, selection, now)
    before = _sum(old)
    back = difference(case, booking_id, surcharges, before, price.total)
    if not can_go_back(case, booking_id, surcharges, back, now):
        raise CannotMove
    there = replace(booking, inventory_id=offer.inventory_id, starts_at=None)
    more = max(price.total - before, before * 0)
    return Move(there, _at(old, price), back, more, price.days[-1].ends_at if price.days else None)


def the_same(old: Sequence[Line], row: InventoryId) -> Selection:
    """What was booked, from another row on: as many of each fare, and as many days of a stay."""
    return Selection(row, {line.fare_id: line.quantity for line in old}, len(old) if old[0].stay is not None else 0)


def _price(old: Sequence[Line], offer: Offer, selection: Selection, now: datetime) -> Quote:
    """Today's price there. Days that a stay has already are free for it, unless it costs more there.

    For until its surcharge is paid, its order holds all of the new days beside the old ones.
    """
    price = quote(offer.freed(units_of(tuple(old))), selection, now)
    if price.total > _sum(old):
        price = quote(offer, selection, now)
    left = min((row.left for row in price.days), default=offer.left)
    if max(units_of(_at(old, price)).values()) > left:
        raise SoldOut(left)
    return price


def _at(old: Sequence[Line], price: Quote) -> tuple[Line, ...]:
    """What each line becomes there: day by day, or fare by fare."""
    by_fare = {line.fare_id: line for line in price.lines}
    new = price.lines if price.days else [by_fare[line.fare_id] for line in old]
    return tuple(replace(there, rules=line.rules, seats=line.seats) for line, there in zip(old, new, strict=True))


def surcharge(
    case: Case, surcharges: Sequence[Case], booking_id: BookingId, offer: Offer, confirmed: int, now: datetime
) -> tuple[Line, ...]:
    """The lines of an order for what a booking costs more, if that was confirmed (minor units).

    Raises as `moved`, or PriceChanged; CannotMove where not every fare costs as much or more.
    """
    found = moved(case, surcharges, booking_id, offer, now)
    if found.surcharge.minor != confirmed or found.surcharge.is_zero:
        raise PriceChanged(confirmed, found.surcharge.minor)
    booking = movable(case, booking_id, now)
    return surcharge_lines(case.lines_of(booking.inventory_id), found.lines)


def move(
    case: Case, surcharges: Sequence[Case], booking_id: BookingId, offer: Offer, confirmed: int, now: datetime
) -> tuple[Outcome, ...]:
    """Move a booking and give back exactly what was confirmed (minor units); raises as `moved`, or PriceChanged.

    Both dates are taken and freed at once: the booking keeps its code, and is never without seats. Returns what becomes
    of its order, then of each surcharge.
    """
    found = moved(case, surcharges, booking_id, offer, now)
    back = found.back.total
    if back.minor != confirmed or not found.surcharge.is_zero:
        raise PriceChanged(confirmed, back.minor)
    old = next(each.inventory_id for each in case.bookings if each.id == booking_id)
    changed = _with_refund(_placed(case, found, old), found, found.back.of_price, now)
    told = f"{booking_id}:{offer.inventory_id}:{int(now.timestamp())}"
    outcome = Outcome(changed, (Tell(Notice.STAFF_MOVED, told, back, part_of(case, offer.inventory_id)),))
    of_each = zip(surcharges, found.back.of_surcharges, strict=True)
    return (outcome, *(give_back(each, part, Reason.MOVED, now) for each, part in of_each))


def _placed(case: Case, found: Move, old: InventoryId) -> Case:
    """Days that a stay has before and after stay claimed as they are."""
    new = found.booking.inventory_id
    lines, left = iter(found.lines), units_of(case.lines_of(old))
    claims = {row: units for row, units in case.claims.items() if row not in left}
    return replace(
        case,
        lines=tuple(next(lines) if line.booked_as == old else line for line in case.lines),
        bookings=tuple(found.booking if each.id == found.booking.id else each for each in case.bookings),
        claims={**claims, **units_of(found.lines)},
        refunds=case.moved_refunds(old, new),
    )


def _with_refund(case: Case, found: Move, back: Money, now: datetime) -> Case:
    intent = next((each.payment_intent for each in case.payments if each.role is Role.BOOKED), None)
    if back.is_zero or intent is None:
        return case
    row = Refund(None, intent, Reason.MOVED, RefundState.NEW, back, None, now, found.booking.inventory_id)
    return replace(case, refunds=(*case.refunds, row))


def _sum(lines: Sequence[Line]) -> Money:
    first, *others = (line.amount for line in lines)
    return sum(others, start=first)
