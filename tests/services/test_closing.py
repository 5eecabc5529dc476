"""Seats are free again only once Stripe can no longer take money for them."""

from datetime import timedelta

import pytest

from bot.domain.ids import InventoryId, OrderId
from bot.domain.orders import AttemptState, State
from bot.sandbox.faults import Kind
from bot.services import deadlines
from tests.builders import add_slot, at
from tests.world import World

SESSIONS = "/v1/checkout/sessions"


async def state(world: World, order: OrderId) -> State:
    return (await world.case(order)).order.state


async def seats(world: World) -> int:
    return await world.taken(world.shop.slots[0])


async def status(world: World, order: OrderId) -> object:
    return world.stripe.session(await world.session_id(order))["status"]


async def test_a_hold_that_runs_out_is_dead_at_stripe_before_its_seats_are_free(world: World) -> None:
    order = await world.placed_with_link()
    await world.advance(minutes=15)
    await world.deadlines.close_due()
    assert (await state(world, order), await seats(world), await status(world, order)) == (State.CLOSING, 2, "open")
    await world.work()
    assert (await state(world, order), await seats(world), await status(world, order)) == (State.EXPIRED, 0, "expired")
    assert (await world.told())[-2:] == ["card:expired", "released"]


async def test_a_hold_is_not_closed_before_its_time(world: World) -> None:
    order = await world.placed_with_link()
    assert await world.deadlines.next_deadline() == world.clock.now() + timedelta(minutes=15)
    await world.advance(minutes=14)
    await world.work()
    assert await state(world, order) is State.AWAITING_PAYMENT


async def test_many_holds_run_out_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 2)
    orders = [await world.place(adult=1) for _ in range(4)]
    await world.advance(minutes=15)
    await world.deadlines.close_due()
    assert {await state(world, order) for order in orders} == {State.CLOSING}
    assert await world.deadlines.next_deadline() is None


@pytest.mark.fault(48)
async def test_an_order_cancelled_while_its_session_is_made_keeps_its_seats_until_that_is_dead(world: World) -> None:
    order = await world.place()
    world.fault(Kind.TIMEOUT_AFTER, SESSIONS)
    await world.ask()
    await world.ordering.cancel(world.shop.customer_id, order)
    assert (await state(world, order), await seats(world)) == (State.CLOSING, 2)
    await world.work()
    assert (await state(world, order), await seats(world), await status(world, order)) == (
        State.CANCELLED,
        0,
        "expired",
    )
    assert len(world.stripe.sessions()) == 1


@pytest.mark.fault(48)
async def test_a_deadline_while_the_session_is_made_is_resolved_with_stripe_first(world: World) -> None:
    order = await world.place()
    world.fault(Kind.RESET_AFTER, SESSIONS)
    await world.ask()
    await world.advance(minutes=15)
    await world.deadlines.close_due()
    assert (await state(world, order), await seats(world)) == (State.CLOSING, 2)
    await world.work()
    assert (await state(world, order), await status(world, order)) == (State.EXPIRED, "expired")


@pytest.mark.fault(24)
async def test_a_payment_that_races_the_closing_wins(world: World) -> None:
    order = await world.placed_with_link()
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.pay(order)
    await world.work()
    assert (await state(world, order), await seats(world)) == (State.PAID, 2)
    await world.hear()
    assert (await world.told()).count("booked") == 1
    await world.check_money()


@pytest.mark.fault(48)
async def test_a_delayed_payment_that_races_the_closing_keeps_the_seats(world: World) -> None:
    order = await world.placed_with_link(await far_slot(world))
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.pay(order, "sepa_debit_ok")
    await world.work()
    assert await state(world, order) is State.PROCESSING


async def far_slot(world: World) -> InventoryId:
    return await add_slot(world.database, world.shop.event.id, at(10))


@pytest.mark.fault(22)
async def test_the_seats_stay_while_stripe_cannot_be_reached(world: World) -> None:
    order = await world.placed_with_link()
    world.fault(Kind.RESET_BEFORE, times=None)
    for _ in range(8):
        await world.advance(minutes=10)
        await world.work()
    assert (await state(world, order), await seats(world)) == (State.CLOSING, 2)
    world.faults.heal()
    await world.advance(minutes=1)
    await world.work()
    assert (await state(world, order), await seats(world)) == (State.EXPIRED, 0)


@pytest.mark.fault(22)
@pytest.mark.parametrize("kind", [Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER, Kind.TRUNCATED, Kind.ERROR])
async def test_a_link_is_killed_however_stripe_answers_at_first(world: World, kind: Kind) -> None:
    order = await world.placed_with_link()
    world.fault(kind, f"{SESSIONS}/")
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.ask()
    await world.advance(seconds=1)
    await world.work()
    assert (await state(world, order), await seats(world)) == (State.CANCELLED, 0)


async def test_a_session_that_is_open_though_it_cannot_be_expired_keeps_its_seats(world: World) -> None:
    order = await world.placed_with_link()
    world.fault(Kind.ERROR, f"{SESSIONS}/", status=400)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.ask()
    assert (await state(world, order), await seats(world)) == (State.CLOSING, 2)
    await world.advance(seconds=1)
    await world.work()
    assert await state(world, order) is State.CANCELLED


@pytest.mark.fault(34)
@pytest.mark.parametrize("hours", [1, -1])
async def test_no_hold_is_released_while_it_can_be_paid_when_the_clock_jumps(world: World, hours: int) -> None:
    """That no released order has an open session is checked at the end of every test."""
    order = await world.placed_with_link()
    world.clock.advance(timedelta(hours=hours))
    await world.work()
    if hours > 0:
        assert (await state(world, order), await status(world, order)) == (State.EXPIRED, "expired")
    else:
        assert (await state(world, order), await status(world, order)) == (State.AWAITING_PAYMENT, "open")
        await world.live_through(40, step=10)
        assert (await state(world, order), await seats(world)) == (State.EXPIRED, 0)


@pytest.mark.fault(34)
async def test_a_clock_that_jumps_while_a_session_is_made_loses_nothing(world: World) -> None:
    order = await world.place()
    world.fault(Kind.TIMEOUT_AFTER, SESSIONS)
    await world.ask()
    world.clock.advance(timedelta(hours=1))
    await world.work()
    assert (await state(world, order), await status(world, order)) == (State.EXPIRED, "expired")


async def test_an_old_link_dies_with_its_time_where_nobody_asks(world: World) -> None:
    """Stripe's own expiry is heard by webhook."""
    order = await world.placed_with_link()
    await world.advance(minutes=33)
    await world.deliver_webhooks()
    await world.settlement.drain()
    assert await state(world, order) is State.EXPIRED
    assert [each.state for each in (await world.case(order)).attempts] == [AttemptState.EXPIRED]
