"""What a fact from Stripe makes of an order: the one place where orders become paid, released or refunded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.domain.facts import RefundFact, SessionFact, SessionStatus
from bot.domain.ids import AttemptId, InventoryId, SessionId
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
    Order,
    Payment,
    Reason,
    Refund,
    RefundState,
    Role,
    State,
    units_of,
)


class Concern(StrEnum):
    """What a human must look at."""

    AMOUNT_MISMATCH = "amount_mismatch"
    UNMATCHED_PAYMENT = "unmatched_payment"
    WRONG_MODE = "wrong_mode"
    DASHBOARD_REFUND = "dashboard_refund"
    FAILED_REFUND = "failed_refund"
    DISPUTE = "dispute"
    DEAD_MESSAGE = "dead_message"
    BAD_EVENT = "bad_event"
    REFUSED_CHECKOUT = "refused_checkout"
    TWO_POLLERS = "two_pollers"


class Notice(StrEnum):
    """What is told, and of what; the texts are chosen when it is sent."""

    CARD = "card"  # the order's own message takes the look of its present state
    SLOW = "slow"  # the same, if there is still no link
    BOOKED = "booked"
    BOOKED_LATE = "booked_late"
    PROCESSING = "processing"
    RELEASED = "released"
    BANK_FAILED = "bank_failed"
    REFUNDED = "refunded"
    REFUNDED_PART = "refunded_part"
    REFUNDED_LATE = "refunded_late"
    REFUNDED_SURPLUS = "refunded_surplus"
    REFUND_FAILED = "refund_failed"
    STAFF_SALE = "staff_sale"
    STAFF_REFUND = "staff_refund"
    STAFF_CANCELLED = "staff_cancelled"
    STAFF_MOVED = "staff_moved"


@dataclass(frozen=True)
class Tell:
    """One message to send. `about` tells it from others of its kind: an order has one message of each.

    `part` is what it is about of an order of several things; None: all of it.
    """

    notice: Notice
    about: str = ""
    amount: Money | None = None
    part: InventoryId | None = None


@dataclass(frozen=True)
class Alert:
    """One item for the attention list; an item with a known key is opened only once."""

    concern: Concern
    key: str
    amount: Money | None = None
    detail: str = ""


Effect = Tell | Alert


@dataclass(frozen=True)
class Outcome:
    case: Case
    effects: tuple[Effect, ...] = ()

    def then(self, step: Callable[[Case], "Outcome"]) -> "Outcome":
        following = step(self.case)
        return Outcome(following.case, self.effects + following.effects)


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


def settle_refund(case: Case, fact: RefundFact) -> Outcome:
    """What a refund's fact makes of the order whose payment it gives back."""
    known = next((refund for refund in case.refunds if _same(refund, fact)), None)
    if known is not None and not _moves(known, fact.state):
        return Outcome(case)
    before = known or _from_dashboard(fact)
    if fact.state is RefundState.FAILED and not before.accepted and before.reason is Reason.DASHBOARD:
        # The failure overtook the news of the refund: what that would have done comes first.
        accepted = settle_refund(case, replace(fact, state=RefundState.PENDING))
        return accepted.then(lambda changed: settle_refund(changed, fact))
    after = replace(before, state=fact.state, stripe_id=fact.refund_id or None)
    refunds = tuple(refund for refund in case.refunds if refund is not known)
    changed = replace(case, refunds=(*refunds, after))
    if fact.state is RefundState.FAILED:
        return _refund_failed(changed, before, after)
    if before.accepted and known is not None:
        return Outcome(changed, _arrived(changed, after))
    return _refund_accepted(changed, after)


def begin_closing(case: Case, why: Closing) -> Outcome:
    """Start to close an unpaid order; its seats stay until Stripe can no longer take money for it."""
    if case.order.state not in {State.HELD, State.AWAITING_PAYMENT}:
        return Outcome(case)
    order = replace(case.order, state=State.CLOSING, closing=why)
    return Outcome(replace(case, order=order), (Tell(Notice.CARD, "closing"),))


def close(case: Case, why: Closing, now: datetime) -> Outcome:
    """Begin to close an order, and end it at once if Stripe can take no money for it as it is."""
    closing = begin_closing(case, why)
    return closing.then(lambda changed: end_if_resolved(changed, now))


def end_if_resolved(case: Case, now: datetime) -> Outcome:
    """Release a closing order once none of its checkouts can be paid."""
    if case.order.state is State.CLOSING and _over(case):
        return end_unpaid(case, now)
    return Outcome(case)


def checkout_refused(case: Case, attempt_id: AttemptId, now: datetime) -> Outcome:
    """Stripe will not make this checkout: there is no session, and nothing that could be paid."""
    changed = with_attempt(case, attempt_id, AttemptState.REFUSED)
    if changed.order.state is State.HELD and changed.current.id == attempt_id:
        return close(changed, Closing.REFUSED, now)
    return end_if_resolved(changed, now)


