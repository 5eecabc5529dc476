"""Seats that come free belong to whoever waits for them first, before anybody else can see them."""

import asyncio
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.domain.errors import AlreadyHeld, Gone, NotFull, SoldOut, TooManyLists
from bot.domain.ids import CustomerId, InventoryId, OrderId, TelegramId, WaitingId
from bot.domain.keeping import Obstacle
from bot.domain.orders import Origin, State
from bot.domain.selection import Selection
from bot.services.offering import WAITING_ENDED
from bot.services.privacy import Privacy
from bot.services.retention import Retention
from bot.services.waiting_ends import IN_VAIN
from storage import customers, schema
from tests.builders import add_customer, add_slot, at
from tests.world import World

BLAISE, CLAIRE = 1002, 1003


@pytest_asyncio.fixture
async def blaise(world: World) -> CustomerId:
    return await add_customer(world.database, BLAISE, "fr")


@pytest_asyncio.fixture
async def claire(world: World) -> CustomerId:
    return await add_customer(world.database, CLAIRE)


async def wait(world: World, customer: CustomerId, adults: int = 2, slot: InventoryId | None = None) -> None:
    selection = Selection(slot or world.shop.slots[1], {world.shop.event.fares["adult"]: adults})
    await world.waiting.join(customer, selection, "en")


async def orders_of(world: World, customer: CustomerId) -> list[OrderId]:
    rows = [row._mapping for row in await world.rows(schema.orders)]
    return [OrderId(row["id"]) for row in rows if row["customer_id"] == customer]


async def offer_to(world: World, customer: CustomerId) -> OrderId:
    """The one order that was placed for them."""
    (order,) = await orders_of(world, customer)
    rows = [row._mapping for row in await world.rows(schema.orders)]
    assert next(row["origin"] for row in rows if row["id"] == order) == Origin.OFFER
    return order


async def waiting(world: World) -> list[CustomerId]:
    return [row._mapping["customer_id"] for row in await world.rows(schema.waiting)]


async def full(world: World) -> OrderId:
    """The last two seats of slot 1 are sold."""
    return await world.paid(world.shop.slots[1])


async def give_back(world: World, order: OrderId) -> None:
    """Its owner cancels the booking; the work that follows is not done yet."""
    (booking,) = (await world.case(order)).bookings
    assert booking.id is not None
    _, due = await world.cancelling.ask(world.shop.customer_id, booking.id)
    await world.cancelling.cancel(world.shop.customer_id, booking.id, due.amount.minor)


async def test_a_cancelled_booking_becomes_an_offer_in_the_same_moment(world: World, blaise: CustomerId) -> None:
    order = await full(world)
    await wait(world, blaise)
    await give_back(world, order)
    offer = await offer_to(world, blaise)
    assert await world.taken(world.shop.slots[1]) == 12
    with pytest.raises(SoldOut):
        await world.place(world.shop.slots[1], adult=1)
    assert await waiting(world) == []
    await world.work()
    assert (await world.told(BLAISE)).count("card:link1") == 1
    assert (await world.case(offer)).order.state is State.AWAITING_PAYMENT
    assert (await world.case(offer)).order.hold_until == world.clock.now() + timedelta(hours=2)
    await world.pay(offer)
    await world.hear()
    assert (await world.case(offer)).order.state is State.PAID
    await world.check_money()


async def test_a_hold_that_is_let_go_becomes_an_offer_once_it_cannot_be_paid(world: World, blaise: CustomerId) -> None:
    order = await world.placed_with_link(world.shop.slots[1])
    await wait(world, blaise)
    await world.ordering.cancel(world.shop.customer_id, order)
    assert await orders_of(world, blaise) == []
    await world.work()
    assert (await world.case(await offer_to(world, blaise))).claims == {world.shop.slots[1]: 2}


async def test_an_offer_that_is_not_taken_passes_on_to_the_next(
    world: World, blaise: CustomerId, claire: CustomerId
) -> None:
    order = await full(world)
    await wait(world, blaise)
    await wait(world, claire)
    await give_back(world, order)
    await world.work()
    assert await orders_of(world, claire) == []
    await world.live_through(121, 11)
    assert (await world.case(await offer_to(world, blaise))).order.state is State.EXPIRED
    assert (await world.case(await offer_to(world, claire))).order.state is State.AWAITING_PAYMENT
    assert await waiting(world) == []


async def test_a_refusal_passes_it_on_at_once(world: World, blaise: CustomerId, claire: CustomerId) -> None:
    order = await full(world)
    await wait(world, blaise)
    await wait(world, claire, adults=1)
    await give_back(world, order)
    await world.work()
    await world.ordering.cancel(blaise, await offer_to(world, blaise))
    await world.work()
    assert (await world.case(await offer_to(world, claire))).claims == {world.shop.slots[1]: 1}
    assert await world.taken(world.shop.slots[1]) == 11


