"""Bugs in what becomes of a basket, and of what guests have answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain.ids import CustomerId, InventoryId
from bot.domain.orders import Line, units_of
from bot.domain.questions import Key
from handlers import deliveries
from storage import answers, baskets, orders, saving
from storage.database import Connection
from storage.schema import draft_answer
from tests.simulation.bugs.planting import Bug, nothing, swap


def _units_of_the_first(lines: tuple[Line, ...]) -> dict[InventoryId, int]:
    return units_of(tuple(line for line in lines if line.inventory_id == lines[0].inventory_id))


async def _anybodys(
    connection: Connection, _customer_id: CustomerId, wanted: Sequence[InventoryId]
) -> Mapping[InventoryId, Mapping[Key, str]]:
    found: defaultdict[InventoryId, dict[Key, str]] = defaultdict(dict)
    for row in await connection.execute(select(draft_answer).where(draft_answer.c.inventory_id.in_(wanted))):
        found[InventoryId(row.inventory_id)][row.question, row.guest] = row.value
    return found


BASKETS: Mapping[str, Bug] = {
    "basket_claims_its_first_thing": swap(orders, "units_of", _units_of_the_first),
    "basket_stays_after_ordering": swap(baskets, "empty", nothing),
    "answers_left_behind": swap(answers, "keep", nothing),
    "answers_stay_at_the_old_date": swap(saving, "_answers", nothing),
    "answers_of_anybody": swap(answers, "drafts", _anybodys),
    "every_ticket_with_every_part": swap(deliveries, "_part", lambda _: None),
}
