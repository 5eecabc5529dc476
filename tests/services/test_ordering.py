"""A customer holds seats once, whatever is tapped, and lets them go again."""

import asyncio

import pytest

from bot.domain.errors import (
    Gone,
    NotCancellable,
    PriceChanged,
    SoldOut,
    StillReleasing,
    TooLate,
    TooMany,
    TooManyOpenOrders,
)
from bot.domain.ids import CustomerId, InventoryId, MessageId, OrderId
from bot.domain.orders import Closing, State
from bot.domain.selection import Selection
from bot.sandbox.faults import Kind
from storage import schema
from tests.builders import add_category, add_customer, add_event, add_slot, at
from tests.world import World


async def states(world: World) -> list[str]:
    return [str(row._mapping["state"]) for row in await world.rows(schema.orders)]


@pytest.mark.fault(28)
async def test_ten_taps_are_one_order_with_one_session_and_one_link(world: World) -> None:
    placed = await asyncio.gather(*(world.place(nonce="tapped") for _ in range(10)))
    await world.work()
    assert len(set(placed)) == 1
    assert len(world.stripe.sessions()) == 1
    assert await world.taken(world.shop.slots[0]) == 2
    assert await world.told() == ["card:held", "slow:held", "last_call:held", "card:link1"]


@pytest.mark.fault(28)
async def test_two_devices_leave_one_order(world: World) -> None:
    await asyncio.gather(world.place(nonce="phone"), world.place(nonce="desk"))
    await world.work()
    assert sorted(await states(world)) == [State.AWAITING_PAYMENT, State.CANCELLED]
    assert await world.taken(world.shop.slots[0]) == 2


async def test_one_nonce_is_each_customer_s_own(world: World) -> None:
    other = await add_customer(world.database, telegram_id=1002)
    assert await world.place(nonce="same") != await world.place(customer=other, nonce="same")


async def test_the_link_is_shown_on_the_card(world: World) -> None:
    order = await world.place()
    assert (await world.ordering.card(order)).link is None
    await world.work()
    card = await world.ordering.own_card(world.shop.customer_id, order)
    assert card.link is not None
    assert card.link == world.stripe.session(await world.session_id(order))["url"]
    assert (card.state, card.total.minor, card.slow, card.message_id) == (State.AWAITING_PAYMENT, 7800, False, None)


async def test_the_card_s_message_is_remembered(world: World) -> None:
    order = await world.place()
    await world.ordering.remember_card_message(order, MessageId(77))
    assert (await world.ordering.card(order)).message_id == 77


async def test_a_changed_selection_closes_the_old_order_first(world: World) -> None:
    first = await world.placed_with_link(adult=2)
    second = await world.place(adult=3)
    assert (await world.case(first)).order.closing is Closing.CHANGED
    assert await world.taken(world.shop.slots[0]) == 5
    await world.work()
    assert (await world.case(first)).order.state is State.CANCELLED
    assert (await world.case(second)).order.state is State.AWAITING_PAYMENT
    assert world.stripe.session(await world.session_id(first))["status"] == "expired"
    assert await world.taken(world.shop.slots[0]) == 3


async def test_who_stands_in_their_own_way_is_asked_for_a_moment_s_patience(world: World) -> None:
    scarce = world.shop.slots[1]
    first = await world.placed_with_link(scarce, adult=2)
    with pytest.raises(StillReleasing) as refused:
        await world.place(scarce, adult=1, child=1)
    assert refused.value.order_id == first
    with pytest.raises(StillReleasing):
        await world.place(scarce, adult=1, child=1)
    await world.work()
    assert (await world.case(first)).order.state is State.CANCELLED
    assert await world.place(scarce, adult=1, child=1)


async def test_a_hold_is_kept_when_giving_it_up_would_not_be_enough(world: World) -> None:
    """Before, the customer lost the seat they had and got no other."""
    scarce = world.shop.slots[1]
    first = await world.placed_with_link(scarce, adult=1)
    with pytest.raises(SoldOut) as refused:
        await world.place(scarce, adult=3)
    assert refused.value.left == 1
    assert (await world.case(first)).order.state is State.AWAITING_PAYMENT


async def test_seats_whose_payment_is_under_way_are_not_said_to_become_free(world: World) -> None:
    far = await add_slot(world.database, world.shop.event.id, at(10), capacity=2)
    order = await world.placed_with_link(far, adult=2)
    await world.pay(order, "sepa_debit_ok")
    await world.hear()
    with pytest.raises(SoldOut):
        await world.place(far, adult=1)
    assert (await world.case(order)).order.state is State.PROCESSING