async def test_what_was_declined_does_not_come_straight_back(
    world: World, blaise: CustomerId, claire: CustomerId
) -> None:
    """Neither while it is an offer nor while it is being let go: then others have their turn."""
    order = await full(world)
    await wait(world, blaise)
    await give_back(world, order)
    await world.work()
    offer = await offer_to(world, blaise)
    with pytest.raises(AlreadyHeld) as held:
        await wait(world, blaise)
    assert held.value.order_id == offer
    await world.ordering.cancel(blaise, offer)
    assert (await world.case(offer)).order.state is State.CLOSING
    with pytest.raises(AlreadyHeld):
        await wait(world, blaise)
    await wait(world, claire)
    await world.work()
    await offer_to(world, claire)
    await wait(world, blaise)
    assert await waiting(world) == [blaise]


async def test_who_holds_places_does_not_wait_for_more_of_them_until_they_are_paid(
    world: World, blaise: CustomerId
) -> None:
    order = await world.placed_with_link(world.shop.slots[1], blaise)
    with pytest.raises(AlreadyHeld):
        await wait(world, blaise, adults=3)
    await world.pay(order)
    await world.hear()
    await wait(world, blaise, adults=3)


async def test_a_party_that_is_too_large_keeps_its_place(world: World, blaise: CustomerId, claire: CustomerId) -> None:
    order = await full(world)
    await wait(world, blaise, adults=3)
    await wait(world, claire, adults=2)
    await give_back(world, order)
    await offer_to(world, claire)
    assert await waiting(world) == [blaise]


async def test_an_offer_costs_what_it_costs_today(world: World, blaise: CustomerId) -> None:
    order = await full(world)
    await wait(world, blaise)
    await world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=4500)))
    await give_back(world, order)
    assert (await world.case(await offer_to(world, blaise))).order.total.minor == 9000


async def test_a_list_is_joined_once_and_left_at_once(world: World, blaise: CustomerId, claire: CustomerId) -> None:
    order = await full(world)
    for customer, adults in ((blaise, 2), (claire, 1), (blaise, 1)):
        await wait(world, customer, adults)
    assert await waiting(world) == [blaise, claire]
    (entry,) = await world.waiting.of_customer(blaise)
    assert (entry.counts, entry.ahead) == ({world.shop.event.fares["adult"]: 1}, 0)
    assert await world.waiting.leave(blaise, world.shop.slots[1])
    assert not await world.waiting.leave(blaise, world.shop.slots[1])
    await give_back(world, order)
    assert await orders_of(world, blaise) == []
    await offer_to(world, claire)


async def test_nobody_waits_for_what_there_is_and_nobody_on_every_list(world: World, blaise: CustomerId) -> None:
    with pytest.raises(NotFull):
        await wait(world, blaise)
    full_ones = [await add_slot(world.database, world.shop.event.id, at(4 + day), taken=12) for day in range(6)]
    await world.remember_unclaimed()
    for slot in full_ones[:5]:
        await wait(world, blaise, slot=slot)
    with pytest.raises(TooManyLists):
        await wait(world, blaise, slot=full_ones[5])
    await wait(world, blaise, adults=1, slot=full_ones[0])


async def test_whoever_cannot_be_written_to_is_passed_over(
    world: World, blaise: CustomerId, claire: CustomerId
) -> None:
    order = await full(world)
    await wait(world, blaise)
    await wait(world, claire)
    now = world.clock.now()
    await world.database.run(lambda c: customers.mark_blocked(c, TelegramId(BLAISE), now))
    await give_back(world, order)
    await offer_to(world, claire)
    assert await waiting(world) == [blaise]


async def test_so_late_that_nobody_could_pay_seats_are_simply_free(world: World, blaise: CustomerId) -> None:
    slot = await add_slot(world.database, world.shop.event.id, world.clock.now() + timedelta(hours=4), capacity=2)
    order = await world.paid(slot)
    await wait(world, blaise, slot=slot)
    await world.advance(hours=3, minutes=50)
    await give_back(world, order)
    assert await orders_of(world, blaise) == []
    assert await world.taken(slot) == 0


async def test_who_changes_a_choice_does_not_lose_it_to_those_who_wait(world: World, blaise: CustomerId) -> None:
    order = await world.placed_with_link(world.shop.slots[1])
    await wait(world, blaise)
    with pytest.raises(SoldOut):
        await world.place(world.shop.slots[1], adult=1)
    assert (await world.case(order)).order.state is State.AWAITING_PAYMENT
    await world.work()
    assert await waiting(world) == [blaise]


async def test_a_late_payment_finds_the_seats_given_to_whoever_waited(world: World, blaise: CustomerId) -> None:
    order = await world.lost(world.shop.slots[1])
    await wait(world, blaise)
    session = await world.surface(order)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.work()
    await offer_to(world, blaise)
    world.stripe.pay(session, "success")
    await world.hear()
    assert (await world.case(order)).order.state is State.REFUNDED
    await world.check_money()


async def test_room_that_was_added_is_offered_too(world: World, blaise: CustomerId) -> None:
    await full(world)
    await wait(world, blaise)
    more = schema.inventory.c.id == world.shop.slots[1]
    await world.database.run(lambda c: c.execute(update(schema.inventory).where(more).values(capacity=14)))
    await world.waiting.catch_up()
    await offer_to(world, blaise)
    await world.waiting.catch_up()
    await offer_to(world, blaise)


