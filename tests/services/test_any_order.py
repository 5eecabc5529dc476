"""The order in which Stripe's events arrive, and how often, decides nothing: through the real inbox and database."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import permutations
from random import Random

import orjson
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import OrderId
from bot.payments.events import Event
from storage import cases, schema
from storage.database import Database
from tests.builders import add_event, add_slot, at
from tests.clock import NOW
from tests.world import World

Body = Mapping[str, object]
LIFE = ("completed", "succeeded", "refund", "charge", "dispute")
"""A delayed payment, refunded in full in the dashboard, and disputed."""
ORDERS = 100


def bodies(number: int) -> dict[str, Body]:
    """The distinct events of one order's life, as Stripe words them."""
    intent, created = f"pi_{number}", int(NOW.timestamp())
    session = {
        "id": f"cs_{number}",
        "mode": "payment",
        "livemode": False,
        "status": "complete",
        "payment_status": "unpaid",
        "amount_total": 7800,
        "currency": "eur",
        "payment_intent": intent,
        "expires_at": created + 1800,
        "created": created,
    }
    money = {"payment_intent": intent, "amount": 7800, "currency": "eur", "created": created}
    objects: dict[str, tuple[str, Body]] = {
        "completed": ("checkout.session.completed", session),
        "succeeded": ("checkout.session.async_payment_succeeded", {**session, "payment_status": "paid"}),
        "failed": ("checkout.session.async_payment_failed", session),
        "refund": ("refund.created", {**money, "id": f"re_{number}", "status": "pending"}),
        "refunded": ("refund.updated", {**money, "id": f"re_{number}", "status": "succeeded"}),
        "charge": ("charge.refunded", {**money, "id": f"ch_{number}"}),
        "dispute": ("charge.dispute.created", {**money, "id": f"dp_{number}", "status": "needs_response"}),
        "lost": ("charge.dispute.closed", {**money, "id": f"dp_{number}", "status": "lost"}),
    }
    return {
        name: {"id": f"evt_{number}_{name}", "type": kind, "created": created, "data": {"object": subject}}
        for name, (kind, subject) in objects.items()
    }


def event(number: int, name: str) -> Event:
    body = bodies(number)[name]
    return Event(str(body["id"]), str(body["type"]), orjson.dumps(body))


async def add_orders(world: World, count: int) -> list[OrderId]:
    """Orders of two seats that wait for payment, each with the session `cs_<number>`."""
    walk = await add_event(world.database, world.shop.category_id, "long-walk")
    slot = await add_slot(world.database, walk.id, at(3), capacity=2 * count)
    line = {"resource_id": walk.id, "inventory_id": slot, "fare_id": walk.fares["adult"], "quantity": 2, "seats": 1}

    async def work(connection: AsyncConnection) -> list[OrderId]:
        await connection.execute(insert(schema.orders), [_order(world, number) for number in range(count)])
        ids = list((await connection.execute(select(schema.orders.c.id).order_by(schema.orders.c.code))).scalars())
        lines = [line | {"order_id": order, "unit_amount": 3900} for order in ids]
        await connection.execute(insert(schema.order_line), lines)
        claims = [{"order_id": order, "inventory_id": slot, "units": 2} for order in ids]
        await connection.execute(insert(schema.claim), claims)
        taken = update(schema.inventory).where(schema.inventory.c.id == slot).values(taken=2 * count)
        await connection.execute(taken)
        attempts = [_attempt(order, number) for number, order in enumerate(ids)]
        await connection.execute(insert(schema.checkout_attempt), attempts)
        return ids

    return await world.database.run(work)


def _order(world: World, number: int) -> dict[str, object]:
    code = f"T{number:06d}"
    return {
        "code": code,
        "customer_id": world.shop.customer_id,
        "nonce": code,
        "state": "awaiting_payment",
        "currency": "EUR",
        "total": 7800,
        "language": "en",
        "return_token": code,
        "placed_at": NOW,
        "hold_until": at(0, 10),
    }


def _attempt(order: OrderId, number: int) -> dict[str, object]:
    return {
        "order_id": order,
        "number": 1,
        "state": "open",
        "idempotency_key": f"key-{number}",
        "parameters": {},
        "session_id": f"cs_{number}",
        "expires_at": at(0, 10),
        "created_at": NOW,
    }


async def ends(database: Database, orders: list[OrderId]) -> list[object]:
    """What became of each order, without ids and times."""

    async def work(connection: AsyncConnection) -> list[object]:
        loaded = await cases.load(connection, orders)
        concerns: dict[int, set[str]] = defaultdict(set)
        for row in await connection.execute(select(schema.attention.c.order_id, schema.attention.c.kind)):
            concerns[row.order_id].add(row.kind)
        return [
            (
                case.order.state,
                case.order.refunded.minor,
                dict(case.claims),
                [each.state for each in case.attempts],
                [(each.role, each.amount.minor) for each in case.payments],
                [(each.state, each.amount.minor) for each in case.refunds],
                [each.status for each in case.bookings],
                sorted(concerns[order]),
            )
            for order, case in loaded.items()
        ]

    return await database.run(work)


@pytest.mark.fault(12)
async def test_every_order_of_a_life_s_events_ends_the_same(world: World) -> None:
    orders = list(permutations(LIFE))
    placed = await add_orders(world, len(orders))
    await world.store([event(number, name) for number, order in enumerate(orders) for name in order])
    await world.settlement.drain()
    found = await ends(world.database, placed)
    assert all(end == found[0] for end in found)
    assert str(found[0]).startswith("(<State.REFUNDED")


@pytest.mark.fault(12)
async def test_a_bank_failure_in_either_order_ends_the_same(world: World) -> None:
    placed = await add_orders(world, 2)
    lives = [("completed", "failed"), ("failed", "completed")]
    await world.store([event(number, name) for number, life in enumerate(lives) for name in life])
    await world.settlement.drain()
    first, second = await ends(world.database, placed)
    assert first == second
    assert str(first).startswith("(<State.FAILED")


@pytest.mark.fault(12)
async def test_many_lives_shuffled_into_each_other_with_doubles_end_the_same(world: World) -> None:
    """Doubles carry other event ids: two events may describe one occurrence."""
    chance = Random(20261123)
    placed = await add_orders(world, ORDERS)
    names = [*LIFE, "refunded", "lost"]
    coming = [event(number, name) for number in range(ORDERS) for name in names]
    doubles = [Event(f"{each.id}_again", each.type, each.body) for each in chance.choices(coming, k=ORDERS)]
    coming = [*coming, *doubles]
    chance.shuffle(coming)
    for start in range(0, len(coming), 500):
        await world.store(coming[start : start + 500])
        await world.settlement.drain()
    found = await ends(world.database, placed)
    assert all(end == found[0] for end in found)
    assert set(await world.inbox_states()) == {"settled"}
