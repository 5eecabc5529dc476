"""A stay moves to other days with all that hangs on it, also to some that are its own, and takes none of them twice."""

import asyncio
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.domain.catalogue_entries import Step
from bot.domain.errors import CannotMove, Gone, PriceChanged, Refusal, SoldOut
from bot.domain.ids import BookingId, CustomerId, InventoryId, OrderId
from bot.domain.orders import State
from bot.domain.rentals import DAY, DayTaken, Length, NoStay
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.outcomes import MOVED_BOOKING
from storage import schema
from storage.database import Database
from tests.builders import ZONE, add_customer
from tests.clock import FakeClock
from tests.rentals import BIKES, TODAY, Let, add_rental
from tests.services.asking import DIET, ask
from tests.world import World, open_world

WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 2, 3, 4, 5, 6
"""Days after today, a Monday: a night costs 90, those of Friday and Saturday 110."""


@pytest_asyncio.fixture
async def room(world: World) -> Let:
    return await add_rental(world.database, world.shop.category_id)


async def booked(
    world: World, let: Let, first: InventoryId, steps: int, total: int, *, units: int = 1, of: CustomerId | None = None
) -> tuple[OrderId, BookingId]:
    order = await world.ordering.place(
        of or world.shop.customer_id,
        Selection(first, {let.fare: units}, steps),
        nonce=f"{first}.{steps}.{of}",
        confirmed_total=total,
        language="en",
    )
    await world.work()
    await world.pay(order)
    await world.hear()
    booking = (await world.case(order)).bookings[0].id
    assert booking is not None
    return order, booking


async def move(world: World, booking: BookingId, row: InventoryId, back: int = 0, of: CustomerId | None = None) -> None:
    await world.moving.move(of or world.shop.customer_id, booking, row, back)


async def pay(world: World, booking: BookingId, row: InventoryId, minor: int, nonce: str = "m1") -> OrderId:
    return await world.moving.pay(world.shop.customer_id, booking, row, confirmed=minor, nonce=nonce, language="en")


async def taken(world: World, let: Let, first: int, steps: int) -> list[int]:
    return [await world.taken(let.row(day)) for day in range(first, first + steps)]


async def stored(world: World, order: OrderId, let: Let) -> tuple[list[int], list[int], list[int]]:
    """The days after today of which its lines, its claims and its booking are, as they stand in the database."""
    days = {rows[0]: (day - TODAY).days for day, rows in let.rows.items()}
    case = await world.case(order)
    assert {line.stay for line in case.lines} == {case.bookings[0].inventory_id}
    return (
        [days[line.inventory_id] for line in case.lines],
        sorted(days[row] for row in case.claims),
        [days[row.inventory_id] for row in case.bookings],
    )


@pytest.mark.parametrize(("to", "back"), [(9, 0), (8, 2000), (7, 4000), (11, 0), (12, 2000), (13, 4000), (20, 4000)])
async def test_a_stay_moves_with_every_day_also_onto_its_own(world: World, room: Let, to: int, back: int) -> None:
    """To days of which it has most already, and that nobody else could take; what they cost less goes back."""
    order, booking = await booked(world, room, room.row(10), 4, 40000)
    before = (await world.rows(schema.booking))[0]._mapping
    shown = await world.moving.propose(world.shop.customer_id, booking, room.row(to))
    assert (shown.back.minor, (shown.there.ends_at.date() - TODAY).days) == (back, to + 4)
    await move(world, booking, room.row(to), back)
    days = list(range(to, to + 4))
    assert await stored(world, order, room) == (days, days, [to])
    assert (sum(await taken(world, room, 0, 40)), await taken(world, room, to, 4)) == (4, [1, 1, 1, 1])
    after = (await world.rows(schema.booking))[0]._mapping
    assert [after[name] for name in ("code", "ticket_token")] == [before[name] for name in ("code", "ticket_token")]
    await world.hear()
    assert world.stripe.ledger()[0].refunded == back
    _, due = await world.cancelling.ask(world.shop.customer_id, booking)
    await world.cancelling.cancel(world.shop.customer_id, booking, due.amount.minor)
    await world.hear()
    assert (due.amount.minor, world.stripe.ledger()[0].refunded) == (40000 - back, 40000)
    assert sum(await taken(world, room, 0, 40)) == 0
    await world.check_money()


