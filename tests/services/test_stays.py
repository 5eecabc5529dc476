"""A stay is one order and one booking, takes every one of its days, and gives all of them back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.domain.catalogue_entries import Step
from bot.domain.errors import GuichetError, PriceChanged, SoldOut, StillReleasing
from bot.domain.file_rentals import LONGEST
from bot.domain.ids import CustomerId, OrderId
from bot.domain.orders import BookingStatus, Role, State
from bot.domain.rentals import DAY, Length, NoStay
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.visits import Visits
from storage import schema
from storage.database import Database
from tests.builders import ZONE, add_customer
from tests.clock import FakeClock
from tests.rentals import BOATS, ROOM, TODAY, Let, add_rental
from tests.world import World, open_world

THURSDAY, FRIDAY = 3, 4
"""Days after today, a Monday: a night costs 90, those of Friday and Saturday 110."""


@pytest_asyncio.fixture
async def room(world: World) -> Let:
    return await add_rental(world.database, world.shop.category_id)


async def place(
    world: World,
    let: Let,
    first: int,
    steps: int,
    total: int,
    *,
    units: int = 1,
    customer: CustomerId | None = None,
    nonce: str = "",
) -> OrderId:
    return await world.ordering.place(
        customer or world.shop.customer_id,
        Selection(let.row(first), {let.fare: units}, steps),
        nonce=nonce or f"{let.slug}{first}.{steps}.{units}.{customer}",
        confirmed_total=total,
        language="en",
    )


async def paid(world: World, let: Let, first: int, steps: int, total: int, units: int = 1) -> OrderId:
    order = await place(world, let, first, steps, total, units=units)
    await world.work()
    await world.pay(order)
    await world.hear()
    return order


async def taken(world: World, let: Let, first: int, steps: int) -> list[int]:
    return [await world.taken(let.row(day)) for day in range(first, first + steps)]


async def test_a_stay_has_a_line_and_a_claim_for_each_day_and_one_booking(world: World, room: Let) -> None:
    order = await paid(world, room, THURSDAY, 3, 9000 + 2 * 11000)
    case = await world.case(order)
    assert [line.unit.minor for line in case.lines] == [9000, 11000, 11000]
    assert case.claims == {room.row(day): 1 for day in (3, 4, 5)}
    assert [(row.inventory_id, row.status) for row in case.bookings] == [(room.row(3), BookingStatus.CONFIRMED)]
    assert await taken(world, room, 2, 5) == [0, 1, 1, 1, 0]


async def test_a_stay_is_one_line_on_the_payment_page_and_on_the_card(world: World, room: Let) -> None:
    order = await place(world, room, THURSDAY, 3, 31000)
    (line,) = (await world.ordering.card(order)).lines
    assert (line.unit.minor, line.quantity, line.stay) == (31000, 1, Length(Step.NIGHT, 3))
    await world.work()
    assert world.stripe.session(await world.session_id(order))["amount_total"] == 31000


async def test_a_booking_tells_the_whole_stay(world: World, room: Let) -> None:
    order = await paid(world, room, THURSDAY, 3, 31000)
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    ordered = view.ordered
    assert (ordered.stay, view.paid.minor, ordered.guests) == (Length(Step.NIGHT, 3), 31000, 0)
    assert ordered.starts_at is not None
    assert ordered.ends_at is not None
    zone = ZoneInfo(ZONE)
    assert ordered.starts_at.astimezone(zone).isoformat() == "2026-11-26T15:00:00+01:00"
    assert ordered.ends_at.astimezone(zone).isoformat() == "2026-11-29T11:00:00+01:00"
    assert [(fare.quantity, fare.unit.minor) for fare in ordered.fares] == [(1, 31000)]


async def test_another_price_than_was_confirmed_holds_nothing(world: World, room: Let) -> None:
    with pytest.raises(PriceChanged):
        await place(world, room, THURSDAY, 3, 27000)
    assert await taken(world, room, 3, 3) == [0, 0, 0]


@pytest.mark.parametrize(("first", "steps"), [(3, 0), (3, 15), (58, 4)])
async def test_days_that_cannot_be_taken_hold_nothing(world: World, room: Let, first: int, steps: int) -> None:
    with pytest.raises(NoStay):
        await place(world, room, first, steps, 9000)
    assert await world.rows(schema.orders) == []


async def test_a_night_is_never_let_as_if_it_were_a_slot(world: World, room: Let) -> None:
    with pytest.raises(NoStay):
        await world.ordering.place(
            world.shop.customer_id,
            Selection(room.row(3), {room.fare: 1}),
            nonce="forged",
            confirmed_total=9000,
            language="en",
        )
    with pytest.raises(GuichetError):
        await world.ordering.place(
            world.shop.customer_id,
            Selection(world.shop.slots[0], {world.shop.event.fares["adult"]: 1}, 2),
            nonce="forged2",
            confirmed_total=3900,
            language="en",
        )


@pytest.mark.fault(30)
async def test_of_many_stays_that_overlap_one_is_held(world: World, room: Let) -> None:
    """Each has the night of Friday in it."""
    guests = [await add_customer(world.database, telegram_id=2000 + number) for number in range(12)]
    wishes = [(FRIDAY - number % 3, 3) for number in range(12)]
    prices = {2: 9000 + 9000 + 11000, 3: 9000 + 11000 + 11000, 4: 11000 + 11000 + 9000}
    done = await asyncio.gather(
        *(
            place(world, room, first, steps, prices[first], customer=guest)
            for guest, (first, steps) in zip(guests, wishes, strict=True)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, int) for result in done) == 1
    assert all(isinstance(result, int | SoldOut) for result in done)
    assert await world.taken(room.row(FRIDAY)) == 1


async def test_units_of_the_same_are_let_side_by_side(world: World) -> None:
    boats = await add_rental(world.database, world.shop.category_id, BOATS, slug="boat", capacity=3, price=2000)
    other = await add_customer(world.database, telegram_id=1002)
    await place(world, boats, 1, 3, 2 * 3 * 2000, units=2)
    await place(world, boats, 2, 1, 2000, customer=other)
    assert await taken(world, boats, 0, 5) == [0, 2, 3, 2, 0]
    third = await add_customer(world.database, telegram_id=1003)
    with pytest.raises(SoldOut) as refused:
        await place(world, boats, 2, 2, 4000, customer=third)
    assert refused.value.left == 0


async def test_a_hold_that_ends_gives_every_day_back(world: World, room: Let) -> None:
    order = await place(world, room, THURSDAY, 3, 31000)
    await world.work()
    await world.advance(minutes=16)
    await world.work()
    assert (await world.case(order)).order.state is State.EXPIRED
    assert await taken(world, room, 3, 3) == [0, 0, 0]


async def test_who_stands_in_their_own_way_is_asked_for_a_moment_s_patience(world: World, room: Let) -> None:
    await place(world, room, THURSDAY, 3, 31000)
    await world.work()
    with pytest.raises(StillReleasing):
        await place(world, room, FRIDAY, 2, 22000)
    await world.work()
    assert await place(world, room, FRIDAY, 2, 22000, nonce="again")


async def test_who_has_paid_late_gets_the_stay_if_every_day_is_free(world: World, room: Let) -> None:
    order = await place(world, room, THURSDAY, 3, 31000)
    await world.work()
    session = await world.session_id(order)
    shown = world.shown(session, status="complete", payment_status="paid", payment_intent="pi_late_1")
    await world.advance(minutes=16)
    await world.work()
    await world.store([shown])
    await world.work()
    case = await world.case(order)
    assert (case.order.state, len(case.bookings), len(case.claims)) == (State.PAID, 1, 3)


async def test_who_has_paid_late_gets_all_back_if_one_day_is_taken(world: World, room: Let) -> None:
    order = await place(world, room, THURSDAY, 3, 31000)
    await world.work()
    session = await world.session_id(order)
    shown = world.shown(session, status="complete", payment_status="paid", payment_intent="pi_late_2")
    await world.advance(minutes=16)
    await world.work()
    await place(world, room, FRIDAY + 1, 1, 11000, customer=await add_customer(world.database, telegram_id=1002))
    await world.store([shown])
    await world.settlement.drain()
    case = await world.case(order)
    assert (case.order.state, case.payments[-1].role, case.bookings) == (State.REFUNDED, Role.LATE, ())
    assert await taken(world, room, 3, 3) == [0, 0, 1]


async def test_cancelling_gives_every_day_back_and_counts_from_check_in(world: World, room: Let) -> None:
    order = await paid(world, room, THURSDAY, 3, 31000)
    booking = (await world.case(order)).bookings[0].id
    assert booking is not None
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (due.amount.minor, due.percent) == (31000, 100)
    check_in = (await world.case(order)).bookings[0].starts_at
    assert check_in is not None
    await world.advance(seconds=(check_in - timedelta(hours=23) - world.clock.now()).total_seconds())
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (due.amount.minor, due.percent) == (15500, 50)
    await world.cancelling.cancel(world.shop.customer_id, booking, 15500)
    await world.hear()
    case = await world.case(order)
    assert (case.claims, case.bookings[0].status) == ({}, BookingStatus.CANCELLED)
    assert await taken(world, room, 3, 3) == [0, 0, 0]


async def test_staff_see_a_stay_on_the_days_on_which_it_begins_and_ends(world: World, room: Let) -> None:
    await paid(world, room, THURSDAY, 3, 31000)
    visits = Visits(world.database, world.clock, ZoneInfo(ZONE))
    (slot,) = (await visits.on(TODAY + DAY * THURSDAY)).slots
    assert (slot.stays, slot.guests, len(slot.visits)) == (True, 0, 1)
    assert slot.visits[0].until is not None
    assert slot.visits[0].until.date() == TODAY + DAY * 6
    assert [fare.quantity for fare in slot.visits[0].fares] == [1]
    assert (await visits.on(TODAY + DAY * FRIDAY)).slots == ()
    assert (await visits.on(TODAY + DAY * 5)).slots == ()
    (leaving,) = (await visits.on(TODAY + DAY * 6)).slots
    assert (leaving.leaving, leaving.starts_at) == (True, slot.visits[0].until)


async def test_staff_see_who_leaves_also_after_the_longest_stay_there_is(world: World) -> None:
    endless = replace(ROOM, longest=LONGEST, prices=())
    room = await add_rental(world.database, world.shop.category_id, endless, days=LONGEST + THURSDAY)
    await paid(world, room, THURSDAY, LONGEST, 9000 * LONGEST)
    visits = Visits(world.database, world.clock, ZoneInfo(ZONE))
    (leaving,) = (await visits.on(TODAY + DAY * (THURSDAY + LONGEST))).slots
    assert leaving.leaving


async def test_guests_are_reminded_before_check_in_and_asked_after_check_out(
    database: Database, clock: FakeClock
) -> None:
    async with open_world(database, clock, attentive=True) as world:
        room = await add_rental(world.database, world.shop.category_id)
        await paid(world, room, THURSDAY, 3, 31000)
        rows = [row._mapping for row in await world.rows(schema.outbox)]
        due = {
            f"{row['kind']}{row['data'].get('hours', '')}": row["due_at"].astimezone(ZoneInfo(ZONE)).isoformat()
            for row in rows
            if row["kind"] in {"reminder", "how_was_it"}
        }
    assert due == {
        "reminder24": "2026-11-25T15:00:00+01:00",
        "reminder2": "2026-11-26T13:00:00+01:00",
        "how_was_it": "2026-11-30T10:00:00+01:00",
    }
