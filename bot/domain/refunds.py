"""What a fact about a refund makes of the order whose payment it gives back."""

from dataclasses import replace
from typing import assert_never

from bot.domain.effects import Alert, Concern, Effect, Notice, Outcome, Tell, part_of
from bot.domain.facts import RefundFact
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, Case, Reason, Refund, RefundState, Role, State


def settle_refund(case: Case, fact: RefundFact) -> Outcome:
    """What a refund's fact makes of the order whose payment it gives back."""
    known = next((refund for refund in case.refunds if _same(refund, fact)), None)
    if known is not None and not moves_on(known.state, fact.state):
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


def _same(refund: Refund, fact: RefundFact) -> bool:
    if refund.stripe_id is not None:
        return refund.stripe_id == fact.refund_id
    return refund.id is not None and refund.id == fact.ours


def moves_on(before: RefundState, after: RefundState) -> bool:
    """Whether news of a refund are news: its state only moves forward, whatever comes late or twice."""
    rank = (RefundState.NEW, RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED)
    return rank.index(after) > rank.index(before)


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
            told = (Tell(Notice.REFUNDED_PART, str(refund.stripe_id), refund.amount, part), _staff_refund(refund))
            return _if_all_is_back(_with_refunded(case), told)
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
    """The bookings are cancelled already."""
    return _if_all_is_back(case, _arrived(case, refund))


def _if_all_is_back(case: Case, told: tuple[Effect, ...]) -> Outcome:
    """The order is refunded once no booking stands and all of its money went back."""
    stands = any(booking.status is BookingStatus.CONFIRMED for booking in case.bookings)
    if case.order.state is not State.PAID or stands or case.order.refunded < case.paid:
        return Outcome(case, told)
    return Outcome(_undone(case), (Tell(Notice.CARD, "refunded"), *told))


def _staff_refund(refund: Refund) -> Tell:
    return Tell(Notice.STAFF_REFUND, str(refund.stripe_id), refund.amount)


def _dashboard_refund(case: Case, refund: Refund) -> Outcome:
    key = f"refund:{refund.stripe_id}"
    payment = case.payment_of(refund.payment_intent)
    if payment is not None and payment.role is Role.SURCHARGE:
        told = Tell(Notice.REFUNDED_PART, str(refund.stripe_id), refund.amount)
        return Outcome(case, (told, _staff_refund(refund), Alert(Concern.DASHBOARD_REFUND, key, refund.amount)))
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
