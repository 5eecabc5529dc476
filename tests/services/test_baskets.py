"""Several things are put aside, and then held, paid and booked together, or not at all."""

import asyncio

import pytest
from sqlalchemy import delete, update

from bot.domain.baskets import BasketView
from bot.domain.errors import (
    BasketFull,
    Gone,
    NothingChosen,
    OutOfDate,
    PriceChanged,
    SoldOut,
    StillReleasing,
    TooManyOpenOrders,
)
from bot.domain.ids import CustomerId, InventoryId, OrderId
from bot.domain.orders import State
from bot.domain.selection import Selection
from storage import schema
from storage.database import Connection
from tests.builders import add_category, add_customer, add_event, add_slot, at
from tests.world import World


async def put(world: World, slot: int | None = 0, customer: CustomerId | None = None, count: int = 1) -> None:
    """So many adults for a slot; without one, so many lanterns."""
    shop = world.shop
    event = slot is not None
    row = shop.slots[slot] if slot is not None else shop.item.inventory_id
    fare = shop.event.fares["adult"] if event else shop.item.fares["piece"]
    await world.baskets.add(customer or shop.customer_id, Selection(row, {fare: count}))


async def seen(world: World, customer: CustomerId | None = None) -> BasketView:
    return await world.baskets.show(customer or world.shop.customer_id)


async def place(
    world: World, nonce: str = "basket", view: BasketView | None = None, who: CustomerId | None = None
) -> OrderId:
    shown = view or await seen(world, who)
    return await world.ordering.place_basket(
        who or world.shop.customer_id,
        nonce=nonce,
        confirmed_total=shown.total.minor,
        seen=shown.digest,
        language="en",
    )


async def three_things(world: World) -> None:
    """Two slots of one event, and two lanterns: 39 + 39 + 24."""
    await put(world, 0)
    await put(world, 1)
    await put(world, None, count=2)


async def change(world: World, **values: object) -> None:
    """All slots of the event are changed."""

    async def work(connection: Connection) -> None:
        slots = schema.inventory.c.resource_id == world.shop.event.id
        await connection.execute(update(schema.inventory).where(slots).values(**values))

    await world.database.run(work)
    await world.remember_unclaimed()


async def test_a_basket_claims_nothing(world: World) -> None:
    await three_things(world)
    assert await world.baskets.count(world.shop.customer_id) == 3
    assert (await seen(world)).total.minor == 10200
    assert [await world.taken(row) for row in (world.shop.slots[0], world.shop.item.inventory_id)] == [0, 0]


async def test_putting_the_same_in_again_changes_how_many(world: World) -> None:
    for count in (1, 1, 3):
        await put(world, 0, count=count)
    (entry,) = (await seen(world)).entries
    assert list(entry.entry.counts.values()) == [3]


async def test_all_of_it_is_one_order_one_payment_and_a_booking_each(world: World) -> None:
    await three_things(world)
    order = await place(world)
    assert await world.baskets.count(world.shop.customer_id) == 0
    await world.work()
    (session,) = world.stripe.sessions()
    assert session["amount_total"] == 10200
    await world.pay(order)
    await world.hear()
    case = await world.case(order)
    assert case.order.state is State.PAID
    assert len(case.bookings) == 3
    assert [await world.taken(row) for row in (*world.shop.slots[:2], world.shop.item.inventory_id)] == [1, 11, 2]
    booked = [told for told in await world.told() if told.startswith("booked")]
    assert booked == [f"booked:part{booking.inventory_id}" for booking in case.bookings]


async def test_nothing_is_held_if_one_of_several_is_full(world: World) -> None:
    await three_things(world)
    view = await seen(world)
    await change(world, capacity=10, taken=10)
    with pytest.raises(SoldOut):
        await place(world, view=view)
    assert await world.rows(schema.orders) == []
    assert await world.taken(world.shop.item.inventory_id) == 0
    full, also, fine = (await seen(world)).entries
    assert isinstance(full.trouble, SoldOut)
    assert isinstance(also.trouble, SoldOut)
    assert fine.trouble is None


@pytest.mark.fault(28)
async def test_ten_taps_place_a_basket_once(world: World) -> None:
    await three_things(world)
    view = await seen(world)
    placed = await asyncio.gather(*(place(world, view=view) for _ in range(10)))
    assert len(set(placed)) == 1
    assert await world.taken(world.shop.slots[0]) == 1


async def test_a_second_device_does_not_place_it_again(world: World) -> None:
    await three_things(world)
    view = await seen(world)
    await place(world, "phone", view)
    with pytest.raises(NothingChosen):
        await place(world, "desk", view)


