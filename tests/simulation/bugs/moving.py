"""Bugs in what becomes of a booking that is moved to another date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import differences, surcharges
from bot.domain import moving as deciding
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


def _nothing_moves(case: Case, moves: Moves, paid: Case) -> Outcome:
    return Outcome(case)


def _more_than_confirmed(case: Case, found: Move, back: Money, now: datetime) -> Case:
    return _WITH_REFUND(case, found, back * 2, now)


def _a_days_worth(case: Case, found: Move, back: Money, now: datetime) -> Case:
    return _WITH_REFUND(case, found, replace(back, minor=back.minor // len(found.lines)), now)


def _under_its_old_name(order: OrderId, old: Line, new: Line) -> dict[str, object]:
    return _VALUES(order, old, new) | {"stay": old.stay}


def _first_day_alone(case: Case, moves: Moves, paid: Case) -> Outcome:
    after, first = _MOVED_TO(case, moves, paid).case, paid.lines[0].inventory_id
    return Outcome(replace(after, claims={**case.claims, first: after.claims[first]}))


def _at_the_old_price(case: Case, moves: Moves, paid: Case) -> Outcome:
    """Whoever moves on would pay the difference once more, or would get back too little."""
    free = tuple(replace(line, unit=line.unit * 0) for line in paid.lines)
    return _MOVED_TO(case, moves, replace(paid, lines=free))


def _price_alone(
    case: Case, booking_id: BookingId, surcharges: Sequence[Case], before: Money, price: Money
) -> differences.Back:
    """All of the difference goes back of the first payment, however much a code took off that."""
    nothing = before * 0
    return differences.Back(max(before - price, nothing), tuple(nothing for _ in surcharges))


_WITH_REFUND = deciding._with_refund
_VALUES = moved_lines._values
_MOVED_TO = surcharges.moved_to

MOVING: Mapping[str, Bug] = {
    "moved_and_both_dates_kept": swap(deciding, "_placed", _both_dates),
    "moved_by_anybody": swap(moving, "own_booking", _anybodys),
    "surcharge_moves_what_has_gone": swap(settlement, "stands", _still_there),
    "surcharge_paid_for_nothing": swap(settlement, "moved_to", _nothing_moves),
    "moved_for_twice_the_difference": swap(deciding, "_with_refund", _more_than_confirmed),
    "a_stay_moves_for_a_day_s_difference": swap(deciding, "_with_refund", _a_days_worth),
    "a_moved_stay_has_its_old_name": swap(moved_lines, "_values", _under_its_old_name),
    "surcharge_moves_the_first_day_alone": swap(settlement, "moved_to", _first_day_alone),
    "surcharge_moves_at_the_old_price": swap(settlement, "moved_to", _at_the_old_price),
    "whole_differences_of_half_prices": swap(deciding, "difference", _price_alone),
}
