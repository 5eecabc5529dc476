"""A booking moves in one transaction: its code stays, its seats are never nobody's, reminders and money follow."""

import asyncio

import pytest
from sqlalchemy import update

from bot.domain.bookings import SentBack
from bot.domain.errors import CannotMove, Gone, PriceChanged, Refusal, SoldOut
from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.money import Money
from bot.domain.orders import RefundState, State
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.checkout_parameters import SLOW_METHODS
from bot.services.outcomes import MOVED_BOOKING
from storage import schema
from tests.builders import add_customer, add_slot, at
from tests.world import World


async def booked(world: World, slot: InventoryId | None = None) -> tuple[OrderId, BookingId]:
    """Two adults for 78.00, in 45 hours."""
    order = await world.paid(slot or world.shop.slots[1])
    (booking,) = (await world.case(order)).bookings
    assert booking.id is not None
    return order, booking.id


async def another_day(world: World, capacity: int = 12, taken: int = 0) -> InventoryId:
    return await add_slot(world.database, world.shop.event.id, at(5), capacity, taken)


async def prices(world: World, minor: int) -> None:
    adult = schema.fare.c.id == world.shop.event.fares["adult"]
    await world.database.run(lambda c: c.execute(update(schema.fare).where(adult).values(unit_amount=minor)))


async def move(world: World, booking: BookingId, row: InventoryId, back: int = 0) -> None:
    await world.moving.move(world.shop.customer_id, booking, row, back)


async def test_a_booking_moves_with_its_code_and_its_seats(world: World) -> None:
    order, booking = await booked(world)
    there = await another_day(world)
    before = (await world.rows(schema.booking))[0]._mapping
    dates = await world.moving.dates(world.shop.customer_id, booking)
    assert there in [other.inventory_id for other in dates.others]
    assert world.shop.slots[1] not in [other.inventory_id for other in dates.others]
    await move(world, booking, there)
    after = (await world.rows(schema.booking))[0]._mapping
    assert [after[name] for name in ("code", "ticket_token")] == [before[name] for name in ("code", "ticket_token")]
    assert await world.taken(there) == 2
    assert await world.taken(world.shop.slots[1]) == 10
    assert [row._mapping["inventory_id"] for row in await world.rows(schema.order_line)] == [there]
    assert (await world.case(order)).order.state is State.PAID
    assert sum(told.startswith(f"{MOVED_BOOKING}:") for told in await world.told()) == 1


async def test_what_costs_less_there_goes_back_once(world: World) -> None:
    order, booking = await booked(world)
    there = await another_day(world)
    await prices(world, 3500)
    assert (await world.moving.propose(world.shop.customer_id, booking, there)).back.minor == 800
    await move(world, booking, there, 800)
    await world.hear()
    assert world.stripe.ledger()[0].refunded == 800
    case = await world.case(order)
    assert (case.order.state, case.order.refunded.minor) == (State.PAID, 800)
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert due.amount.minor == 7000
    await world.cancelling.cancel(world.shop.customer_id, booking, 7000)
    await world.hear()
    assert (await world.case(order)).order.state is State.REFUNDED
    await world.check_money()


async def test_nobody_pays_more_by_a_tap(world: World) -> None:
    _, booking = await booked(world)
    there = await another_day(world)
    await prices(world, 4500)
    with pytest.raises(PriceChanged):
        await move(world, booking, there)
    assert await world.taken(there) == 0


async def test_two_taps_move_it_once_and_two_who_want_the_last_seats_do_not_share_them(world: World) -> None:
    _, mine = await booked(world)
    _, other = await booked(world, world.shop.slots[0])
    there = await another_day(world, capacity=2)
    ends = await asyncio.gather(
        *(move(world, booking, there) for booking in (mine, mine, mine)),
        world.place(there),
        return_exceptions=True,
    )
    assert sum(isinstance(end, Refusal) for end in ends) == 3
    assert await world.taken(there) == 2
    with pytest.raises((SoldOut, CannotMove)):
        await move(world, other, there)


async def test_seats_that_a_move_frees_go_to_whoever_waits(world: World) -> None:
    _, booking = await booked(world)
    there = await another_day(world)
    blaise = await add_customer(world.database, 1002)
    adult = world.shop.event.fares["adult"]
    await world.waiting.join(blaise, Selection(world.shop.slots[1], {adult: 2}), "en")
    await move(world, booking, there)
    assert await world.taken(world.shop.slots[1]) == 12


async def test_a_strangers_booking_is_not_there(world: World) -> None:
    _, booking = await booked(world)
    there = await another_day(world)
    blaise = await add_customer(world.database, 1002)
    for attempt in (
        world.moving.dates(blaise, booking),
        world.moving.propose(blaise, booking, there),
        world.moving.move(blaise, booking, there, 0),
    ):
        with pytest.raises(Gone):
            await attempt
    with pytest.raises(CannotMove):
        await move(world, booking, world.shop.item.inventory_id)