async def test_all_that_people_read_has_the_new_days(world: World, room: Let) -> None:
    await ask(world.database, room.id, DIET)
    stay = Selection(room.row(10), {room.fare: 1}, 3)
    await world.questions.answer(world.shop.customer_id, stay, ("diet", 0), "no nuts")
    order, booking = await booked(world, room, room.row(10), 3, 31000)
    await move(world, booking, room.row(11))
    view = await Bookings(world.database, world.clock).show(world.shop.customer_id, booking)
    ordered = view.ordered
    assert [each.value for each in ordered.answers] == ["no nuts"]
    assert (ordered.stay, view.paid.minor) == (Length(Step.NIGHT, 3), 31000)
    assert ordered.starts_at is not None
    assert ordered.ends_at is not None
    days = [(at.astimezone(ZoneInfo(ZONE)).date() - TODAY).days for at in (ordered.starts_at, ordered.ends_at)]
    assert days == [11, 14]
    (line,) = (await world.ordering.card(order)).lines
    assert (line.starts_at, line.ends_at, line.unit.minor) == (ordered.starts_at, ordered.ends_at, 31000)
    assert sum(told.startswith(f"{MOVED_BOOKING}:") for told in await world.told()) == 1


async def test_it_is_shown_only_what_it_can_have(world: World, room: Let) -> None:
    _, booking = await booked(world, room, room.row(3), 2, 20000)
    other = await add_customer(world.database, telegram_id=1002)
    await booked(world, room, room.row(7), 1, 9000, of=other)
    pages = [await world.moving.dates(world.shop.customer_id, booking, month) for month in ((2026, 11), (2026, 12))]
    shown = [other.inventory_id for found in pages for other in found.others]
    # Not the sixth nor the seventh: somebody has the night of the latter. Two from the fourth on would cost more.
    assert shown == [room.row(day) for day in (0, 1, 2, 5, *range(8, 39))]
    with pytest.raises(DayTaken):
        await move(world, booking, room.row(6))
    with pytest.raises(DayTaken):
        await world.moving.propose(world.shop.customer_id, booking, room.row(4))
    with pytest.raises(NoStay):
        await move(world, booking, room.row(59))
    for strange in (world.shop.slots[0], world.shop.item.inventory_id, room.row(3)):
        with pytest.raises(CannotMove):
            await move(world, booking, strange)
    with pytest.raises(Gone):
        await move(world, booking, room.row(9), of=other)


async def test_of_many_who_want_the_same_days_one_gets_them(world: World, room: Let) -> None:
    """Stays that move, one of them several times at once, and one that is new; two want each other's days."""
    _, mine = await booked(world, room, room.row(7), 3, 27000)
    other = await add_customer(world.database, telegram_id=1002)
    _, theirs = await booked(world, room, room.row(14), 3, 27000, of=other)
    ends = await asyncio.gather(
        *(move(world, mine, room.row(day)) for day in (8, 14, 21, 21, 20)),
        *(move(world, theirs, room.row(day), of=other) for day in (7, 13, 22, 21, 22)),
        world.ordering.place(
            world.shop.customer_id,
            Selection(room.row(22), {room.fare: 1}, 1),
            nonce="new",
            confirmed_total=9000,
            language="en",
        ),
        return_exceptions=True,
    )
    assert all(end is None or isinstance(end, Refusal | int) for end in ends), ends
    held = await taken(world, room, 0, 40)
    assert (max(held), sum(held)) == (1, 7 if isinstance(ends[-1], int) else 6)
    await world.check()


async def surcharged(world: World, let: Let, first: int, to: int) -> tuple[OrderId, BookingId, OrderId]:
    """Two nights for 180 that are to move to two of the weekend."""
    order, booking = await booked(world, let, let.row(first), 2, 18000)
    extra = await pay(world, booking, let.row(to), 4000)
    await world.work()
    return order, booking, extra


