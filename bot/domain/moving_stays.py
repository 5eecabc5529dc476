"""Where a stay can be moved to: for as long as before, in room of which its own days are a part."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.ids import InventoryId
from bot.domain.moving import OtherDate
from bot.domain.orders import Case, Line, units_of
from bot.domain.rentals import DayTaken, LetRow, Letting, NoStay, price_of, stay


def other_stays(case: Case, row: InventoryId, letting: Letting, now: datetime) -> Iterator[OtherDate]:
    """The stays to which the one that is booked under this row can be moved, soonest first."""
    old, beside = case.lines_of(row), case.rows_beside(row)
    freed = letting.freed(units_of(old))
    for first in letting.rows:
        rows = _from(first.inventory_id, old, letting, freed, now)
        if rows and first.inventory_id != row and beside.isdisjoint(each.inventory_id for each in rows):
            yield OtherDate(first.inventory_id, first.starts_at, rows[-1].ends_at)


def _from(
    first: InventoryId, old: Sequence[Line], letting: Letting, freed: Letting, now: datetime
) -> tuple[LetRow, ...]:
    """The rows of the same stay from that one on, as `bot.domain.moving` finds room for them; none where there is none.

    `freed`: the same letting without the stay.
    """
    steps, units = len(old), old[0].units
    try:
        rows = stay(freed, first, steps, units, now)
        costs = sum(price_of(letting, each.day).minor for each in rows)
        return rows if costs <= sum(line.unit.minor for line in old) else stay(letting, first, steps, units, now)
    except (NoStay, DayTaken):
        return ()
