"""The life of an unpaid order: its link is ready, its checkouts end, and its seats become free."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.effects import Notice, Outcome, Tell
from bot.domain.ids import AttemptId, SessionId
from bot.domain.orders import UNPAID, Attempt, AttemptState, Case, Closing, Order, Role, State


def link_ready(case: Case, attempt_id: AttemptId) -> Outcome:
    """Stripe has made the session of an attempt: if it is the current one, the customer can pay."""
    if case.order.state is not State.HELD or case.current.id != attempt_id:
        return Outcome(case)
    order = replace(case.order, state=State.AWAITING_PAYMENT)
    return Outcome(replace(case, order=order), (Tell(Notice.CARD, f"link{case.current.number}"),))


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
    if case.order.state is State.CLOSING and over(case):
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
    found = partial(replace, session_id=session_id, state=AttemptState.OPEN)
    return Outcome(_with(case, attempt_id, found))


def with_attempt(case: Case, attempt_id: AttemptId, state: AttemptState) -> Case:
    return _with(case, attempt_id, partial(replace, state=state))


def _with(case: Case, attempt_id: AttemptId, change: Callable[[Attempt], Attempt]) -> Case:
    attempts = tuple(change(attempt) if attempt.id == attempt_id else attempt for attempt in case.attempts)
    return replace(case, attempts=attempts)


def end_unpaid(case: Case, now: datetime) -> Outcome:
    """Release seats whose checkout can no longer be paid."""
    if case.order.state not in UNPAID:
        return Outcome(case)
    failed = any(attempt.state is AttemptState.FAILED for attempt in case.attempts)
    wrong = any(payment.role is Role.MISMATCH for payment in case.payments)
    end = State.FAILED if failed or wrong else case.order.closing.end if case.order.closing else State.EXPIRED
    told = (Tell(Notice.BANK_FAILED),) if failed else (Tell(Notice.RELEASED),) if end is State.EXPIRED else ()
    return Outcome(released(case, end, now), (Tell(Notice.CARD, end), *told))


def resolved(attempt: Attempt) -> bool:
    """Whether Stripe can no longer take money for this attempt as far as can be known."""
    return attempt.state in {
        AttemptState.EXPIRED,
        AttemptState.FAILED,
        AttemptState.REFUSED,
        AttemptState.LOST,
    }


def over(case: Case) -> bool:
    """Whether no checkout of this order can be paid any more, those aside that were paid wrongly."""
    wrong = {payment.session_id for payment in case.payments if payment.role is Role.MISMATCH}
    return all(resolved(attempt) or attempt.session_id in wrong for attempt in case.attempts)


def released(case: Case, end: State, now: datetime) -> Case:
    order: Order = replace(case.order, state=end, closing=None, ended_at=now)
    return replace(case, order=order, claims={})
