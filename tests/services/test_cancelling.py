"""Customers cancel by the shop's rules: the seats are free at once, and the money goes back once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.errors import CannotCancel, Gone, RefundChanged, Refusal
from bot.domain.ids import BookingId, OrderId
from bot.domain.orders import RefundState, State
from bot.sandbox.faults import Kind
from storage import schema
from storage.database import Connection
from tests.builders import add_customer
from tests.world import World

pytestmark = pytest.mark.fault(23)
REFUNDS = "/v1/refunds"


async def booked(world: World, slot: int = 1) -> tuple[OrderId, BookingId]:
    """Two seats for 78.00: all of it goes back for slot 1 (in 45 hours), half for slot 0 (in 21)."""
    order = await world.paid(world.shop.slots[slot])
    (booking,) = (await world.case(order)).bookings
    assert booking.id is not None
    return order, booking.id


async def cancel(world: World, booking: BookingId, confirmed: int) -> None:
    await world.cancelling.cancel(world.shop.customer_id, booking, confirmed)


async def refunds(world: World) -> list[tuple[object, object]]:
    return [(row._mapping["amount"], row._mapping["state"]) for row in await world.rows(schema.refund)]


async def test_a_cancelled_booking_is_paid_back_and_its_seats_are_free(world: World) -> None:
    order, booking = await booked(world)
    view, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (view.order_id, due.amount.minor, due.percent) == (order, 7800, 100)
    await cancel(world, booking, 7800)
    assert await refunds(world) == [(7800, RefundState.NEW)]
    assert await world.taken(world.shop.slots[1]) == 10
    await world.hear()
    assert world.stripe.ledger()[0].refunded == 7800
    assert (await world.case(order)).order.state is State.REFUNDED
    assert [told for told in await world.told() if told.startswith("refunded")] == [
        f"refunded:{world.stripe.refunds()[0]['id']}"
    ]
    assert await world.concerns() == []
    await world.check_money()


async def test_part_of_the_price_is_kept_by_a_shop_whose_step_has_passed(world: World) -> None:
    order, booking = await booked(world, slot=0)
    await cancel(world, booking, 3900)
    await world.hear()
    case = await world.case(order)
    assert (case.order.state, case.order.refunded.minor, dict(case.claims)) == (State.PAID, 3900, {})
    await world.check_money()


async def test_what_was_bought_keeps_its_rules(world: World) -> None:
    _, booking = await booked(world)

    async def worse(connection: Connection) -> None:
        await connection.execute(update(schema.resource).values(cancellation=[]))

    await world.database.run(worse)
    assert (await world.cancelling.ask(world.shop.customer_id, booking))[1].amount.minor == 7800
    _, later = await booked(world, slot=0)
    assert (await world.cancelling.ask(world.shop.customer_id, later))[1].amount.minor == 0


async def test_two_devices_at_once_are_paid_back_once(world: World) -> None:
    _, booking = await booked(world)
    both = await asyncio.gather(*(cancel(world, booking, 7800) for _ in range(2)), return_exceptions=True)
    assert sorted(isinstance(one, CannotCancel) for one in both) == [False, True]
    await world.hear()
    assert await refunds(world) == [(7800, RefundState.SUCCEEDED)]
    assert world.stripe.ledger()[0].refunded == 7800
    await world.check_money()


@pytest.mark.parametrize(("by_hand", "left"), [(7800, 0), (5000, 2800), (900, 6900)])
async def test_a_refund_in_the_dashboard_that_we_know_of_lowers_what_goes_back(
    world: World, by_hand: int, left: int
) -> None:
    _, booking = await booked(world)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, by_hand)
    await world.hear()
    with pytest.raises(Refusal) as refusal:
        await cancel(world, booking, 7800)
    if left:
        assert isinstance(refusal.value, RefundChanged)
        await cancel(world, booking, left)
        await world.hear()
    assert world.stripe.ledger()[0].refunded == 7800
    await world.check_money()


async def test_a_refund_in_the_dashboard_at_the_same_moment_is_not_added_to(world: World) -> None:
    order, booking = await booked(world)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await cancel(world, booking, 7800)
    await world.hear()
    assert world.stripe.ledger()[0].refunded == 7800
    assert (await world.case(order)).order.state is State.REFUNDED
    assert "failed_refund" in await world.concerns()
    await world.check_money()


async def test_when_a_step_has_passed_meanwhile_nothing_happens(world: World) -> None:
    _, booking = await booked(world)
    await world.advance(hours=22)
    with pytest.raises(RefundChanged):
        await cancel(world, booking, 7800)
    assert (await refunds(world), await world.taken(world.shop.slots[1])) == ([], 12)


async def test_after_the_start_nothing_is_cancelled(world: World) -> None:
    _, booking = await booked(world)
    await world.advance(hours=45)
    for confirmed in (0, 3900, 7800):
        with pytest.raises(CannotCancel):
            await cancel(world, booking, confirmed)


async def test_a_strangers_booking_and_one_that_is_not_there_are_gone(world: World) -> None:
    _, booking = await booked(world)
    stranger = await add_customer(world.database, 1002)
    for who, which in ((stranger, booking), (world.shop.customer_id, BookingId(99))):
        with pytest.raises(Gone):
            await world.cancelling.ask(who, which)
        with pytest.raises(Gone):
            await world.cancelling.cancel(who, which, 7800)
    assert await refunds(world) == []


@pytest.mark.fault(22)
async def test_a_refund_of_unknown_outcome_is_not_made_twice(world: World) -> None:
    _, booking = await booked(world)
    await cancel(world, booking, 7800)
    world.fault(Kind.TIMEOUT_AFTER, REFUNDS)
    await world.work()
    await world.advance(seconds=2)
    await world.hear()
    assert len(world.stripe.refunds()) == 1
    await world.check_money()


@pytest.mark.fault(19)
async def test_a_refund_that_stripe_refuses_is_told_and_is_for_a_human(world: World) -> None:
    order, booking = await booked(world)
    await cancel(world, booking, 7800)
    world.fault(Kind.ERROR, REFUNDS, status=400)
    await world.work()
    assert await world.concerns() == ["failed_refund"]
    assert [told for told in await world.told() if told.startswith("refund")] == ["refund_failed:1"]
    assert (await world.case(order)).order.state is State.PAID


async def test_an_item_stays_sold(world: World) -> None:
    await world.paid(world.shop.item.inventory_id, piece=1)
    with pytest.raises(CannotCancel):
        await world.cancelling.ask(world.shop.customer_id, BookingId(1))


async def test_the_figures_count_what_went_back_on_its_own_day(world: World) -> None:
    _, booking = await booked(world)
    await world.advance(hours=15)
    await cancel(world, booking, 7800)
    await world.hear()
    rows = [row._mapping for row in await world.rows(schema.daily_sales) if row._mapping["resource_id"] == 0]
    today = world.clock.now().date()
    assert [(row["guests"], row["gross"], row["refunded"]) for row in rows] == [(2, 7800, 0), (0, 0, 7800)]
    assert rows[1]["day"] == today
    assert rows[0]["day"] == today - timedelta(days=1)