async def test_who_is_second_on_the_last_seats_keeps_the_basket(world: World) -> None:
    other = await add_customer(world.database, telegram_id=1002)
    for who in (world.shop.customer_id, other):
        await put(world, 1, who, count=2)
        await put(world, None, who)
    views = [await seen(world, who) for who in (world.shop.customer_id, other)]
    results = await asyncio.gather(
        place(world, "a", views[0]), place(world, "b", views[1], other), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["SoldOut", "int"]
    assert await world.taken(world.shop.slots[1]) == 12
    assert await world.taken(world.shop.item.inventory_id) == 1
    counts = [await world.baskets.count(who) for who in (world.shop.customer_id, other)]
    assert sorted(counts) == [0, 2]


async def test_another_price_than_the_confirmed_is_asked_about_again(world: World) -> None:
    await three_things(world)
    view = await seen(world)

    async def dearer(connection: Connection) -> None:
        await connection.execute(update(schema.fare).values(unit_amount=schema.fare.c.unit_amount + 100))

    await world.database.run(dearer)
    with pytest.raises(PriceChanged):
        await place(world, view=view)
    first, *_ = (await seen(world)).entries
    assert first.before is not None
    assert (first.before.minor, first.price and first.price.total.minor) == (3900, 4000)


async def test_the_same_total_of_other_things_is_not_what_was_confirmed(world: World) -> None:
    await put(world, 0)
    view = await seen(world)
    await world.baskets.empty(world.shop.customer_id)
    await put(world, 1)
    with pytest.raises(OutOfDate):
        await place(world, view=view)
    assert await world.rows(schema.orders) == []


async def test_what_is_gone_is_marked_and_can_be_taken_out(world: World) -> None:
    await put(world, 0)
    await put(world, None)

    async def removed(connection: Connection) -> None:
        await connection.execute(delete(schema.inventory).where(schema.inventory.c.id == world.shop.slots[0]))

    await world.database.run(removed)
    view = await seen(world)
    assert isinstance(view.entries[0].trouble, Gone)
    assert view.entries[0].label is None
    with pytest.raises(Gone):
        await place(world)
    await world.baskets.remove(world.shop.customer_id, world.shop.slots[0])
    await place(world)


async def test_a_basket_has_room_for_ten(world: World) -> None:
    for day in range(10):
        slot = await add_slot(world.database, world.shop.event.id, at(day + 5))
        await world.baskets.add(world.shop.customer_id, Selection(slot, {world.shop.event.fares["adult"]: 1}))
    with pytest.raises(BasketFull):
        await put(world, 0)
    assert await world.baskets.count(world.shop.customer_id) == 10


async def test_what_cannot_be_had_is_not_put_in(world: World) -> None:
    with pytest.raises(SoldOut):
        await put(world, 2)
    with pytest.raises(Gone):
        await world.baskets.add(world.shop.customer_id, Selection(InventoryId(4711), {}))
    assert await world.baskets.count(world.shop.customer_id) == 0


async def test_everybody_has_a_basket_of_their_own(world: World) -> None:
    other = await add_customer(world.database, telegram_id=1002)
    await put(world, 0)
    await put(world, 1, other)
    await world.baskets.remove(other, world.shop.slots[0])
    await world.baskets.empty(other)
    assert await world.baskets.count(world.shop.customer_id) == 1


async def test_an_order_of_several_things_is_not_closed_for_one_of_them(world: World) -> None:
    await three_things(world)
    order = await place(world)
    await world.place(world.shop.slots[0], adult=1)
    assert (await world.case(order)).order.state is State.HELD
    await put(world, 0)
    await put(world, None)
    await place(world, "again")
    await world.work()
    assert (await world.case(order)).order.state is State.CANCELLED


async def test_ones_own_held_seats_do_not_stand_in_the_way_for_long(world: World) -> None:
    first = await world.placed_with_link(world.shop.slots[1], adult=2)

    await put(world, None)
    fares = world.shop.event.fares

    async def aside(connection: Connection) -> None:
        row = {"customer_id": world.shop.customer_id, "inventory_id": world.shop.slots[1], "fare_id": fares["adult"]}
        values = {**row, "quantity": 2, "unit_amount": 3900, "added_at": world.clock.now()}
        await connection.execute(schema.basket_entry.insert().values(values))

    await world.database.run(aside)
    with pytest.raises(StillReleasing):
        await world.ordering.place_basket(
            world.shop.customer_id, nonce="b", confirmed_total=9000, seen=0, language="en"
        )
    await world.work()
    assert (await world.case(first)).order.state is State.CANCELLED
    await place(world)


async def test_a_basket_counts_as_one_open_order(world: World) -> None:
    category = await add_category(world.database, "boats")
    for number in range(3):
        event = await add_event(world.database, category, f"boat-{number}")
        slot = await add_slot(world.database, event.id, at(4))
        await world.ordering.place(
            world.shop.customer_id,
            Selection(slot, {event.fares["adult"]: 1}),
            nonce=f"boat{number}",
            confirmed_total=3900,
            language="en",
        )
    await three_things(world)
    with pytest.raises(TooManyOpenOrders):
        await place(world)


async def test_an_order_that_ended_goes_back_into_the_basket(world: World) -> None:
    await three_things(world)
    order = await place(world)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.work()
    await put(world, 0, count=5)
    await world.baskets.fill_again(world.shop.customer_id, order)
    assert (await seen(world)).total.minor == 10200
    other = await add_customer(world.database, telegram_id=1002)
    with pytest.raises(Gone):
        await world.baskets.fill_again(other, order)


async def test_one_part_is_cancelled_and_the_others_stand(world: World) -> None:
    await put(world, 1)
    await put(world, 0)
    order = await place(world)
    await world.work()
    await world.pay(order)
    await world.hear()
    case = await world.case(order)
    later = next(booking for booking in case.bookings if booking.inventory_id == world.shop.slots[1])
    assert later.id is not None
    given = await world.cancelling.cancel(world.shop.customer_id, later.id, 3900)
    await world.hear()
    case = await world.case(order)
    assert given.minor == 3900
    assert (case.order.state, case.order.refunded.minor, dict(case.claims)) == (
        State.PAID,
        3900,
        {world.shop.slots[0]: 1},
    )
    about = {str(row._mapping["kind"]): row._mapping["data"] for row in await world.rows(schema.outbox)}
    for kind in ("refunded", "staff_cancelled"):
        data = about[kind]
        assert isinstance(data, dict)
        assert data["inventory_id"] == world.shop.slots[1]
    await world.check_money()
