"""Bugs in what a payment makes of an order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain import settlement as deciding
from bot.domain.effects import Outcome
from bot.domain.facts import SessionFact
from bot.domain.orders import Case, Payment, Role, State
from bot.services import settlement
from tests.simulation.bugs.planting import Bug, swap


def _paid_anew(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    return _PAID(replace(case, payments=()) if case.order.state is State.PAID else case, fact, room, now)


_PAID = deciding._paid
_LATE = deciding._late
_SETTLE = deciding.settle_session


def _any_amount(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    asked = replace(fact, total=case.order.total, subtotal=None, discount=None)
    paid = _PAID(case, asked, room, now)
    return _as_captured(paid, fact)


def _any_currency(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    total = case.order.total if fact.total and fact.total.minor == case.order.total.minor else fact.total
    return _as_captured(_PAID(case, replace(fact, total=total), room, now), fact)


def _as_captured(outcome: Outcome, fact: SessionFact) -> Outcome:
    """The books keep what was really captured."""

    def kept(payment: Payment) -> Payment:
        mine = payment.id is None and payment.session_id == fact.session_id and fact.total is not None
        return replace(payment, amount=fact.total or payment.amount) if mine else payment

    return replace(outcome, case=replace(outcome.case, payments=tuple(map(kept, outcome.case.payments))))


def _any_mode(case: Case, fact: SessionFact, room: deciding.Room, *, live: bool, now: datetime) -> Outcome:
    return _SETTLE(case, replace(fact, livemode=live), room, live=live, now=now)


def _late_anyway(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    return _LATE(case, fact, dict.fromkeys(case.claims, 99) | {line.inventory_id: 99 for line in case.lines}, now)


def _surplus_kept(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    return Outcome(deciding._with_payment(case, fact, Role.SURPLUS, now))


MONEY: Mapping[str, Bug] = {
    "payment_without_dedupe": swap(deciding, "_paid", _paid_anew),
    "amount_unchecked": swap(deciding, "_paid", _any_amount),
    "currency_unchecked": swap(deciding, "_paid", _any_currency),
    "livemode_unchecked": swap(settlement, "settle_session", _any_mode),
    "late_payment_booked_without_room": swap(deciding, "_late", _late_anyway),
    "surplus_payment_kept": swap(deciding, "_surplus", _surplus_kept),
}
