"""Bugs in what becomes of a booking that is moved to another date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import moving as deciding
from bot.domain import surcharges
from bot.domain.bookings import BookingView
from bot.domain.effects import Outcome
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, CustomerId, InventoryId, OrderId
from bot.domain.money import Money
from bot.domain.moving import Move
from bot.domain.orders import Case, Line, Moves
from bot.services import moving, settlement
from storage import bookings, moved_lines
from storage.database import Connection
from tests.simulation.bugs.planting import Bug, swap

_PLACED = deciding._placed


def _both_dates(case: Case, found: Move, old: InventoryId) -> Case:
    after = _PLACED(case, found, old)
    return replace(after, claims={**case.claims, **after.claims})


async def _anybodys(connection: Connection, customer: CustomerId, booking_id: BookingId) -> BookingView:
    view = await bookings.by_id(connection, booking_id)
    if view is None:
        raise Gone
    return view


def _still_there(case: Case, moves: Moves, rows: Iterable[InventoryId]) -> bool:
    return any(each.id == moves.booking_id for each in case.bookings)


def _nothing_moves(case: Case, moves: Moves, rows: Sequence[InventoryId]) -> Outcome:
    return Outcome(case)


def _more_than_confirmed(case: Case, found: Move, back: object, now: datetime) -> Case:
    return _WITH_REFUND(case, found, found.back * 2, now)


def _a_days_worth(case: Case, found: Move, back: Money, now: datetime) -> Case:
    return _WITH_REFUND(case, found, replace(back, minor=back.minor // len(found.lines)), now)


def _under_its_old_name(order: OrderId, old: Line, new: Line) -> dict[str, object]:
    return _VALUES(order, old, new) | {"stay": old.stay}


def _first_day_alone(case: Case, moves: Moves, rows: Sequence[InventoryId]) -> Outcome:
    after = _MOVED_TO(case, moves, rows).case
    return Outcome(replace(after, claims={**case.claims, rows[0]: after.claims[rows[0]]}))


_WITH_REFUND = deciding._with_refund
_VALUES = moved_lines._values
_MOVED_TO = surcharges.moved_to

MOVING: Mapping[str, Bug] = {
    "moved_and_both_dates_kept": swap(deciding, "_placed", _both_dates),
    "moved_by_anybody": swap(moving, "_own", _anybodys),
    "surcharge_moves_what_has_gone": swap(settlement, "stands", _still_there),
    "surcharge_paid_for_nothing": swap(settlement, "moved_to", _nothing_moves),
    "moved_for_twice_the_difference": swap(deciding, "_with_refund", _more_than_confirmed),
    "a_stay_moves_for_a_day_s_difference": swap(deciding, "_with_refund", _a_days_worth),
    "a_moved_stay_has_its_old_name": swap(moved_lines, "_values", _under_its_old_name),
    "surcharge_moves_the_first_day_alone": swap(settlement, "moved_to", _first_day_alone),
}
