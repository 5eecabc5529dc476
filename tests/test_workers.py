"""The loops do by themselves what is stored to be done, and stop without leaving anything behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.domain.ids import ChatId
from bot.domain.orders import State
from bot.domain.outbox import Channel, Lane, OutboxMessage, Undeliverable
from bot.domain.selection import Selection
from bot.sandbox.faults import Kind
from bot.services.retention import Retention
from bot.services.waiting_ends import IN_VAIN
from bot.workers import Work, Workers
from storage import outbox, schema
from storage.database import Database
from storage.outbox import NewMessage
from tests.builders import add_customer, add_slot
from tests.clock import FakeClock
from tests.world import World, open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Upkeep:
    def __init__(self) -> None:
        self.times = 0

    async def extend_slots(self) -> int:
        self.times += 1
        if self.times == 1:
            raise ZeroDivisionError
        return 0


@pytest_asyncio.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_world(database, clock) as opened:
        yield opened


@pytest_asyncio.fixture
async def workers(world: World, upkeep: Upkeep) -> AsyncIterator[Workers]:
    work = Work(
        world.inbox,
        world.settlement,
        world.checkout,
        world.refunds,
        world.deliverer,
        world.deadlines,
        world.sweeping,
        upkeep,
        Retention(world.database, world.clock, 10, ()),
        world.waiting,
        world.mailer,
    )
    running = Workers(work, world.clock, world.bells)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def upkeep() -> Upkeep:
    return Upkeep()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(2000):
        if await condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen by itself")


async def test_an_order_gets_its_link_and_its_booking_by_itself(world: World, workers: Workers) -> None:
    order = await world.place()

    async def has(state: State) -> bool:
        return (await world.case(order)).order.state is state

    await until(lambda: has(State.AWAITING_PAYMENT))
    await world.pay(order)
    sent = world.stripe.deliveries.due()
    await asyncio.gather(*(world.inbox.store(world._verified(each)) for each in sent))
    await until(lambda: has(State.PAID))

    async def told() -> bool:
        return len(world.messenger.sent) >= 2

    await until(told)
    assert workers.running


async def test_a_hold_runs_out_by_itself(world: World, workers: Workers) -> None:
    order = await world.place()
    await until(lambda: _is(world, order, State.AWAITING_PAYMENT))

    async def waits() -> bool:
        return world.clock.now() + timedelta(minutes=15) in world.clock.sleepers

    await until(waits)
    await world.advance(minutes=15)
    await until(lambda: _is(world, order, State.EXPIRED))


async def test_an_offer_from_the_waiting_list_runs_out_by_itself(world: World, workers: Workers) -> None:
    """Its deadline is kept, although nobody who has placed an order rang for it."""
    order, blaise = await world.place(world.shop.slots[1]), await add_customer(world.database, 1002)
    await until(lambda: _is(world, order, State.AWAITING_PAYMENT))
    selection = Selection(world.shop.slots[1], {world.shop.event.fares["adult"]: 2})
    await world.waiting.join(blaise, selection, "en")
    await world.ordering.cancel(world.shop.customer_id, order)
    await until(lambda: _is(world, order + 1, State.AWAITING_PAYMENT))

    async def waits() -> bool:
        return world.clock.now() + timedelta(hours=2) in world.clock.sleepers

    await until(waits)
    await world.advance(hours=2)
    await until(lambda: _is(world, order + 1, State.EXPIRED))


async def test_money_goes_back_by_itself(world: World, workers: Workers) -> None:
    await world.place()
    order = (await world.rows(schema.orders))[0]._mapping["id"]
    await until(lambda: _is(world, order, State.AWAITING_PAYMENT))
    await world.pay(order)
    await world.checkout.look_now(order)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    charge = next(each for each in world.stripe.deliveries.due() if b'"charge.refunded"' in each.body)
    await world.inbox.store(world._verified(charge))
    await until(lambda: _is(world, order, State.REFUNDED))


async def test_who_waits_in_vain_hears_of_it_by_itself(world: World, workers: Workers, upkeep: Upkeep) -> None:
    """Nothing else happens in the shop until sales end."""
    starts_at = world.clock.now() + timedelta(hours=4)
    slot = await add_slot(world.database, world.shop.event.id, starts_at, taken=12)
    await world.remember_unclaimed()
    await rest(world, upkeep)
    selection = Selection(slot, {world.shop.event.fares["adult"]: 2})
    await world.waiting.join(await add_customer(world.database, 1002), selection, "en")
    (ends_at,) = [row._mapping["due_at"] for row in await world.rows(schema.outbox)]

    async def waits() -> bool:
        return ends_at in world.clock.sleepers

    await until(waits)
    world.clock.move_to(ends_at)

    async def told() -> bool:
        return world.messenger.kinds == [IN_VAIN]

    await until(told)


async def test_staff_hear_of_a_dead_letter_by_itself(world: World, workers: Workers, upkeep: Upkeep) -> None:
    await rest(world, upkeep)
    now = world.clock.now()
    letter = NewMessage("dead", ChatId(1001), "mail_booked", {}, Lane.CUSTOMER, now, Channel.MAIL)
    world.postman.answers = [Undeliverable("no such address")]
    await world.database.run(lambda connection: outbox.add(connection, [letter], now))
    world.bells.mail.ring()

    async def told() -> bool:
        return world.messenger.kinds == ["attention"]

    await until(told)


async def rest(world: World, upkeep: Upkeep) -> None:
    """Until all loops sleep, and none of them wakes the others soon."""

    async def failed() -> bool:
        return world.clock.now() + timedelta(seconds=2) in world.clock.sleepers

    await until(failed)
    world.clock.advance(timedelta(seconds=2))

    async def kept_up() -> bool:
        return upkeep.times == 2 and world.clock.now() + timedelta(hours=6) in world.clock.sleepers

    await until(kept_up)
    await asyncio.sleep(0.1)


async def _is(world: World, order: object, state: State) -> bool:
    rows = [row._mapping for row in await world.rows(schema.orders)]
    return any(row["id"] == order and row["state"] == state for row in rows)


async def test_a_loop_outlives_what_one_step_meets(world: World, workers: Workers, upkeep: Upkeep) -> None:
    async def waits() -> bool:
        return upkeep.times == 1 and world.clock.now() + timedelta(seconds=2) in world.clock.sleepers

    await until(waits)
    world.clock.advance(timedelta(seconds=2))

    async def again() -> bool:
        return upkeep.times == 2

    await until(again)
    assert workers.running


async def test_a_call_that_fails_unexpectedly_is_made_again(
    world: World, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    create = world.gateway.create_session

    async def odd(parameters: dict[str, object], key: str) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        return await create(parameters, key)

    monkeypatch.setattr(world.gateway, "create_session", odd)
    order = await world.place()

    async def waits() -> bool:
        return bool(tries) and world.clock.now() + timedelta(seconds=2) in world.clock.sleepers

    await until(waits)
    world.clock.advance(timedelta(seconds=2))
    await until(lambda: _is(world, order, State.AWAITING_PAYMENT))


@pytest.mark.fault(10)
@pytest.mark.parametrize("channel", Channel)
async def test_stopping_begins_no_further_message(
    world: World, workers: Workers, monkeypatch: pytest.MonkeyPatch, channel: Channel
) -> None:
    """Those of a long queue that are under way arrive; what would be cut off when patience ends is not begun."""
    messenger = world.messenger if channel is Channel.TELEGRAM else world.postman
    send, begun, arrived = messenger.send, asyncio.Event(), asyncio.Event()

    async def slow(message: OutboxMessage) -> None:
        begun.set()
        await arrived.wait()
        await send(message)

    monkeypatch.setattr(messenger, "send", slow)
    now = world.clock.now()
    queue = [NewMessage(key, ChatId(1001), "booked", {}, Lane.CUSTOMER, now, channel) for key in ("a", "b", "c")]
    await world.database.run(lambda connection: outbox.add(connection, queue, now))
    world.bells.settled()
    await begun.wait()
    stopping = asyncio.create_task(workers.stop())
    await asyncio.sleep(0)
    arrived.set()
    await stopping
    assert [row._mapping["state"] for row in await world.rows(schema.outbox)] == ["sent", "due", "due"]


@pytest.mark.fault(10)
async def test_stopping_finishes_what_is_under_way(world: World, workers: Workers) -> None:
    world.fault(Kind.TIMEOUT_AFTER, "/v1/checkout/sessions")
    await world.place()

    async def asked() -> bool:
        return any(call.path == "/v1/checkout/sessions" for call in world.stripe.journal.calls())

    await until(asked)
    await workers.stop()
    assert not workers.running
    (attempt,) = await world.rows(schema.checkout_attempt)
    assert attempt._mapping["tries"] == 1