def checkout_unmade(case: Case, attempt_id: AttemptId, now: datetime) -> Outcome:
    """Stripe came too late to this attempt and refused it: no session was made, another attempt may follow."""
    return end_if_resolved(with_attempt(case, attempt_id, AttemptState.REFUSED), now)


def checkout_lost(case: Case, attempt_id: AttemptId, now: datetime) -> Outcome:
    """Stripe failed, and no session can be found: this attempt is given up, and watched."""
    return end_if_resolved(with_attempt(case, attempt_id, AttemptState.LOST), now)


def session_surfaced(case: Case, attempt_id: AttemptId, session_id: SessionId) -> Outcome:
    """The session of a lost attempt has come to light; what it says is settled like that of any other."""
    attempts = tuple(
        replace(attempt, session_id=session_id, state=AttemptState.OPEN) if attempt.id == attempt_id else attempt
        for attempt in case.attempts
    )
    return Outcome(replace(case, attempts=attempts))


def with_attempt(case: Case, attempt_id: AttemptId, state: AttemptState) -> Case:
    attempts = tuple(
        replace(attempt, state=state) if attempt.id == attempt_id else attempt for attempt in case.attempts
    )
    return replace(case, attempts=attempts)


def end_unpaid(case: Case, now: datetime) -> Outcome:
    """Release seats whose checkout can no longer be paid."""
    if case.order.state not in UNPAID:
        return Outcome(case)
    failed = any(attempt.state is AttemptState.FAILED for attempt in case.attempts)
    wrong = any(payment.role is Role.MISMATCH for payment in case.payments)
    end = State.FAILED if failed or wrong else case.order.closing.end if case.order.closing else State.EXPIRED
    told = (Tell(Notice.BANK_FAILED),) if failed else (Tell(Notice.RELEASED),) if end is State.EXPIRED else ()
    return Outcome(_released(case, end, now), (Tell(Notice.CARD, end), *told))


def link_ready(case: Case, attempt_id: AttemptId) -> Outcome:
    """Stripe has made the session of an attempt: if it is the current one, the customer can pay."""
    if case.order.state is not State.HELD or case.current.id != attempt_id:
        return Outcome(case)
    order = replace(case.order, state=State.AWAITING_PAYMENT)
    return Outcome(replace(case, order=order), (Tell(Notice.CARD, f"link{case.current.number}"),))


def resolved(attempt: Attempt) -> bool:
    """Whether Stripe can no longer take money for this attempt as far as can be known."""
    return attempt.state in {
        AttemptState.EXPIRED,
        AttemptState.FAILED,
        AttemptState.REFUSED,
        AttemptState.LOST,
    }


def _over(case: Case) -> bool:
    """Whether no checkout of this order can be paid any more, those aside that were paid wrongly."""
    wrong = {payment.session_id for payment in case.payments if payment.role is Role.MISMATCH}
    return all(resolved(attempt) or attempt.session_id in wrong for attempt in case.attempts)


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
    return end_unpaid(case, now) if _over(case) else Outcome(case)


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
        return _sent_back(_released(case, State.EXPIRED, now), fact, now)
    order = replace(case.order, state=State.PAID, closing=None, paid_at=now)
    paid = replace(_with_payment(case, fact, Role.SURCHARGE, now), order=order, claims={})
    return Outcome(paid, (Tell(Notice.CARD, "paid"),))


def _sold(case: Case, notice: Notice) -> tuple[Effect, ...]:
    """Each booking comes as a message of its own, so that one which fails is not repeated with all others."""
    rows = [booking.inventory_id for booking in case.bookings]
    told = [Tell(notice, f"part{row}", part=row) for row in rows] if len(rows) > 1 else [Tell(notice)]
    return (Tell(Notice.CARD, "paid"), *told, Tell(Notice.STAFF_SALE))


def part_of(case: Case, inventory_id: InventoryId | None) -> InventoryId | None:
    """What a message is about, where the order has several things that it could be about."""
    return inventory_id if len(case.bookings) > 1 else None


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
    resources = {line.booked_as: line.resource_id for line in case.lines if line.inventory_id in case.claims}
    bookings = tuple(
        Booking(None, resource_id, inventory_id, BookingStatus.CONFIRMED)
        for inventory_id, resource_id in resources.items()
    )
    return Outcome(replace(_with_payment(case, fact, Role.BOOKED, now), order=order, bookings=bookings))


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
    if fact.total is not None and not _over(kept):
        return Outcome(kept, (alert,)).then(lambda changed: begin_closing(changed, Closing.REFUSED))
    return Outcome(_released(kept, State.FAILED, now), (alert, Tell(Notice.CARD, State.FAILED)))


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