async def test_sold_out_is_said_to_those_who_hold_nothing(world: World) -> None:
    with pytest.raises(SoldOut):
        await world.place(world.shop.slots[2])
    assert await states(world) == []


@pytest.mark.fault(32)
async def test_a_customer_holds_few_orders_at_once(world: World) -> None:
    walks = await add_category(world.database, "more")
    events = [await add_event(world.database, walks, f"walk-{number}") for number in range(3)]
    slots = [await add_slot(world.database, event.id, at(2)) for event in events]
    await world.place()
    for event, slot in list(zip(events, slots, strict=True))[:2]:
        await hold(world, slot, Selection(slot, {event.fares["adult"]: 1}))
    with pytest.raises(TooManyOpenOrders) as refused:
        await hold(world, slots[2], Selection(slots[2], {events[2].fares["adult"]: 1}))
    assert refused.value.most == 3
    assert len(await states(world)) == 3


async def hold(world: World, slot: InventoryId, selection: Selection) -> OrderId:
    return await world.ordering.place(
        world.shop.customer_id, selection, nonce=f"slot{slot}", confirmed_total=3900, language="en"
    )


@pytest.mark.fault(32)
async def test_the_same_resource_cannot_be_held_over_and_over_while_stripe_is_away(world: World) -> None:
    for _ in range(6):
        await world.place(adult=1)
    with pytest.raises(TooManyOpenOrders):
        await world.place(adult=1)
    assert await world.taken(world.shop.slots[0]) == 6


@pytest.mark.fault(31)
async def test_another_price_than_the_confirmed_is_asked_about_again(world: World) -> None:
    with pytest.raises(PriceChanged) as refused:
        await world.place(total=7000)
    assert (refused.value.confirmed, refused.value.current) == (7000, 7800)
    assert await states(world) == []


@pytest.mark.fault(31)
async def test_what_has_gone_cannot_be_held(world: World) -> None:
    closed = await add_slot(world.database, world.shop.event.id, at(4), closed=True)
    with pytest.raises(Gone):
        await world.place(closed)
    with pytest.raises(Gone):
        await world.place(InventoryId(4711))


@pytest.mark.fault(31)
async def test_what_begins_soon_cannot_be_held(world: World) -> None:
    await world.advance(days=1)
    with pytest.raises(TooLate):
        await world.place()


@pytest.mark.fault(32)
async def test_a_million_guests_are_refused(world: World) -> None:
    with pytest.raises(TooMany):
        await world.place(adult=10**6)


async def test_only_the_owner_sees_or_cancels_an_order(world: World) -> None:
    order, other = await world.place(), await add_customer(world.database, telegram_id=1002)
    for refused in (
        world.ordering.cancel(other, order),
        world.ordering.own_card(other, order),
        world.ordering.retry_link(other, order),
        world.ordering.cancel(world.shop.customer_id, OrderId(4711)),
    ):
        with pytest.raises(Gone):
            await refused
    assert (await world.case(order)).order.state is State.HELD


async def test_a_card_of_nobody_is_gone(world: World) -> None:
    with pytest.raises(Gone):
        await world.ordering.card(OrderId(4711))


async def test_a_paid_order_cannot_be_cancelled_by_a_tap(world: World) -> None:
    order = await world.paid()
    with pytest.raises(NotCancellable) as refused:
        await world.ordering.cancel(world.shop.customer_id, order)
    assert refused.value.state == State.PAID


async def test_cancelling_twice_is_cancelling_once(world: World) -> None:
    order = await world.placed_with_link()
    for _ in range(2):
        await world.ordering.cancel(world.shop.customer_id, order)
    await world.work()
    assert (await world.case(order)).order.state is State.CANCELLED
    assert await world.told() == [
        "card:held",
        "slow:held",
        "last_call:held",
        "card:link1",
        "card:closing",
        "card:cancelled",
    ]


async def test_a_link_can_be_asked_for_before_its_time(world: World) -> None:
    order = await world.place()
    world.fault(Kind.ERROR, "/v1/checkout/sessions", status=429)
    await world.ask()
    assert await world.ask() == 0
    await world.ordering.retry_link(world.shop.customer_id, order)
    assert await world.ask() == 1
    assert (await world.case(order)).order.state is State.AWAITING_PAYMENT
    await world.ordering.retry_link(world.shop.customer_id, order)
    assert await world.ask() == 0


async def test_a_customer_who_was_erased_meanwhile_places_nothing(world: World) -> None:
    nobody = await add_customer(world.database, telegram_id=None)
    with pytest.raises(Gone):
        await world.place(customer=CustomerId(nobody))
    assert await world.rows(schema.orders) == []
