"""What a fact about a checkout makes of an order: the one place where orders become paid."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.effects import Alert, Concern, Effect, Notice, Outcome, Tell
from bot.domain.facts import SessionFact, SessionStatus
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.orders import (
    UNPAID,
    Attempt,
    AttemptState,
    Booking,
    BookingStatus,
    Case,
    Closing,
    Moves,
    Payment,
    Reason,
    Refund,
    RefundState,
    Role,
    State,
    units_of,
)
from bot.domain.shares import split
from bot.domain.unpaid import begin_closing, end_unpaid, over, released, resolved

Room = Mapping[InventoryId, int]
"""Units that are free and on sale now, per inventory."""


def settle_session(case: Case, fact: SessionFact, room: Room, *, live: bool, now: datetime) -> Outcome:
    """What a session's fact makes of its order. The session must be one that we stored for this order."""
    if fact.livemode is not live:
        return Outcome(case, (Alert(Concern.WRONG_MODE, f"mode:{fact.session_id}", fact.total),))
    match fact.status:
        case SessionStatus.OPEN:
            return Outcome(case)
        case SessionStatus.EXPIRED:
            return _end_if_over(_marked(case, fact, AttemptState.EXPIRED), now)
        case SessionStatus.COMPLETE if fact.paid:
            return _paid(_marked(case, fact, AttemptState.COMPLETE), fact, room, now)
        case SessionStatus.COMPLETE if fact.bank_failed:
            return _end_if_over(_marked(case, fact, AttemptState.FAILED), now)
        case SessionStatus.COMPLETE:
            return _processing(_marked(case, fact, AttemptState.COMPLETE), fact)
        case _:
            assert_never(fact.status)


def _marked(case: Case, fact: SessionFact, state: AttemptState) -> Case:
    """The attempt moves forward only: what is complete or failed stays so."""
    attempts = tuple(
        replace(attempt, state=state) if attempt.session_id == fact.session_id and _forward(attempt, state) else attempt
        for attempt in case.attempts
    )
    return replace(case, attempts=attempts)


def _forward(attempt: Attempt, state: AttemptState) -> bool:
    rank = (AttemptState.NEW, AttemptState.LOST, AttemptState.OPEN, AttemptState.EXPIRED, AttemptState.COMPLETE)
    reached = len(rank) if attempt.state not in rank else rank.index(attempt.state)
    return state is AttemptState.FAILED or rank.index(state) > reached


def _end_if_over(case: Case, now: datetime) -> Outcome:
    """One checkout can be paid no more; the order ends unless another one can."""
    return end_unpaid(case, now) if over(case) else Outcome(case)


def _processing(case: Case, fact: SessionFact) -> Outcome:
    attempt = case.attempt_of(fact.session_id)
    if case.order.state not in UNPAID - {State.PROCESSING} or attempt is None or resolved(attempt):
        return Outcome(case)
    order = replace(case.order, state=State.PROCESSING, closing=None)
    return Outcome(replace(case, order=order), (Tell(Notice.CARD, "processing"), Tell(Notice.PROCESSING)))


def _paid(case: Case, fact: SessionFact, room: Room, now: datetime) -> Outcome:
    if any(payment.session_id == fact.session_id for payment in case.payments):
        return Outcome(case)
    if fact.mode != "payment" or not _agreed(case, fact):
        return _mismatch(case, fact, now)
    if case.order.moves is not None:
        return _surcharge(case, case.order.moves, fact, now)
    match case.order.state:
        case State.HELD | State.AWAITING_PAYMENT | State.PROCESSING | State.CLOSING:
            return _book(case, fact, now).then(lambda booked: Outcome(booked, _sold(booked, Notice.BOOKED)))
        case State.EXPIRED | State.CANCELLED | State.FAILED:
            return _late(case, fact, room, now)
        case State.PAID | State.REFUNDED:
            return _surplus(case, fact, now)
        case _:
            assert_never(case.order.state)


def _agreed(case: Case, fact: SessionFact) -> bool:
    """Whether what was paid is the price, less at most what a promotion code took off where codes were allowed."""
    price, attempt = case.order.total, case.attempt_of(fact.session_id)
    if fact.total is None or fact.subtotal not in {None, price}:
        return False
    if fact.discount is None or fact.discount.is_zero:
        return fact.total == price
    allowed = attempt is not None and attempt.codes
    zero = Money(0, price.currency)
    return allowed and fact.discount > zero and fact.total >= zero and fact.total == price - fact.discount