def _released(case: Case, end: State, now: datetime) -> Case:
    order: Order = replace(case.order, state=end, closing=None, ended_at=now)
    return replace(case, order=order, claims={})


def _same(refund: Refund, fact: RefundFact) -> bool:
    if refund.stripe_id is not None:
        return refund.stripe_id == fact.refund_id
    return refund.id is not None and refund.id == fact.ours


def _moves(refund: Refund, state: RefundState) -> bool:
    rank = (RefundState.NEW, RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED)
    return rank.index(state) > rank.index(refund.state)


def _from_dashboard(fact: RefundFact) -> Refund:
    return Refund(None, fact.payment_intent, Reason.DASHBOARD, RefundState.NEW, fact.amount, fact.refund_id, fact.at)


def _refund_accepted(case: Case, refund: Refund) -> Outcome:
    match refund.reason:
        case Reason.LATE:
            told: tuple[Effect, ...] = (Tell(Notice.REFUNDED_LATE, amount=refund.amount),)
        case Reason.SURPLUS:
            told = (Tell(Notice.REFUNDED_SURPLUS, str(refund.stripe_id), refund.amount),)
        case Reason.DASHBOARD:
            return _dashboard_refund(_with_refunded(case), refund)
        case Reason.CANCELLED:
            return _cancellation_refunded(_with_refunded(case), refund)
        case Reason.MOVED:
            part = part_of(case, refund.inventory_id)
            told = (Tell(Notice.REFUNDED_PART, str(refund.stripe_id), refund.amount, part),)
        case _:
            assert_never(refund.reason)
    return Outcome(_with_refunded(case), (*told, _staff_refund(refund)))


def _arrived(case: Case, refund: Refund) -> tuple[Effect, ...]:
    """Who has cancelled was told that the money is on its way, and hears once more when Stripe has sent it."""
    if refund.reason is not Reason.CANCELLED or refund.state is not RefundState.SUCCEEDED:
        return ()
    part = part_of(case, refund.inventory_id)
    return (Tell(Notice.REFUNDED, str(refund.stripe_id), refund.amount, part),)


def _cancellation_refunded(case: Case, refund: Refund) -> Outcome:
    """The bookings are cancelled already; the order is refunded once none stands and all of its money went back."""
    stands = any(booking.status is BookingStatus.CONFIRMED for booking in case.bookings)
    if case.order.state is not State.PAID or stands or case.order.refunded < case.paid:
        return Outcome(case, _arrived(case, refund))
    return Outcome(_undone(case), (Tell(Notice.CARD, "refunded"), *_arrived(case, refund)))


def _staff_refund(refund: Refund) -> Tell:
    return Tell(Notice.STAFF_REFUND, str(refund.stripe_id), refund.amount)


def _dashboard_refund(case: Case, refund: Refund) -> Outcome:
    key = f"refund:{refund.stripe_id}"
    payment = case.payment_of(refund.payment_intent)
    if payment is None or payment.role is not Role.BOOKED or case.order.state is not State.PAID:
        return Outcome(case, (_staff_refund(refund),))
    if case.order.refunded < case.paid:
        alert = Alert(Concern.DASHBOARD_REFUND, key, refund.amount)
        return Outcome(case, (Tell(Notice.REFUNDED_PART, str(refund.stripe_id), refund.amount), alert))
    return Outcome(
        _undone(case),
        (
            Tell(Notice.CARD, "refunded"),
            Tell(Notice.REFUNDED, amount=refund.amount),
            _staff_refund(refund),
            Alert(Concern.DASHBOARD_REFUND, key, refund.amount),
        ),
    )


def _undone(case: Case) -> Case:
    """All of the money went back: no booking stands, the seats are free."""
    bookings = tuple(replace(booking, status=BookingStatus.CANCELLED) for booking in case.bookings)
    return replace(case, order=replace(case.order, state=State.REFUNDED), bookings=bookings, claims={})


def _refund_failed(case: Case, before: Refund, after: Refund) -> Outcome:
    """The money did not reach the customer. What had been cancelled for it stays so until a human decides."""
    alert = Alert(Concern.FAILED_REFUND, f"refund_failed:{after.stripe_id or after.id}", after.amount, before.reason)
    told = Tell(Notice.REFUND_FAILED, str(after.id), after.amount, part_of(case, after.inventory_id))
    owed = (told,) if after.reason is Reason.CANCELLED else ()
    return Outcome(_with_refunded(case), (alert, *owed))


def _with_refunded(case: Case) -> Case:
    """The order's refunded sum counts what went back of the payment that it was booked for."""
    booked = {payment.payment_intent for payment in case.payments if payment.role in {Role.BOOKED, Role.SURCHARGE}}
    zero = Money(0, case.order.total.currency)
    given = sum(
        (refund.amount for refund in case.refunds if refund.accepted and refund.payment_intent in booked), start=zero
    )
    return replace(case, order=replace(case.order, refunded=given))
