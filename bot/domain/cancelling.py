"""What becomes of an order when its customer cancels a booking, and how much goes back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.effects import Notice, Outcome, Tell, part_of
from bot.domain.errors import CannotCancel, RefundChanged
from bot.domain.ids import BookingId
from bot.domain.money import Money
from bot.domain.orders import (
    Booking,
    BookingStatus,
    Case,
    Line,
    Payment,
    Reason,
    Refund,
    RefundState,
    Role,
    State,
)
from bot.domain.refund_rules import Clockwork, RefundStep, Rules, holding, share
from bot.domain.shares import kept


class Obstacle(StrEnum):
    """Why a booking cannot be cancelled by a tap."""

    CANCELLED = "cancelled"  # it is already
    BEGUN = "begun"
    NOT_RETURNED = "not_returned"  # an item whose rule, if it has one, is over
    BY_HAND = "by_hand"  # Stripe gives no handle on the payment


@dataclass(frozen=True)
class Due:
    """What goes back. `passed` is the step that was missed last; `capped`: no more is left of the payment."""

    amount: Money
    percent: int
    passed: RefundStep | None
    capped: bool


def obstacle(status: BookingStatus, rules: Rules, clockwork: Clockwork, now: datetime) -> Obstacle | None:
    """Why a booking cannot be cancelled now; None: it can, though perhaps nothing goes back."""
    if status is BookingStatus.CANCELLED:
        return Obstacle.CANCELLED
    if clockwork.begun(now):
        return Obstacle.BEGUN
    if clockwork.starts_at is None and holding(rules, clockwork, now) is None:
        return Obstacle.NOT_RETURNED
    return None


def due(case: Case, booking_id: BookingId, now: datetime) -> Due:
    """What goes back if this booking is cancelled now; raises CannotCancel."""
    booking = _booking(case, booking_id)
    lines = _lines(case, booking)
    rules, clockwork = lines[0].rules, Clockwork(booking.starts_at, case.order.paid_at or case.order.placed_at)
    found = obstacle(_status(case, booking), rules, clockwork, now)
    if found is not None:
        raise CannotCancel(found)
    price = kept(case, booking)
    held = holding(rules, clockwork, now)
    percent = held.percent if held else 0
    wanted, left = share(price, percent), left_of(case, booked_payment(case))
    amount = min(wanted, left)
    return Due(amount, percent, _passed(rules, held), capped=amount < wanted)


def cancel(case: Case, booking_id: BookingId, confirmed: int, now: datetime, on_top: Money | None = None) -> Outcome:
    """Cancel a booking and give back exactly what was confirmed (minor units).

    `on_top`: what goes back of surcharges besides, for whoever is told of the sum.

    Raises CannotCancel, or RefundChanged where that is not the amount any more; then nothing happens.
    """
    amount = _confirmed(due(case, booking_id, now), confirmed)
    booking = _booking(case, booking_id)
    changed = _with_refund(_released(case, booking), booking, amount, now)
    back = amount if on_top is None else amount + on_top
    told = Tell(Notice.STAFF_CANCELLED, str(booking_id), back, part_of(case, booking.inventory_id))
    over = all(each.status is BookingStatus.CANCELLED for each in changed.bookings)
    if over and not case.paid.is_zero and case.order.refunded >= case.paid:
        # Staff had given back the rest before: no refund follows that would end the order.
        changed = replace(changed, order=replace(changed.order, state=State.REFUNDED))
    return Outcome(changed, (Tell(Notice.CARD, "undone"), told) if over else (told,))


def _confirmed(found: Due, confirmed: int) -> Money:
    if found.amount.minor != confirmed:
        raise RefundChanged(confirmed, found.amount.minor)
    return found.amount


def _booking(case: Case, booking_id: BookingId) -> Booking:
    return next(booking for booking in case.bookings if booking.id == booking_id)


def _status(case: Case, booking: Booking) -> BookingStatus:
    """A booking stands only in an order that is paid."""
    return booking.status if case.order.state is State.PAID else BookingStatus.CANCELLED


def _lines(case: Case, booking: Booking) -> tuple[Line, ...]:
    return tuple(line for line in case.lines if line.booked_as == booking.inventory_id)


def booked_payment(case: Case) -> Payment:
    """The payment that the order was booked for; raises CannotCancel if it is beyond our reach."""
    found = next((payment for payment in case.payments if payment.role is Role.BOOKED), None)
    if found is None or (found.payment_intent is None and not found.amount.is_zero):
        raise CannotCancel(Obstacle.BY_HAND)
    return found


def left_of(case: Case, payment: Payment) -> Money:
    """What of a payment neither went back nor is about to."""
    zero = Money(0, payment.amount.currency)
    mine = (row for row in case.refunds if payment.payment_intent == row.payment_intent)
    given = sum((row.amount for row in mine if row.state is not RefundState.FAILED), start=zero)
    return max(payment.amount - given, zero)


def _passed(rules: Rules, held: RefundStep | None) -> RefundStep | None:
    missed = rules if held is None else rules[: rules.index(held)]
    return missed[-1] if missed else None


def _released(case: Case, booking: Booking) -> Case:
    """The booking stands no more, and its seats are free."""
    bookings = tuple(
        replace(each, status=BookingStatus.CANCELLED) if each.id == booking.id else each for each in case.bookings
    )
    freed = {line.inventory_id for line in _lines(case, booking)}
    claims = {row: units for row, units in case.claims.items() if row not in freed}
    return replace(case, bookings=bookings, claims=claims)


def _with_refund(case: Case, booking: Booking, amount: Money, now: datetime) -> Case:
    intent = booked_payment(case).payment_intent
    if amount.is_zero or intent is None:
        return case
    row = Refund(None, intent, Reason.CANCELLED, RefundState.NEW, amount, None, now, booking.inventory_id)
    return replace(case, refunds=(*case.refunds, row))