async def surcharged(
    world: World, nonce: str = "m1", minor: int = 4500
) -> tuple[OrderId, BookingId, InventoryId, OrderId]:
    """A booking of 78.00 that is to move to where it costs more: its order, the new date, and the surcharge's order."""
    order, booking = await booked(world)
    there = await another_day(world)
    await prices(world, minor)
    extra = await pay(world, booking, there, 2 * (minor - 3900), nonce)
    await world.work()
    return order, booking, there, extra


async def pay(world: World, booking: BookingId, there: InventoryId, minor: int, nonce: str = "m1") -> OrderId:
    return await world.moving.pay(world.shop.customer_id, booking, there, confirmed=minor, nonce=nonce, language="en")


async def where(world: World, booking: BookingId) -> object:
    rows = [row._mapping for row in await world.rows(schema.booking)]
    return next(row["inventory_id"] for row in rows if row["id"] == booking)


async def test_a_surcharge_moves_the_booking_when_it_is_paid(world: World) -> None:
    order, booking, there, extra = await surcharged(world)
    assert await where(world, booking) == world.shop.slots[1]
    assert (await world.taken(there), await world.taken(world.shop.slots[1])) == (2, 12)
    await world.pay(extra)
    await world.deliver_webhooks(copies=2)
    await world.work()
    assert await where(world, booking) == there
    assert (await world.taken(there), await world.taken(world.shop.slots[1])) == (2, 10)
    assert [paid.captured for paid in world.stripe.ledger()] == [7800, 1200]
    assert len(await world.rows(schema.booking)) == 1
    assert (await world.case(order)).order.state is (await world.case(extra)).order.state is State.PAID
    (row,) = [row for row in await world._sales() if row[2] == 0]
    assert row[3:] == (1, 2, 9000, 0)
    await world.check_money()


async def test_what_a_surcharge_has_moved_moves_on_and_the_surcharge_goes_back_first(world: World) -> None:
    order, booking, there, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    await move(world, booking, world.shop.slots[1])
    assert [paid.refunded for paid in world.stripe.ledger()] == [0, 0]
    await prices(world, 3500)
    proposal = await world.moving.propose(world.shop.customer_id, booking, there)
    assert (proposal.back.minor, proposal.surcharge.minor) == (2000, 0)
    await move(world, booking, there, 2000)
    await world.hear()
    assert [paid.refunded for paid in world.stripe.ledger()] == [800, 1200]
    assert (await world.case(extra)).order.state is State.REFUNDED
    view, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (view.paid.minor, due.amount.minor) == (7000, 7000)
    await world.cancelling.cancel(world.shop.customer_id, booking, 7000)
    await world.hear()
    assert [paid.refunded for paid in world.stripe.ledger()] == [7800, 1200]
    assert (await world.case(order)).order.state is State.REFUNDED
    await world.check_money()


async def test_a_second_surcharge_is_told_like_the_first(world: World) -> None:
    """To the same date, after the booking had gone back from there."""
    _, booking, there, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    await prices(world, 3900)
    await move(world, booking, world.shop.slots[1], 1200)
    await prices(world, 4500)
    again = await pay(world, booking, there, 1200, "m2")
    await world.work()
    await world.pay(again)
    await world.hear()
    assert await where(world, booking) == there
    view, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (view.paid.minor, due.amount.minor) == (9000, 9000)
    told = [row._mapping["kind"] for row in await world.rows(schema.outbox)]
    assert told.count("staff_moved") == 3
    await world.check_money()


async def test_of_what_a_code_made_cheaper_only_that_part_goes_back(world: World) -> None:
    world.allow_codes()
    order = await world.place(world.shop.slots[1])
    await world.work()
    await world.pay(order, code="HALF")
    await world.hear()
    (booked_as,) = (await world.case(order)).bookings
    assert booked_as.id is not None
    there = await another_day(world)
    await prices(world, 3500)
    await move(world, booked_as.id, there, 400)
    await world.hear()
    assert [(paid.captured, paid.refunded) for paid in world.stripe.ledger()] == [(3900, 400)]
    view, due = await world.cancelling.ask(world.shop.customer_id, booked_as.id)
    assert (view.paid.minor, due.amount.minor) == (3500, 3500)
    await world.check_money()


async def test_a_cancelled_booking_gives_its_surcharge_back_too(world: World) -> None:
    order, booking, _, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    view, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (view.paid.minor, due.amount.minor) == (9000, 9000)
    await world.cancelling.cancel(world.shop.customer_id, booking, 9000)
    await world.hear()
    assert [paid.refunded for paid in world.stripe.ledger()] == [7800, 1200]
    assert (await world.case(order)).order.state is (await world.case(extra)).order.state is State.REFUNDED
    await world.check_money()


