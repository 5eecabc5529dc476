"""Writes where the lines of orders are for other slots or days than before, and takes what guests have said along."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import FareId, InventoryId, OrderId
from bot.domain.orders import Case, Line
from storage.schema import answer, order_line

Shift = tuple[OrderId, Line, Line]
"""A line of an order, and what becomes of it."""
MOVE_LINE = (
    update(order_line)
    .where(
        order_line.c.order_id == bindparam("of"),
        order_line.c.inventory_id == bindparam("row"),
        order_line.c.fare_id == bindparam("fare"),
    )
    .values(inventory_id=bindparam("slot"), stay_id=bindparam("stay"), unit_amount=bindparam("price"))
)
MOVE_ANSWERS = (
    update(answer)
    .where(answer.c.order_id == bindparam("of"), answer.c.inventory_id == bindparam("row"))
    .values(inventory_id=bindparam("slot"))
)


async def save(connection: AsyncConnection, changes: Iterable[tuple[Case, Case]]) -> None:
    """None is added or lost; other prices are written too."""
    shifts = in_turn(
        [
            (after.order.id, old, new)
            for before, after in changes
            if before.lines != after.lines
            for old, new in zip(before.lines, after.lines, strict=True)
            if old != new
        ]
    )
    if shifts:
        await connection.execute(MOVE_LINE, [_values(*shift) for shift in shifts])
        await _answers(connection, shifts)


def in_turn(shifts: Sequence[Shift]) -> list[Shift]:
    """So that each finds its new place empty: a stay that begins a day later moves its last day first."""
    ordered: list[Shift] = []
    waiting = list(shifts)
    while waiting:
        taken = {_place(order, old) for order, old, _ in waiting}
        free = [each for each in waiting if _place(each[0], each[2]) not in taken - {_place(each[0], each[1])}]
        if not free:
            raise ValueError("lines that wait for each other")
        ordered += free
        waiting = [each for each in waiting if each not in free]
    return ordered


def _place(order: OrderId, line: Line) -> tuple[OrderId, InventoryId, FareId]:
    return order, line.inventory_id, line.fare_id


def _values(order: OrderId, old: Line, new: Line) -> dict[str, object]:
    return {
        "of": order,
        "row": old.inventory_id,
        "fare": old.fare_id,
        "slot": new.inventory_id,
        "stay": new.stay,
        "price": new.unit.minor,
    }


async def _answers(connection: AsyncConnection, shifts: Iterable[Shift]) -> None:
    """What guests have said is of the slot, or the first day, where they come now."""
    moved = dict.fromkeys((order, old.booked_as, new.booked_as) for order, old, new in shifts)
    values = [{"of": order, "row": row, "slot": slot} for order, row, slot in moved if row != slot]
    if values:
        await connection.execute(MOVE_ANSWERS, values)
