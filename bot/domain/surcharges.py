"""An order for what a booking costs more at another date: paid, it moves the booking; unpaid, nothing has happened."""

from collections.abc import Iterable
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


def surcharge_lines(old: Iterable[Line], new: Iterable[Line]) -> tuple[Line, ...]:
    """What each fare costs more; raises CannotMove where one of them costs less."""
    before = {line.fare_id: line.unit for line in old}
    lines = tuple(replace(line, unit=line.unit - before[line.fare_id]) for line in new)
    if any(line.unit.minor < 0 for line in lines):
        raise CannotMove
    return lines


def stands(case: Case, moves: Moves, row: InventoryId) -> bool:
    """Whether the booking is still where it was when its surcharge was agreed on, and no other of its order there."""
    return (
        case.order.state is State.PAID
        and all(line.inventory_id != row for line in case.lines)
        and any(
            (each.id, each.inventory_id, each.status) == (moves.booking_id, moves.from_row, BookingStatus.CONFIRMED)
            for each in case.bookings
        )
    )


def moved_to(case: Case, moves: Moves, row: InventoryId) -> Outcome:
    """The booking at its new date, once the surcharge is paid; its prices stay those that it was paid with."""
    units = case.claims.get(moves.from_row, 0)
    claims = {each: taken for each, taken in case.claims.items() if each != moves.from_row}
    changed = replace(
        case,
        lines=tuple(
            replace(line, inventory_id=row) if line.inventory_id == moves.from_row else line for line in case.lines
        ),
        bookings=tuple(
            replace(each, inventory_id=row, starts_at=None) if each.id == moves.booking_id else each
            for each in case.bookings
        ),
        claims={**claims, row: units},
        refunds=case.moved_refunds(moves.from_row, row),
    )
    nothing = Money(0, case.order.total.currency)
    told = Tell(Notice.STAFF_MOVED, f"{moves.booking_id}:{row}", nothing, part_of(case, row))
    return Outcome(changed, (told,))


def due_of(case: Case, percent: int) -> Money:
    """What goes back of a surcharge when the booking that it moved is cancelled."""
    payment = _payment(case)
    return min(share(case.order.total, percent), left_of(case, payment)) if payment else case.order.total * 0


def with_surcharges(found: Due, surcharges: Iterable[Case]) -> Due:
    """What goes back in all."""
    amounts = (due_of(case, found.percent) for case in surcharges)
    return replace(found, amount=sum(amounts, start=found.amount))


def give_back(case: Case, percent: int, now: datetime) -> Outcome:
    """The booking that this surcharge has moved is cancelled."""
    payment, amount = _payment(case), due_of(case, percent)
    if payment is None or payment.payment_intent is None or amount.is_zero:
        return Outcome(case)
    row = Refund(
        None, payment.payment_intent, Reason.CANCELLED, RefundState.NEW, amount, None, now, case.lines[0].inventory_id
    )
    return Outcome(replace(case, refunds=(*case.refunds, row)))


def _payment(case: Case) -> Payment | None:
    return next((each for each in case.payments if each.role is Role.SURCHARGE), None)
