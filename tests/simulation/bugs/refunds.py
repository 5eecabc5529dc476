"""Bugs in what is written down of money that went back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from bot.domain import refunds
from bot.domain import settlement as deciding
from bot.domain.effects import Outcome
from bot.domain.facts import RefundFact, SessionFact
from bot.domain.money import Money
from bot.domain.orders import Case, Reason, Refund, RefundState
from bot.services.settlement import Batch, Settlement, WaitsFor
from storage import sales, saving
from storage.database import Connection
from storage.inbox import InboxState
from storage.schema import payment
from tests.simulation.bugs.planting import Bug, swap


async def _refund_ignored(self: Settlement, connection: Connection, batch: Batch, fact: RefundFact) -> object:
    return InboxState.SETTLED if batch.by_payment.get(fact.payment_intent) else WaitsFor(fact.payment_intent)


def _never_the_same(refund: Refund, fact: RefundFact) -> bool:
    return refund.id is not None and refund.id == fact.ours


def _half_back(case: Case, fact: SessionFact, reason: Reason, now: datetime) -> Outcome:
    less = replace(fact, total=Money((fact.total or case.order.total).minor // 2, case.order.total.currency))
    return _GIVE_BACK(case, less, reason, now)


def _given_back_twice(case: Case, fact: SessionFact, reason: Reason, now: datetime) -> Outcome:
    return _GIVE_BACK(case, fact, reason, now).then(lambda once: _GIVE_BACK(once, fact, reason, now))


async def _claimed_without_cap(connection: Connection, refunds: Iterable[Refund], ids: Mapping[str, int]) -> None:
    for intent, row in ids.items():
        given = sum(each.amount.minor for each in refunds if each.payment_intent == intent and _stands(each))
        await connection.execute(update(payment).where(payment.c.id == row).values(refund_claimed=given))


def _stands(refund: Refund) -> bool:
    return refund.state is not RefundState.FAILED


_GIVE_BACK = deciding._give_back
_SALES = sales.add


async def _counted_twice(connection: Connection, deltas: object) -> None:
    rows = list(deltas)  # type: ignore[call-overload]  # as many as there are
    await _SALES(connection, rows)
    await _SALES(connection, [row for row in rows if row.refunded])


REFUNDS: Mapping[str, Bug] = {
    "half_given_back": swap(deciding, "_give_back", _half_back),
    "refund_asked_for_twice": swap(deciding, "_give_back", _given_back_twice),
    "refund_without_cap": swap(saving, "_claimed", _claimed_without_cap),
    "dashboard_refund_ignored": swap(Settlement, "_refund", _refund_ignored),
    "refund_known_by_nothing": swap(refunds, "_same", _never_the_same),
    "rollup_counts_refunds_twice": swap(sales, "add", _counted_twice),
}
