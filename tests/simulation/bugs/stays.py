"""Bugs in how the days or hours of a stay hang together."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import cancelling
from bot.domain.ids import InventoryId, OrderId
from bot.domain.orders import Booking, Case, Line, units_of
from storage import orders
from storage.database import Connection
from tests.simulation.bugs.planting import Bug, swap

_RELEASED = cancelling._released
_PLACE = orders.place


def _first_day_alone(case: Case, booking: Booking) -> Case:
    claims = {row: units for row, units in case.claims.items() if row != booking.inventory_id}
    return replace(_RELEASED(case, booking), claims=claims)


def _each_by_itself(line: Line) -> InventoryId:
    return line.inventory_id


def _units_of_first_days(lines: tuple[Line, ...]) -> dict[InventoryId, int]:
    return units_of(tuple(line for line in lines if line.booked_as == line.inventory_id))


async def _place_without_the_middle(connection: Connection, order: orders.NewOrder, lines: tuple[Line, ...]) -> OrderId:
    let = lines[0].stay is not None
    return await _PLACE(connection, order, (lines[0], *lines[2:]) if let else lines)


STAYS: Mapping[str, Bug] = {
    "first_day_alone_released": swap(cancelling, "_released", _first_day_alone),
    "a_booking_for_each_day": swap(Line, "booked_as", property(_each_by_itself)),
    "first_day_alone_claimed": swap(orders, "units_of", _units_of_first_days),
    "a_day_of_a_stay_left_out": swap(orders, "place", _place_without_the_middle),
}
