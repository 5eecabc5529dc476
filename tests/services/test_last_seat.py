"""Fifty customers want the last seat at once. With the guards off the same race oversells, so it is a race."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import SoldOut
from bot.domain.ids import CustomerId, InventoryId, OrderId
from bot.domain.selection import Offer
from storage import catalogue, inventory, schema
from storage.database import Database
from tests.builders import add_customer, add_slot, at
from tests.world import World

BUYERS = 50
offer_now = catalogue.offer


async def racers(database: Database) -> list[CustomerId]:
    return [await add_customer(database, telegram_id=5000 + number) for number in range(BUYERS)]


async def race(world: World) -> tuple[list[OrderId], list[BaseException]]:
    """Everybody taps at once; who got an order, and what the others got."""
    slot = await add_slot(world.database, world.shop.event.id, at(2, 12), capacity=1)
    buyers = await racers(world.database)
    tapped = (world.place(slot, buyer, None, None, adult=1) for buyer in buyers)
    ends = await asyncio.gather(*tapped, return_exceptions=True)
    lucky = [end for end in ends if not isinstance(end, BaseException)]
    return lucky, [end for end in ends if isinstance(end, BaseException)]


async def check_off(database: Database) -> None:
    """The schema without its CHECK."""

    async def drop(connection: AsyncConnection) -> None:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ALTER TABLE inventory DROP CONSTRAINT ck_inventory_never_oversold"))
        else:
            await connection.execute(text("PRAGMA ignore_check_constraints = ON"))

    await database.run(drop)


async def change_without_condition(connection: AsyncConnection, deltas: Mapping[InventoryId, int]) -> None:
    for row, units in deltas.items():
        after = schema.inventory.c.taken + units
        await connection.execute(update(schema.inventory).where(schema.inventory.c.id == row).values(taken=after))


async def look_without_lock(connection: AsyncConnection, ids: Iterable[InventoryId]) -> dict[InventoryId, int]:
    free = schema.inventory.c.capacity - schema.inventory.c.taken
    rows = await connection.execute(select(schema.inventory.c.id, free).where(schema.inventory.c.id.in_(ids)))
    return {InventoryId(row[0]): row[1] for row in rows}


async def offer_as_seen(connection: AsyncConnection, row: InventoryId, currency: str) -> Offer | None:
    """What everybody saw before the first of them tapped."""
    seen = await offer_now(connection, row, currency)
    return seen and replace(seen, left=1)


def conditions_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inventory, "change", change_without_condition)
    patch.setattr(inventory, "lock", look_without_lock)
    patch.setattr(catalogue, "offer", offer_as_seen)


@pytest.mark.fault(30)
async def test_the_last_seat_is_sold_once(world: World) -> None:
    lucky, others = await race(world)
    assert len(lucky) == 1
    assert {type(end) for end in others} == {SoldOut}


@pytest.mark.fault(30)
async def test_the_condition_of_the_update_is_enough_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await check_off(world.database)
    monkeypatch.setattr(catalogue, "offer", offer_as_seen)
    monkeypatch.setattr(inventory, "lock", look_without_lock)
    lucky, others = await race(world)
    assert (len(lucky), {type(end) for end in others}) == (1, {SoldOut})


@pytest.mark.fault(30)
async def test_the_constraint_of_the_schema_is_enough_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    conditions_off(monkeypatch)
    lucky, others = await race(world)
    assert (len(lucky), len(others)) == (1, BUYERS - 1)


@pytest.mark.fault(30)
async def test_with_the_guards_off_the_last_seat_is_oversold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await check_off(world.database)
    conditions_off(monkeypatch)
    lucky, _ = await race(world)
    assert len(lucky) > 1
