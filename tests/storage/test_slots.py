"""A slot's number is in the buttons of customers: it never comes to mean another slot."""

from datetime import timedelta

import pytest

from bot.domain.ids import InventoryId, ResourceId
from bot.domain.slot_changes import SlotChanges, StoredSlot
from bot.domain.slot_plans import SlotPlan
from storage import slots
from storage.database import Database
from tests.builders import at, small_shop


def plan(hour: int) -> SlotPlan:
    start = at(40, hour)
    return SlotPlan(f"{start:%Y-%m-%dT%H:%M}", start, start + timedelta(hours=1), 12)


async def save(database: Database, resource_id: ResourceId, changes: SlotChanges) -> None:
    await database.run(lambda connection: slots.save(connection, resource_id, changes))


async def stored(database: Database) -> list[StoredSlot]:
    async with database.read() as connection:
        found = await slots.coming(connection, at(39).date())
    return [slot for each in found.values() for slot in each]


@pytest.mark.fault(31)
async def test_the_number_of_a_slot_that_was_taken_away_is_not_given_to_another(database: Database) -> None:
    resource = (await small_shop(database)).event.id
    seen: list[InventoryId] = []
    for hour in (6, 7, 8):
        await save(database, resource, SlotChanges(added=(plan(hour),)))
        (slot,) = await stored(database)
        seen.append(slot.inventory_id)
        await save(database, resource, SlotChanges(removed=(slot,)))
    assert len(set(seen)) == 3