async def test_the_list_of_a_closed_slot_ends_with_a_sentence(world: World, blaise: CustomerId) -> None:
    order = await full(world)
    await wait(world, blaise)
    this = schema.inventory.c.id == world.shop.slots[1]
    await world.database.run(lambda c: c.execute(update(schema.inventory).where(this).values(closed=True)))
    await world.waiting.catch_up()
    await world.waiting.catch_up()
    assert await waiting(world) == []
    assert (await world.told(BLAISE)).count(WAITING_ENDED) == 1
    await give_back(world, order)
    assert await orders_of(world, blaise) == []


async def ends_planned(world: World) -> list[tuple[datetime, int]]:
    """When somebody is to hear that nothing came of it, and of which entry."""
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    return [(row["due_at"], row["data"]["waiting_id"]) for row in rows if row["kind"] == IN_VAIN]


async def closing(world: World, minutes: int) -> None:
    """From now on sales end so many minutes before the start."""
    event = schema.resource.c.id == world.shop.event.id
    changed = update(schema.resource).where(event).values(closes_minutes_before=minutes)
    await world.database.run(lambda c: c.execute(changed))
    await world.waiting.catch_up()


async def test_who_has_waited_in_vain_is_told_when_sales_end_and_then_forgotten(
    world: World, blaise: CustomerId
) -> None:
    await closing(world, 90)
    await full(world)
    await wait(world, blaise)
    ((due_at, entry),) = await ends_planned(world)
    assert due_at == at(2) - timedelta(minutes=90)
    assert (await world.waiting.in_vain(WaitingId(entry), due_at)).inventory_id == world.shop.slots[1]
    await world.advance(days=2)
    await Retention(world.database, world.clock, 10, ()).erase_old()
    with pytest.raises(Gone):
        await world.waiting.in_vain(WaitingId(entry), due_at)


async def test_who_has_heard_that_sales_have_ended_waits_for_nothing_any_more(world: World, blaise: CustomerId) -> None:
    """Neither on the list of what one waits for, nor towards the number of lists that one may be on."""
    await closing(world, 90)
    await full(world)
    await wait(world, blaise)
    world.clock.move_to(at(2) - timedelta(minutes=91))
    assert len(await world.waiting.of_customer(blaise)) == 1
    world.clock.move_to(at(2) - timedelta(minutes=90))
    assert await world.waiting.of_customer(blaise) == ()


@pytest.mark.parametrize("minutes", [30, 600, 5 * 24 * 60])
async def test_the_end_is_told_once_at_the_time_at_which_sales_end_now(
    world: World, blaise: CustomerId, minutes: int
) -> None:
    """The shop sells for longer, for less long, or has already stopped: nobody hears of the end while it is none."""
    await closing(world, 90)
    await full(world)
    await wait(world, blaise)
    ((before, entry),) = await ends_planned(world)
    await closing(world, minutes)
    await world.waiting.catch_up()
    now_due = at(2) - timedelta(minutes=minutes)
    assert await ends_planned(world) == [(before, entry), (now_due, entry)]
    with pytest.raises(Gone):
        await world.waiting.in_vain(WaitingId(entry), before)
    assert (await world.waiting.in_vain(WaitingId(entry), now_due)).closes_at == now_due


async def test_who_is_forgotten_waits_no_more_and_who_holds_an_offer_is_not_forgotten(
    world: World, blaise: CustomerId, claire: CustomerId
) -> None:
    order, privacy = await full(world), Privacy(world.database, world.clock, ())
    await wait(world, blaise)
    await wait(world, claire)
    assert b'"waiting_lists"' in await privacy.copy(blaise, TelegramId(BLAISE))
    assert await privacy.forget(blaise) == ()
    assert await waiting(world) == [claire]
    await give_back(world, order)
    assert await privacy.forget(claire) == (Obstacle.UNPAID,)


@pytest.mark.parametrize("waits", [True, False])
async def test_many_who_tap_for_a_seat_that_comes_free_do_not_get_before_the_line(
    world: World, blaise: CustomerId, *, waits: bool
) -> None:
    """Without anybody in line one of them gets it, so it is a race."""
    slot = await add_slot(world.database, world.shop.event.id, at(2, 12), capacity=1)
    order = await world.paid(slot, adult=1)
    if waits:
        await wait(world, blaise, adults=1, slot=slot)
    buyers = [await add_customer(world.database, 6000 + number) for number in range(12)]

    async def buy(buyer: CustomerId) -> bool:
        for _ in range(3):
            try:
                await world.place(slot, buyer, adult=1)
            except SoldOut:
                await asyncio.sleep(0)
            else:
                return True
        return False

    _, *got = await asyncio.gather(give_back(world, order), *(buy(buyer) for buyer in buyers))
    assert sum(map(bool, got)) <= (0 if waits else 1)
    assert await world.taken(slot) == (1 if waits else sum(map(bool, got)))
