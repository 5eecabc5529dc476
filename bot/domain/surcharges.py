"""An order for what a booking costs more at another date: paid, it moves the booking; unpaid, nothing has happened."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.cancelling import Due, left_of
from bot.domain.effects import Notice, Outcome, Tell, part_of
from bot.domain.errors import CannotMove
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.orders import (
    BookingStatus,
    Case,
    Line,
    Moves,
    Payment,
    Reason,
    Refund,
    RefundState,
    Role,
    State,
)
from bot.domain.refund_rules import share
from bot.domain.reports import allocate


def surcharge_lines(old: Sequence[Line], new: Sequence[Line]) -> tuple[Line, ...]:
    """What each fare, or each day of a stay, costs more; raises CannotMove where a fare costs less."""
    if new[0].stay is not None:
        return _over_days(old, new)
    before = {line.fare_id: line.unit for line in old}
    lines = tuple(replace(line, unit=line.unit - before[line.fare_id]) for line in new)
    if any(line.unit.minor < 0 for line in lines):
        raise CannotMove
    return lines


def _over_days(old: Sequence[Line], new: Sequence[Line]) -> tuple[Line, ...]:
    """One day may cost less than the one before did: what they cost more together is split by their prices."""
    more = sum(line.unit.minor for line in new) - sum(line.unit.minor for line in old)
    parts = allocate(more, [line.unit.minor for line in new])
    return tuple(replace(line, unit=replace(line.unit, minor=part)) for line, part in zip(new, parts, strict=True))


def stands(case: Case, moves: Moves, rows: Iterable[InventoryId]) -> bool:
    """Whether the booking is still where it was when its surcharge was agreed on, and no other of its order there."""
    return (
        case.order.state is State.PAID
        and case.rows_beside(moves.from_row).isdisjoint(rows)
        and any(
            (each.id, each.inventory_id, each.status) == (moves.booking_id, moves.from_row, BookingStatus.CONFIRMED)
            for each in case.bookings
        )
    )


def moved_to(case: Case, moves: Moves, paid: Case) -> Outcome:
    """The booking at its new date and price, once the order of its surcharge is paid."""
    row = paid.lines[0].booked_as
    pairs = list(zip(case.lines_of(moves.from_row), paid.lines, strict=True))
    there = {old.inventory_id: more.inventory_id for old, more in pairs}
    new = iter([_with(old, more) for old, more in pairs])
    changed = replace(
        case,
        lines=tuple(next(new) if line.booked_as == moves.from_row else line for line in case.lines),
        bookings=tuple(
            replace(each, inventory_id=row, starts_at=None) if each.id == moves.booking_id else each
            for each in case.bookings
        ),
        claims={there.get(each, each): units for each, units in case.claims.items()},
        refunds=case.moved_refunds(moves.from_row, row),
    )
    told = Tell(Notice.STAFF_MOVED, f"{moves.booking_id}:{row}:{paid.order.id}", -paid.order.total, part_of(case, row))
    return Outcome(changed, (told,))


def _with(line: Line, more: Line) -> Line:
    return replace(line, inventory_id=more.inventory_id, stay=more.stay, unit=line.unit + more.unit)


def kept_of(case: Case) -> Money:
    """What of a surcharge is for its booking still: less what went back when that was moved on."""
    back = (refund.amount for refund in case.refunds if refund.reason is Reason.MOVED)
    return case.order.total - sum(back, start=case.order.total * 0)


def due_of(case: Case, percent: int) -> Money:
    """What goes back of a surcharge when the booking that it moved is cancelled."""
    return min(share(kept_of(case), percent), left_of_surcharge(case))


def with_surcharges(found: Due, surcharges: Iterable[Case]) -> Due:
    """What goes back in all."""
    amounts = (due_of(case, found.percent) for case in surcharges)
    return replace(found, amount=sum(amounts, start=found.amount))


def give_back(case: Case, amount: Money, reason: Reason, now: datetime) -> Outcome:
    """So much of a surcharge goes back: the booking that it has moved is cancelled, or moves on to a cheaper date."""
    intent = _payment(case).payment_intent
    if intent is None or amount.is_zero:
        return Outcome(case)
    row = Refund(None, intent, reason, RefundState.NEW, amount, None, now, case.lines[0].inventory_id)
    return Outcome(replace(case, refunds=(*case.refunds, row)))


def left_of_surcharge(case: Case) -> Money:
    return left_of(case, _payment(case))


def _payment(case: Case) -> Payment:
    return next(each for each in case.payments if each.role is Role.SURCHARGE)
