"""A shop in which something of every sort has happened, and to which it can be brought back at any time.

stage = await set_stage(world)        # on a fresh world: orders in every state, with the events that led there
await stage.restore()                 # the database is again as it was then
stage.templates                       # real events that are settled already: heard again they change nothing
stage.sessions                        # what Stripe shows of sessions that can still be paid, and of others
stage.good                            # the event of a payment that nobody has heard of yet
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Table, delete, insert, select

from bot.domain.ids import CustomerId, InventoryId, OrderId
from storage import schema
from storage.database import Connection
from tests.builders import add_customer, add_slot, at
from tests.world import MARK, World

AnyRow = Mapping[str, object]
Rows = Mapping[str, Sequence[AnyRow]]
Json = dict[str, object]
OPEN = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Good:
    """A payment that is not settled yet, and the event that will settle it."""

    order: OrderId
    body: bytes


@dataclass(frozen=True)
class Stage:
    world: World
    templates: tuple[Json, ...]
    sessions: tuple[Json, ...]
    good: Good
    rows: Rows

    async def restore(self) -> None:
        await self.world.database.run(self._restore)

    async def _restore(self, connection: Connection) -> None:
        for table in reversed(schema.metadata.sorted_tables):
            await connection.execute(delete(table))
        for table in schema.metadata.sorted_tables:
            if rows := [dict(row) for row in self.rows[table.name]]:
                await connection.execute(insert(table), rows)

    async def now(self) -> Rows:
        return await all_rows(self.world)


async def all_rows(world: World) -> Rows:
    async with world.database.read() as connection:
        return {table.name: await _rows(connection, table) for table in schema.metadata.sorted_tables}


async def _rows(connection: Connection, table: Table) -> list[AnyRow]:
    found = await connection.execute(select(table).order_by(*table.primary_key.columns))
    return [{str(name): value for name, value in row._mapping.items()} for row in found]


async def set_stage(world: World) -> Stage:
    play = _Play(world, await add_slot(world.database, world.shop.event.id, at(30), capacity=60))
    await play.what_takes_time()
    await play.what_was_paid()
    payable = [await play.payable() for _ in OPEN]
    good = await play.good()
    held = await world.place(play.slot, await play.customer())
    sessions: list[Json] = [{**session} for session in world.stripe.sessions()]
    sessions.append(await _in_another_process(world, held))
    rows = await all_rows(world)
    templates = tuple(orjson.loads(_bytes(row["body"])) for row in rows["inbox"])
    pristine = tuple(session for session in sessions if session["id"] != good[1])
    assert len(payable) == len(OPEN)
    return Stage(world, templates, pristine, good[0], rows)


class _Play:
    """Brings orders into their states, each by a customer of its own."""

    def __init__(self, world: World, slot: InventoryId) -> None:
        self._world, self.slot = world, slot
        self._people = 0

    async def customer(self) -> CustomerId:
        self._people += 1
        return await add_customer(self._world.database, telegram_id=5000 + self._people)

    async def payable(self) -> OrderId:
        return await self._world.placed_with_link(self.slot, await self.customer(), adult=2)

    async def what_takes_time(self) -> None:
        world = self._world
        await world.pay(await self.payable(), "sepa_debit_fail")
        await self.payable()
        await world.hear()
        await world.advance(hours=1)
        await world.hear()
        await world.advance(hours=24 * 4)
        await world.hear()

    async def what_was_paid(self) -> None:
        world = self._world
        for card in ("success", "disputed", "success", "refund_fails", "sepa_debit_ok"):
            await world.pay(await self.payable(), card)
            await world.hear()
        first, _, third, fourth, *_ = [paid.payment_intent for paid in world.stripe.ledger()]
        world.stripe.refund_from_dashboard(first)
        world.stripe.refund_from_dashboard(third, 100)
        world.stripe.refund_from_dashboard(fourth, 200)
        await world.ordering.cancel(world.shop.customer_id, await world.placed_with_link(self.slot))
        await self._somebody_elses()
        await world.hear()

    async def _somebody_elses(self) -> None:
        """Sessions that we did not make: one with our mark, one with another shop's, one with none."""
        world = self._world
        asked = (await world.rows(schema.checkout_attempt))[0]._mapping["parameters"]
        assert isinstance(asked, Mapping)
        for number, mark in enumerate((mark_of("NOPE-22"), mark_of("NOPE-22", "another"), {})):
            expires_at = int(world.stripe_clock.now().timestamp()) + 40 * 60
            theirs = {"metadata": mark, "payment_intent_data": {"metadata": mark}, "expires_at": expires_at}
            made = await world.gateway.create_session({**asked, **theirs}, f"foreign {number}")
            world.stripe.pay(made.session_id, "success")

    async def good(self) -> tuple[Good, str]:
        world, order = self._world, await self.payable()
        session = await world.session_id(order)
        await world.pay(order)
        world.stripe.tick()
        bodies = [one.body for one in world.stripe.deliveries.due() if b"checkout.session.completed" in one.body]
        return Good(order, bodies[-1]), session


async def _in_another_process(world: World, order: OrderId) -> Json:
    """The session that is just being made for an order: we know neither its id nor that it exists."""
    made = await world.surface(order)
    return dict(world.stripe.session(made))


def mark_of(order: str, shop: str = MARK, attempt: str = "1") -> dict[str, str]:
    return {"guichet_shop": shop, "guichet_order": order, "guichet_attempt": attempt}


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value
