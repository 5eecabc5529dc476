"""By the hour: one booking over the hours of a day, and no hour let to more than there are units."""

import asyncio
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.domain.catalogue_entries import Step
from bot.domain.errors import SoldOut
from bot.domain.ids import CustomerId, OrderId
from bot.domain.orders import BookingStatus
from bot.domain.rentals import DAY, DayTaken, Length, NoStay
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.visits import Visits
from storage import schema
from tests.builders import ZONE, add_customer
from tests.rentals import BIKES, TODAY, Let, add_rental
from tests.world import World

TUESDAY = 1
"""Days after today; it opens at nine, and an hour costs 12."""
TEN, ELEVEN, NOON, ONE = 1, 2, 3, 4


@pytest_asyncio.fixture
async def bikes(world: World) -> Let:
    return await add_rental(world.database, world.shop.category_id, BIKES, slug="bike", capacity=2, price=1200, days=9)


async def place(
    world: World, let: Let, hour: int, steps: int, *, units: int = 1, customer: CustomerId | None = None, day: int = 1
) -> OrderId:
    return await world.ordering.place(
        customer or world.shop.customer_id,
        Selection(let.row(day, hour), {let.fare: units}, steps),
        nonce=f"{hour}.{steps}.{units}.{customer}",
        confirmed_total=steps * units * (1500 if day == 4 else 1200),
        language="en",
    )


async def taken(world: World, let: Let, day: int = TUESDAY) -> list[int]:
    return [await world.taken(row) for row in let.rows[TODAY + DAY * day]]


async def test_a_stay_takes_each_of_its_hours_and_is_one_booking(world: World, bikes: Let) -> None:
    order = await place(world, bikes, TEN, 3, units=2)
    assert await taken(world, bikes) == [0, 2, 2, 2, 0, 0, 0, 0, 0]
    await world.work()
    await world.pay(order)
    await world.hear()
    case = await world.case(order)
    assert [(line.unit.minor, line.quantity, line.stay) for line in case.lines] == [(1200, 2, bikes.row(1, TEN))] * 3
    assert [(row.inventory_id, row.status) for row in case.bookings] == [(bikes.row(1, TEN), BookingStatus.CONFIRMED)]
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    ordered, zone = view.ordered, ZoneInfo(ZONE)
    assert ordered.stay == Length(Step.HOUR, 3)
    assert ordered.starts_at is not None
    assert ordered.ends_at is not None
    assert ordered.starts_at.astimezone(zone).isoformat() == "2026-11-24T10:00:00+01:00"
    assert ordered.ends_at.astimezone(zone).isoformat() == "2026-11-24T13:00:00+01:00"
    assert view.paid.minor == 7200


async def test_the_weekend_s_price_holds_for_the_hours_of_its_days(world: World, bikes: Let) -> None:
    order = await place(world, bikes, TEN, 2, day=4)
    assert [line.unit.minor for line in (await world.case(order)).lines] == [1500, 1500]


@pytest.mark.fault(30)
async def test_who_comes_second_is_refused_where_one_hour_overlaps(world: World, bikes: Let) -> None:
    await place(world, bikes, TEN, 3, units=2)
    other = await add_customer(world.database, telegram_id=1002)
    with pytest.raises(DayTaken) as refused:
        await place(world, bikes, NOON, 2, customer=other)
    assert refused.value.at is not None
    assert (refused.value.at.hour, refused.value.left) == (12, 0)
    assert await place(world, bikes, ONE, 2, customer=other)
    assert await taken(world, bikes) == [0, 2, 2, 2, 1, 1, 0, 0, 0]


@pytest.mark.fault(30)
async def test_of_many_that_want_the_same_hour_as_many_get_it_as_there_are_units(world: World, bikes: Let) -> None:
    """Each has the hour from eleven on in it."""
    guests = [await add_customer(world.database, telegram_id=2000 + number) for number in range(9)]
    done = await asyncio.gather(
        *(place(world, bikes, ELEVEN - number % 3, 3, customer=guest) for number, guest in enumerate(guests)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, int) for result in done) == 2
    assert all(isinstance(result, int | SoldOut) for result in done)
    assert await world.taken(bikes.row(1, ELEVEN)) == 2


@pytest.mark.parametrize(("hour", "steps"), [(TEN, 0), (TEN, 5), (7, 3)])
async def test_hours_that_cannot_be_taken_hold_nothing(world: World, bikes: Let, hour: int, steps: int) -> None:
    with pytest.raises(NoStay):
        await place(world, bikes, hour, steps)
    assert await world.rows(schema.orders) == []


async def test_cancelling_gives_every_hour_and_the_whole_price_back(world: World, bikes: Let) -> None:
    order = await place(world, bikes, TEN, 3, day=3)
    await world.work()
    await world.pay(order)
    await world.hear()
    booking = (await world.case(order)).bookings[0].id
    assert booking is not None
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (due.amount.minor, due.percent) == (3600, 100)
    await world.cancelling.cancel(world.shop.customer_id, booking, 3600)
    assert await taken(world, bikes, 3) == [0] * 9


async def test_staff_see_who_comes_by_the_hour_once_and_until_when(world: World, bikes: Let) -> None:
    order = await place(world, bikes, TEN, 3)
    await world.work()
    await world.pay(order)
    await world.hear()
    visits = Visits(world.database, world.clock, ZoneInfo(ZONE))
    (slot,) = (await visits.on(TODAY + DAY)).slots
    assert (slot.stays, slot.leaving, len(slot.visits)) == (True, False, 1)
    assert slot.visits[0].until is not None
    assert slot.visits[0].until.astimezone(ZoneInfo(ZONE)).hour == 13
    assert (await visits.on(TODAY + DAY * 2)).slots == ()
