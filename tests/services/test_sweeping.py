"""What no webhook told is found by asking."""

from datetime import timedelta

import pytest

from bot.domain.orders import State
from bot.sandbox.faults import Kind
from storage import inbox, schema
from storage.database import Connection
from storage.inbox import NewEvent
from tests.world import World


@pytest.mark.fault(18)
async def test_four_days_without_a_webhook_lose_nothing(world: World) -> None:
    world.drop_webhooks()
    await world.sweeping.sweep()
    order = await world.placed_with_link()
    await world.pay(order)
    await world.advance(minutes=5)
    await world.work()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.advance(days=4)
    await world.sweeping.sweep()
    await world.work()
    case = await world.case(order)
    assert (case.order.state, dict(case.claims)) == (State.REFUNDED, {})
    await world.check_money()


@pytest.mark.fault(18)
async def test_sweeping_alone_books_what_was_paid(world: World) -> None:
    world.drop_webhooks()
    order = await world.placed_with_link()
    await world.pay(order)
    await world.sweeping.sweep()
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.PAID


@pytest.mark.fault(11)
async def test_what_came_by_webhook_and_by_sweep_is_kept_once(world: World) -> None:
    await world.paid()
    before = len(await world.rows(schema.inbox))
    assert await world.sweeping.sweep() == world.clock.now() + timedelta(minutes=5)
    await world.work()
    assert len(await world.rows(schema.inbox)) == before
    assert len(await world.rows(schema.booking)) == 1


async def test_a_sweep_that_stripe_does_not_answer_is_made_up_for(world: World) -> None:
    await world.sweeping.sweep()
    world.drop_webhooks()
    order = await world.placed_with_link()
    await world.pay(order)
    world.fault(Kind.ERROR, "/v1/events", times=3)
    for _ in range(3):
        await world.advance(hours=1)
        await world.sweeping.sweep()
    assert await world.inbox_states() == {}
    await world.sweeping.sweep()
    assert sum((await world.inbox_states()).values()) == 1


@pytest.mark.fault(34)
async def test_a_sweep_from_the_future_does_not_hide_the_present(world: World) -> None:
    world.clock.advance(timedelta(hours=1))
    await world.sweeping.sweep()
    world.clock.advance(timedelta(hours=-1))
    world.drop_webhooks()
    order = await world.placed_with_link()
    await world.pay(order)
    await world.sweeping.sweep()
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.PAID


@pytest.mark.fault(34)
async def test_a_sweep_from_the_future_hides_nothing_of_the_time_until_then(world: World) -> None:
    order = await world.paid()
    world.clock.advance(timedelta(hours=1))
    await world.sweeping.sweep()
    world.drop_webhooks()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    world.stripe_clock.advance(timedelta(hours=1))
    await world.sweeping.sweep()
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.REFUNDED


async def test_the_first_sweep_reads_what_was_missed_before_it(world: World) -> None:
    world.drop_webhooks()
    order = await world.placed_with_link()
    await world.pay(order)
    await world.advance(hours=3)
    await world.sweeping.sweep()
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.PAID


async def test_an_event_whose_payment_was_stored_while_it_was_put_to_wait_goes_on(world: World) -> None:
    """Two transactions that did not see each other: the next sweep finds what neither woke."""
    order = await world.paid()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.deliver_webhooks(only="refund.created")

    async def asleep(connection: Connection) -> None:
        (event,) = await inbox.next_new(connection, 5)
        await inbox.wait_for(connection, event.id, world.stripe.ledger()[0].payment_intent)

    await world.database.run(asleep)
    world.fault(Kind.ERROR, "/v1/refunds", times=None)
    await world.sweeping.sweep()
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.REFUNDED


async def test_what_waits_for_somebody_else_s_payment_is_given_up_and_what_waits_for_ours_is_not(world: World) -> None:
    async def waiting(connection: Connection) -> None:
        await inbox.add(connection, [NewEvent(f"evt_{n}", "refund.created", b"{}", world.clock.now()) for n in (1, 2)])
        for event, what in zip(await inbox.next_new(connection, 5), ("pi_theirs", "attempt:77"), strict=True):
            await inbox.wait_for(connection, event.id, what)

    await world.database.run(waiting)
    await world.advance(days=3)
    await world.sweeping.sweep()
    assert await world.inbox_states() == {"waiting": 2}
    await world.advance(days=2)
    await world.sweeping.sweep()
    assert await world.inbox_states() == {"waiting": 1, "ignored": 1}