def _surcharge(case: Case, moves: Moves, fact: SessionFact, now: datetime) -> Outcome:
    """Paid in time, it moves a booking, whose own order is settled beside this one; else all of it goes back."""
    if case.order.state in {State.PAID, State.REFUNDED}:
        return _surplus(case, fact, now)
    if case.order.state not in UNPAID or not moves.stands:
        return _sent_back(released(case, State.EXPIRED, now), fact, now)
    order = replace(case.order, state=State.PAID, closing=None, paid_at=now)
    paid = replace(_with_payment(case, fact, Role.SURCHARGE, now), order=order, claims={})
    return Outcome(paid, (Tell(Notice.CARD, "paid"),))


def _sold(case: Case, notice: Notice) -> tuple[Effect, ...]:
    """Each booking comes as a message of its own, so that one which fails is not repeated with all others."""
    rows = [booking.inventory_id for booking in case.bookings]
    told = [Tell(notice, f"part{row}", part=row) for row in rows] if len(rows) > 1 else [Tell(notice)]
    return (Tell(Notice.CARD, "paid"), *told, Tell(Notice.STAFF_SALE))


def _book(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    """Turn the hold, which the order has, into bookings."""
    order = replace(
        case.order,
        state=State.PAID,
        closing=None,
        paid_at=now,
        ended_at=None,
        contact_name=fact.name,
        contact_phone=fact.phone,
        contact_email=fact.email,
    )
    paid = replace(_with_payment(case, fact, Role.BOOKED, now), order=order)
    return Outcome(replace(paid, bookings=_bookings(paid)))


def _bookings(case: Case) -> tuple[Booking, ...]:
    """One for each thing that the order has, with its part of what was paid."""
    resources = {line.booked_as: line.resource_id for line in case.lines if line.inventory_id in case.claims}
    rows = sorted(resources)
    parts = split(case.paid, [sum(line.amount.minor for line in case.lines_of(row)) for row in rows])
    paid = dict(zip(rows, parts, strict=True))
    return tuple(Booking(None, of, row, BookingStatus.CONFIRMED, paid[row]) for row, of in resources.items())


def _late(case: Case, fact: SessionFact, room: Room, now: datetime) -> Outcome:
    """Paid after the release: booked if that can still be bought, else everything goes back."""
    wanted = units_of(case.lines)
    if all(room.get(inventory_id, 0) >= units for inventory_id, units in wanted.items()):
        booked = _book(replace(case, claims=wanted), fact, now)
        return Outcome(booked.case, _sold(booked.case, Notice.BOOKED_LATE))
    if fact.total is not None and fact.total.is_zero:
        # A promotion code took all of it off: nothing was charged, so nothing goes back.
        return Outcome(_with_payment(case, fact, Role.LATE, now), (Tell(Notice.RELEASED, "late"),))
    return _sent_back(case, fact, now)


def _sent_back(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    """What has come too late to be of use goes back at once, all of it."""
    order = replace(case.order, state=State.REFUNDED, closing=None)
    paid = _with_payment(replace(case, order=order), fact, Role.LATE, now)
    given = _give_back(paid, fact, Reason.LATE, now)
    return Outcome(given.case, (Tell(Notice.CARD, "refunded"), *given.effects))


def _surplus(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    return _give_back(_with_payment(case, fact, Role.SURPLUS, now), fact, Reason.SURPLUS, now)


def _mismatch(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    """Money of the wrong amount, currency or mode: nothing is booked, a human decides."""
    alert = Alert(
        Concern.AMOUNT_MISMATCH, f"mismatch:{fact.session_id}", fact.total, detail=f"expected {case.order.total}"
    )
    kept = case if fact.total is None else _with_payment(case, fact, Role.MISMATCH, now)
    if case.order.state not in UNPAID:
        return Outcome(kept, (alert,))
    if fact.total is not None and not over(kept):
        return Outcome(kept, (alert,)).then(lambda changed: begin_closing(changed, Closing.REFUSED))
    return Outcome(released(kept, State.FAILED, now), (alert, Tell(Notice.CARD, State.FAILED)))


def _with_payment(case: Case, fact: SessionFact, role: Role, now: datetime) -> Case:
    amount = fact.total or case.order.total
    payment = Payment(None, fact.session_id, fact.payment_intent, role, amount, fact.at or now)
    return replace(case, payments=(*case.payments, payment))


def _give_back(case: Case, fact: SessionFact, reason: Reason, now: datetime) -> Outcome:
    """All of a payment goes back; one that Stripe gives no handle on is for a human."""
    amount = fact.total or case.order.total
    if amount.is_zero:
        return Outcome(case)
    if fact.payment_intent is None:
        return Outcome(case, (Alert(Concern.UNMATCHED_PAYMENT, f"unmatched:{fact.session_id}", amount, reason),))
    refund = Refund(None, fact.payment_intent, reason, RefundState.NEW, amount, None, now)
    return Outcome(replace(case, refunds=(*case.refunds, refund)))
