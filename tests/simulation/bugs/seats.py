"""Bugs in how seats are held and released."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from bot.domain import unpaid
from bot.domain.effects import Outcome
from bot.domain.ids import InventoryId
from bot.domain.orders import AttemptState, Case, Closing, State
from bot.domain.selection import Offer, Selection
from bot.services import deadlines
from bot.services.ordering import Ordering
from storage import inventory, orders, schema
from storage.database import Connection
from storage.schema import inventory as inventory_table
from tests.simulation.bugs.planting import Bug, swap, together


async def _change_anyway(connection: Connection, deltas: Mapping[InventoryId, int]) -> None:
    for row, units in sorted(deltas.items()):
        taken = inventory_table.c.taken + units
        await connection.execute(update(inventory_table).where(inventory_table.c.id == row).values(taken=taken))


_OFFER = Ordering._offer


async def _endless(self: Ordering, connection: Connection, selection: Selection) -> Offer:
    return replace(await _OFFER(self, connection, selection), left=99)


def _kept_claims(case: Case, end: State, now: datetime) -> Case:
    return replace(case, order=replace(case.order, state=end, closing=None, ended_at=now))


def _banks_are_slow(attempt: object) -> bool:
    return _RESOLVED(attempt) or attempt.state is AttemptState.COMPLETE  # type: ignore[arg-type,attr-defined]  # one


_RESOLVED = unpaid.resolved


async def _deadline_for_all(connection: Connection, now: datetime, limit: int) -> list[int]:
    late = select(schema.orders.c.id).where(
        schema.orders.c.state.in_((State.HELD, State.AWAITING_PAYMENT, State.PROCESSING)),
        schema.orders.c.hold_until <= now,
    )
    return list((await connection.execute(late.limit(limit))).scalars())


def _close_at_once(case: Case, why: Closing, now: datetime) -> Outcome:
    closing = Outcome(replace(case, order=replace(case.order, state=State.CLOSING, closing=why)))
    return closing.then(lambda changed: unpaid.end_if_resolved(changed, now))


SEATS: Mapping[str, Bug] = {
    "capacity_guard_off": together(swap(inventory, "change", _change_anyway), swap(Ordering, "_offer", _endless)),
    "released_before_expired": swap(unpaid, "resolved", lambda _: True),
    "claims_kept_on_release": swap(unpaid, "released", _kept_claims),
    "deadline_releases_processing": together(
        swap(unpaid, "resolved", _banks_are_slow),
        swap(orders, "past_deadline", _deadline_for_all),
        swap(deadlines, "close", _close_at_once),
    ),
}