async def test_a_surcharge_moves_every_day_when_it_is_paid(world: World, room: Let) -> None:
    order, booking, extra = await surcharged(world, room, 7, FRIDAY)
    assert [line.amount.minor for line in (await world.case(extra)).lines] == [2000, 2000]
    (line,) = (await world.ordering.card(extra)).lines
    assert (line.unit.minor, line.stay) == (4000, Length(Step.NIGHT, 2))
    assert (await taken(world, room, 4, 5), await stored(world, order, room)) == (
        [1, 1, 0, 1, 1],
        ([7, 8], [7, 8], [7]),
    )
    await world.pay(extra)
    await world.hear()
    assert (await taken(world, room, 4, 5), await stored(world, order, room)) == (
        [1, 1, 0, 0, 0],
        ([4, 5], [4, 5], [4]),
    )
    view, due = await world.cancelling.ask(world.shop.customer_id, booking)
    assert (view.paid.minor, due.amount.minor) == (22000, 22000)
    await world.cancelling.cancel(world.shop.customer_id, booking, 22000)
    await world.hear()
    assert [paid.refunded for paid in world.stripe.ledger()] == [18000, 4000]
    assert (await world.case(order)).order.state is (await world.case(extra)).order.state is State.REFUNDED
    assert sum(await taken(world, room, 0, 40)) == 0
    await world.check_money()


async def test_a_surcharge_for_days_of_its_own_needs_a_second_unit(world: World) -> None:
    rooms = await add_rental(world.database, world.shop.category_id, slug="rooms", capacity=2)
    order, booking = await booked(world, rooms, rooms.row(WEDNESDAY), 3, 29000)
    extra = await pay(world, booking, rooms.row(THURSDAY), 2000)
    await world.work()
    assert await taken(world, rooms, WEDNESDAY, 4) == [1, 2, 2, 1]
    other = await add_customer(world.database, telegram_id=1002)
    with pytest.raises(SoldOut):
        await world.ordering.place(
            other,
            Selection(rooms.row(THURSDAY), {rooms.fare: 1}, 1),
            nonce="new",
            confirmed_total=9000,
            language="en",
        )
    await world.pay(extra)
    await world.hear()
    assert await taken(world, rooms, WEDNESDAY, 4) == [0, 1, 1, 1]
    assert await stored(world, order, rooms) == ([3, 4, 5], [3, 4, 5], [3])
    assert (await world.case(extra)).claims == {}


async def test_a_surcharge_that_nobody_pays_or_for_what_has_moved_changes_nothing(world: World, room: Let) -> None:
    order, booking, extra = await surcharged(world, room, 7, FRIDAY)
    await move(world, booking, room.row(9))
    await world.pay(extra)
    await world.hear()
    assert (await world.case(extra)).order.state is State.REFUNDED
    assert await stored(world, order, room) == ([9, 10], [9, 10], [9])
    assert sum(await taken(world, room, 0, 40)) == 2
    late = await pay(world, booking, room.row(11), 4000, "m2")
    await world.live_through(40, 8)
    assert (await world.case(late)).order.state is State.EXPIRED
    assert sum(await taken(world, room, 0, 40)) == 2
    with pytest.raises(PriceChanged):
        await pay(world, booking, room.row(11), 3999, "m3")
    await world.check_money()


async def test_hours_move_to_other_hours_of_any_day(world: World) -> None:
    bikes = await add_rental(world.database, world.shop.category_id, BIKES, slug="bike", capacity=2, price=1200, days=9)
    order, booking = await booked(world, bikes, bikes.row(2, 1), 3, 7200, units=2)
    await move(world, booking, bikes.row(2, 2))
    assert [await world.taken(row) for row in bikes.rows[TODAY + DAY * 2]] == [0, 0, 2, 2, 2, 0, 0, 0, 0]
    with pytest.raises(NoStay):
        await move(world, booking, bikes.row(2, 7))
    await move(world, booking, bikes.row(3))
    case = await world.case(order)
    assert [line.inventory_id for line in case.lines] == bikes.rows[TODAY + DAY * 3][:3]
    assert sum([await world.taken(row) for row in bikes.rows[TODAY + DAY * 2]]) == 0


async def test_reminders_are_of_the_new_days(database: Database, clock: FakeClock) -> None:
    async with open_world(database, clock, attentive=True) as world:
        room = await add_rental(world.database, world.shop.category_id)
        _, booking = await booked(world, room, room.row(2), 3, 29000)
        await move(world, booking, room.row(1), 2000)
        rows = [row._mapping for row in await world.rows(schema.outbox)]
        planned = [row for row in rows if row["kind"] in {"reminder", "how_was_it"}]
        days = {(row["due_at"].astimezone(ZoneInfo(ZONE)).date() - TODAY).days for row in planned[-3:]}
        assert (len(planned), days) == (5, {1, 5}) or (len(planned), days) == (6, {0, 1, 5})