async def test_an_unpaid_surcharge_leaves_everything_as_it_was(world: World) -> None:
    order, booking, there, extra = await surcharged(world)
    await world.live_through(40, 8)
    assert (await world.case(extra)).order.state is State.EXPIRED
    assert (await world.case(order)).order.state is State.PAID
    assert await where(world, booking) == world.shop.slots[1]
    assert (await world.taken(there), await world.taken(world.shop.slots[1])) == (0, 12)


async def test_a_surcharge_that_is_paid_late_or_for_what_is_gone_goes_back(world: World) -> None:
    _, booking, there, extra = await surcharged(world)
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    await world.cancelling.cancel(world.shop.customer_id, booking, due.amount.minor)
    await world.pay(extra)
    await world.hear()
    assert (await world.case(extra)).order.state is State.REFUNDED
    assert [(paid.captured, paid.refunded) for paid in world.stripe.ledger()] == [(7800, 7800), (1200, 1200)]
    assert await world.taken(there) == 0
    await world.check_money()


@pytest.mark.parametrize("way", ["moved for nothing", "cancelled"])
async def test_a_surcharge_is_let_go_once_its_booking_has_changed_otherwise(world: World, way: str) -> None:
    _, booking, there, extra = await surcharged(world)
    await prices(world, 3900)
    if way == "cancelled":
        await world.cancelling.cancel(world.shop.customer_id, booking, 7800)
    else:
        await move(world, booking, await add_slot(world.database, world.shop.event.id, at(6)))
    await world.work()
    assert (await world.case(extra)).order.state is State.CANCELLED
    assert await world.taken(there) == 0
    await world.check_money()


async def test_what_staff_refund_in_full_takes_the_surcharge_along(world: World) -> None:
    order, _, there, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.hear()
    assert [(paid.captured, paid.refunded) for paid in world.stripe.ledger()] == [(7800, 7800), (1200, 1200)]
    assert (await world.case(order)).order.state is (await world.case(extra)).order.state is State.REFUNDED
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert (view.sent_back, view.refunded.minor) == (SentBack(Money(9000, "EUR"), RefundState.SUCCEEDED), 0)
    assert await world.taken(there) == 0
    await world.check_money()


async def test_staff_and_customers_are_told_of_all_that_goes_back(world: World) -> None:
    order, booking, _, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    await world.cancelling.cancel(world.shop.customer_id, booking, 9000)
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert view.sent_back == SentBack(Money(9000, "EUR"), RefundState.NEW)
    told = {row._mapping["kind"]: row._mapping["data"] for row in await world.rows(schema.outbox)}
    assert told["staff_cancelled"]["amount"] == 9000
    assert told["staff_moved"]["amount"] == -1200


async def test_what_was_given_back_for_a_move_is_not_told_as_missing_from_what_is_paid(world: World) -> None:
    order, booking = await booked(world)
    there = await another_day(world)
    await prices(world, 3500)
    await move(world, booking, there, 800)
    await world.hear()
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert (view.paid.minor, view.refunded.minor) == (7000, 0)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, 1000)
    await world.hear()
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert (view.paid.minor, view.refunded.minor) == (7000, 1000)


async def test_a_surcharge_is_due_at_once_and_in_full(world: World) -> None:
    """The booking stands where it was until then; and a code has done its work when that was paid."""
    world.allow_codes()
    *_, extra = await surcharged(world)
    (asked,) = [row._mapping for row in await world.rows(schema.checkout_attempt) if row._mapping["order_id"] == extra]
    assert "allow_promotion_codes" not in asked["parameters"]
    assert asked["parameters"]["excluded_payment_method_types"] == list(SLOW_METHODS)


async def test_a_surcharge_that_is_refunded_in_the_dashboard_is_for_staff_to_look_at(world: World) -> None:
    order, booking, there, extra = await surcharged(world)
    await world.pay(extra)
    await world.hear()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[1].payment_intent)
    await world.hear()
    assert await world.concerns() == ["dashboard_refund"]
    assert await where(world, booking) == there
    assert [told for told in await world.told() if told.startswith("refunded_part")] != []
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert (view.paid.minor, view.refunded.minor) == (9000, 1200)
    await world.check_money()


async def test_a_new_surcharge_replaces_the_one_before_and_ten_taps_make_one(world: World) -> None:
    _, booking, there, extra = await surcharged(world)
    ends = await asyncio.gather(*(pay(world, booking, there, 1200) for _ in range(10)))
    assert set(ends) == {extra}
    other = await add_slot(world.database, world.shop.event.id, at(6))
    again = await pay(world, booking, other, 1200, "m2")
    await world.work()
    assert (await world.case(extra)).order.state is State.CANCELLED
    await world.pay(again)
    await world.hear()
    assert await where(world, booking) == other
    assert await world.taken(there) == 0


async def test_another_amount_than_was_confirmed_is_not_asked_for(world: World) -> None:
    _, booking = await booked(world)
    there = await another_day(world)
    for confirmed in (0, 1200):
        with pytest.raises(PriceChanged):
            await pay(world, booking, there, confirmed)
    assert await world.taken(there) == 0
