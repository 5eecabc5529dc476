"""A basket beside stays, moves, promotion codes, letters and waiting lists: each part of an order is by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.domain.bookings import BookingView, SentBack
from bot.domain.errors import AnswersMissing, CannotMove, Overlapping, SoldOut
from bot.domain.ids import BookingId, CustomerId, InventoryId, OrderId
from bot.domain.keeping import PUT_ASIDE
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, RefundState, State
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.retention import Retention
from storage import schema
from storage.database import Database
from tests.builders import add_customer, add_slot, at
from tests.clock import FakeClock
from tests.rentals import Let, add_rental
from tests.services.asking import DIET, NAME, ask
from tests.world import World, open_world

pytestmark = pytest.mark.fault(15)


@pytest_asyncio.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_world(database, clock, mail=True) as opened:
        yield opened


@pytest_asyncio.fixture
async def room(world: World) -> Let:
    return await add_rental(world.database, world.shop.category_id)


async def put(world: World, row: InventoryId, count: int = 1) -> None:
    await world.baskets.add(world.shop.customer_id, Selection(row, {world.shop.event.fares["adult"]: count}))


async def put_stay(world: World, room: Let, first: int, nights: int) -> None:
    await world.baskets.add(world.shop.customer_id, Selection(room.row(first), {room.fare: 1}, nights))


async def place(world: World, nonce: str = "basket") -> OrderId:
    view = await world.baskets.show(world.shop.customer_id)
    return await world.ordering.place_basket(
        world.shop.customer_id, nonce=nonce, confirmed_total=view.total.minor, seen=view.digest, language="en"
    )


async def bought(world: World, code: str = "") -> OrderId:
    """All that is in the basket."""
    order = await place(world)
    await world.work()
    await world.pay(order, code=code)
    await world.hear()
    return order


async def later(world: World, days: int) -> InventoryId:
    """Another date of the event; what is so far ahead goes back whole."""
    return await add_slot(world.database, world.shop.event.id, at(days))


async def two_dates(world: World) -> tuple[InventoryId, InventoryId]:
    """Two adults, and one on another day: 78 + 39."""
    here, there = await later(world, 5), await later(world, 6)
    await put(world, here, 2)
    await put(world, there, 1)
    return here, there


async def views(world: World, order: OrderId) -> dict[InventoryId, BookingView]:
    found = await Bookings(world.database, world.clock).confirmation(order)
    return {view.ordered.inventory_id: view for view in found}


async def booked_at(world: World, order: OrderId, row: InventoryId) -> BookingId:
    return (await views(world, order))[row].id


async def prices(world: World, minor: int) -> None:
    adult = schema.fare.c.id == world.shop.event.fares["adult"]
    await world.database.run(lambda c: c.execute(update(schema.fare).where(adult).values(unit_amount=minor)))


async def test_a_stay_and_seats_are_one_order_with_a_booking_each(world: World, room: Let) -> None:
    row = await later(world, 5)
    await put_stay(world, room, 3, 3)
    await put(world, row)
    order = await bought(world)
    case = await world.case(order)
    assert [(line.inventory_id, line.booked_as) for line in case.lines] == [
        *((room.row(day), room.row(3)) for day in (3, 4, 5)),
        (row, row),
    ]
    assert {each.inventory_id for each in case.bookings} == {room.row(3), row}
    found = await views(world, order)
    assert (found[room.row(3)].paid.minor, found[row].paid.minor) == (31000, 3900)
    lines = (await world.ordering.card(order)).lines
    assert [(line.inventory_id, line.unit.minor) for line in lines] == [(room.row(3), 31000), (row, 3900)]
    await world.check_money()


async def test_two_stays_with_a_day_in_common_are_not_in_one_basket(world: World, room: Let) -> None:
    await put_stay(world, room, 3, 3)
    with pytest.raises(Overlapping):
        await put_stay(world, room, 5, 2)
    await put_stay(world, room, 6, 2)
    assert (await world.baskets.show(world.shop.customer_id)).total.minor == 31000 + 11000 * 0 + 18000


async def test_the_same_first_day_once_more_changes_how_long(world: World, room: Let) -> None:
    await put_stay(world, room, 3, 3)
    await put_stay(world, room, 3, 1)
    (entry,) = (await world.baskets.show(world.shop.customer_id)).entries
    assert (entry.entry.steps, entry.price and entry.price.total.minor) == (1, 9000)


async def test_stays_that_overlap_nevertheless_are_marked_and_held_neither(world: World, room: Let) -> None:
    await put_stay(world, room, 3, 1)
    await put_stay(world, room, 4, 2)
    longer = update(schema.basket_entry).where(schema.basket_entry.c.steps == 1).values(steps=2)
    await world.database.run(lambda c: c.execute(longer))
    fine, bad = (await world.baskets.show(world.shop.customer_id)).entries
    assert fine.trouble is None
    assert isinstance(bad.trouble, Overlapping)
    with pytest.raises(Overlapping):
        await place(world)
    assert await world.rows(schema.orders) == []


async def test_a_stay_that_is_taken_meanwhile_holds_up_all_of_it(world: World, room: Let) -> None:
    row = await later(world, 5)
    await put_stay(world, room, 3, 3)
    await put(world, row)
    view = await world.baskets.show(world.shop.customer_id)
    other = await add_customer(world.database, 2002)
    stay = Selection(room.row(4), {room.fare: 1}, 1)
    await world.ordering.place(other, stay, nonce="o", confirmed_total=11000, language="en")
    with pytest.raises(SoldOut):
        await world.ordering.place_basket(
            world.shop.customer_id, nonce="b", confirmed_total=view.total.minor, seen=view.digest, language="en"
        )
    assert await world.taken(row) == 0
    assert await world.baskets.count(world.shop.customer_id) == 2


async def test_an_order_of_stays_goes_back_into_the_basket(world: World, room: Let) -> None:
    await put_stay(world, room, 3, 3)
    order = await place(world)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.work()
    await world.baskets.fill_again(world.shop.customer_id, order)
    (entry,) = (await world.baskets.show(world.shop.customer_id)).entries
    assert (entry.entry.steps, entry.before, entry.price and entry.price.total.minor) == (3, None, 31000)


async def test_cancelling_a_stay_of_several_things_leaves_the_others_alone(world: World, room: Let) -> None:
    row = await later(world, 5)
    await put_stay(world, room, 3, 3)
    await put(world, row)
    order = await bought(world)
    await world.cancelling.cancel(world.shop.customer_id, await booked_at(world, order, room.row(3)), 31000)
    await world.hear()
    assert [await world.taken(room.row(day)) for day in (3, 4, 5)] == [0, 0, 0]
    assert await world.taken(row) == 1
    case = await world.case(order)
    assert (case.order.state, case.order.refunded) == (State.PAID, Money(31000, "EUR"))
    await world.check_money()


async def test_a_move_takes_its_own_answers_along_and_no_others(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME)
    here, there = await later(world, 5), await later(world, 6)
    for row, name in ((here, "Ada"), (there, "Blaise")):
        wish = Selection(row, {world.shop.event.fares["adult"]: 1})
        await world.questions.answer(world.shop.customer_id, wish, ("name", 1), name)
        await put(world, row)
    order, new = await bought(world), await later(world, 7)
    await world.moving.move(world.shop.customer_id, await booked_at(world, order, here), new, 0)
    rows = [row._mapping for row in await world.rows(schema.answer)]
    assert {(row["inventory_id"], row["value"]) for row in rows} == {(new, "Ada"), (there, "Blaise")}
    shown = await Bookings(world.database, world.clock).show(world.shop.customer_id, await booked_at(world, order, new))
    assert [answer.value for answer in shown.ordered.answers] == ["Ada"]


async def test_a_paid_surcharge_takes_the_answers_along_too(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME)
    here, new = await later(world, 5), await later(world, 7)
    wish = Selection(here, {world.shop.event.fares["adult"]: 1})
    await world.questions.answer(world.shop.customer_id, wish, ("name", 1), "Ada")
    await put(world, here)
    order = await bought(world)
    await prices(world, 4500)
    extra = await surcharge(world, await booked_at(world, order, here), new, 600, "m")
    await world.work()
    await world.pay(extra)
    await world.hear()
    assert [row._mapping["inventory_id"] for row in await world.rows(schema.answer)] == [new]


async def surcharge(world: World, booking: BookingId, row: InventoryId, minor: int, nonce: str) -> OrderId:
    return await world.moving.pay(world.shop.customer_id, booking, row, confirmed=minor, nonce=nonce, language="en")


async def test_a_moved_part_is_told_alone(world: World) -> None:
    here, there = await two_dates(world)
    order, new = await bought(world), await later(world, 7)
    await prices(world, 3500)
    await world.moving.move(world.shop.customer_id, await booked_at(world, order, here), new, 800)
    await world.hear()
    told = [
        row._mapping
        for row in await world.rows(schema.outbox)
        if row._mapping["kind"] in {"staff_moved", "refunded_part", "moved_booking"}
    ]
    assert {row["data"]["inventory_id"] for row in told} == {new}
    assert {row["kind"] for row in told} == {"staff_moved", "refunded_part", "moved_booking"}
    assert (await world.taken(there), await world.taken(new)) == (1, 2)
    await world.check_money()


@pytest.mark.parametrize("moves", [1, 2])
async def test_what_goes_back_of_a_moved_part_is_not_taken_from_another_one(world: World, moves: int) -> None:
    here, there = await two_dates(world)
    order = await bought(world)
    await prices(world, 3500)
    row, back = here, 800
    for day in range(7, 7 + moves):
        new = await later(world, day)
        await world.moving.move(world.shop.customer_id, await booked_at(world, order, row), new, back)
        await world.hear()
        row, back = new, 0
    found = await views(world, order)
    assert (found[row].paid.minor, found[there].paid.minor) == (7000, 3900)
    _, due = await world.cancelling.ask(world.shop.customer_id, found[there].id)
    assert due.amount.minor == 3900
    await world.cancelling.cancel(world.shop.customer_id, found[there].id, 3900)
    await world.cancelling.cancel(world.shop.customer_id, found[row].id, 7000)
    await world.hear()
    assert (await world.case(order)).order.state is State.REFUNDED
    await world.check_money()


async def test_a_part_that_is_cancelled_for_nothing_does_not_say_that_another_s_money_came_back(world: World) -> None:
    here, there = await two_dates(world)
    order = await bought(world)
    await world.cancelling.cancel(world.shop.customer_id, await booked_at(world, order, here), 7800)
    await world.hear()
    last = (await views(world, order))[there].ordered.starts_at
    assert last is not None
    world.clock.advance(last - world.clock.now() - timedelta(hours=1))
    await world.cancelling.cancel(world.shop.customer_id, await booked_at(world, order, there), 0)
    found = await views(world, order)
    assert found[there].sent_back is None
    assert found[here].sent_back == SentBack(Money(7800, "EUR"), RefundState.SUCCEEDED)


async def test_what_staff_give_back_whole_is_told_for_each_part(world: World) -> None:
    here, there = await two_dates(world)
    order = await bought(world, code="")
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.hear()
    sent_back = {row: view.sent_back for row, view in (await views(world, order)).items()}
    assert sent_back == {
        here: SentBack(Money(7800, "EUR"), RefundState.SUCCEEDED),
        there: SentBack(Money(3900, "EUR"), RefundState.SUCCEEDED),
    }


async def test_sales_of_a_resource_stay_what_was_paid_for_it_when_another_part_moves(world: World, room: Let) -> None:
    here, new = await later(world, 5), await later(world, 7)
    await put(world, here, 2)
    await put_stay(world, room, 5, 2)
    order = await bought(world)
    before = {row[2]: row[5] for row in await world._sales()}
    await prices(world, 3500)
    await world.moving.move(world.shop.customer_id, await booked_at(world, order, here), new, 800)
    await world.hear()
    assert {row[2]: row[5] for row in await world._sales()} == before
    await world.check_money()


async def test_a_surcharge_is_sent_back_where_another_part_has_come_in_between(world: World) -> None:
    here, there = await two_dates(world)
    order, new = await bought(world), await later(world, 7)
    bookings = {row: await booked_at(world, order, row) for row in (here, there)}
    await prices(world, 4500)
    extra = await surcharge(world, bookings[here], new, 1200, "m")
    await world.work()
    await prices(world, 3900)
    await world.moving.move(world.shop.customer_id, bookings[there], new, 0)
    await world.pay(extra)
    await world.hear()
    assert (await world.case(extra)).order.state is State.REFUNDED
    assert set(await views(world, order)) == {here, new}
    assert await world.concerns() == []
    await world.check_money()
    with pytest.raises(CannotMove):
        await world.moving.move(world.shop.customer_id, bookings[here], new, 0)


async def test_a_code_is_shared_over_all_parts(world: World, room: Let) -> None:
    world.allow_codes()
    here, _ = await two_dates(world)
    await put_stay(world, room, 3, 1)
    order = await bought(world, "HALF")
    assert sorted(view.paid.minor for view in (await views(world, order)).values()) == [1950, 3900, 4500]
    await world.cancelling.cancel(world.shop.customer_id, await booked_at(world, order, here), 3900)
    await world.hear()
    statuses = [each.status for each in (await world.case(order)).bookings]
    assert statuses.count(BookingStatus.CANCELLED) == 1
    await world.check_money()


async def test_several_things_are_confirmed_in_one_letter(world: World) -> None:
    await two_dates(world)
    await bought(world)
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    assert [row["kind"] for row in rows if row["channel"] == "mail"] == ["mail_booked"]
    assert sum(row["kind"] == "booked" for row in rows) == 2


async def waits(world: World, customer: CustomerId, row: InventoryId) -> None:
    await world.waiting.join(customer, Selection(row, {world.shop.event.fares["adult"]: 1}), "en")


async def test_who_waits_is_asked_first_and_an_offer_has_the_answers(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME, DIET)
    row = await add_slot(world.database, world.shop.event.id, at(5), 1, 1)
    await world.remember_unclaimed()
    blaise = await add_customer(world.database, 1002)
    with pytest.raises(AnswersMissing):
        await waits(world, blaise, row)
    wish = Selection(row, {world.shop.event.fares["adult"]: 1})
    await world.questions.answer(blaise, wish, ("name", 1), "Blaise")
    await world.questions.answer(blaise, wish, ("diet", 0), "")
    await waits(world, blaise, row)
    await free(world, row)
    (offered,) = [OrderId(each._mapping["id"]) for each in await world.rows(schema.orders)]
    await world.work()
    await world.pay(offered)
    await world.hear()
    assert (await world.case(offered)).order.state is State.PAID
    assert [each._mapping["value"] for each in await world.rows(schema.answer)] == ["Blaise"]
    assert await world.rows(schema.draft_answer) == []


async def test_a_question_that_came_later_keeps_nobody_from_paying_an_offer(world: World) -> None:
    row = await add_slot(world.database, world.shop.event.id, at(5), 1, 1)
    await world.remember_unclaimed()
    blaise = await add_customer(world.database, 1002)
    await waits(world, blaise, row)
    await ask(world.database, world.shop.event.id, NAME)
    await free(world, row)
    assert len(await world.rows(schema.orders)) == 1
    assert await world.rows(schema.answer) == []


async def test_answers_are_kept_for_as_long_as_somebody_waits(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME)
    row = await add_slot(world.database, world.shop.event.id, at(40), 1, 1)
    await world.remember_unclaimed()
    ada = world.shop.customer_id
    wish = Selection(row, {world.shop.event.fares["adult"]: 1})
    await world.questions.answer(ada, wish, ("name", 1), "Ada")
    await waits(world, ada, row)
    await world.advance(days=PUT_ASIDE.days + 1)
    await Retention(world.database, world.clock, 10, ()).erase_old()
    assert len(await world.rows(schema.draft_answer)) == 1
    await world.waiting.leave(ada, row)
    await Retention(world.database, world.clock, 10, ()).erase_old()
    assert await world.rows(schema.draft_answer) == []


async def free(world: World, row: InventoryId) -> None:
    """A place comes free, by whatever way."""
    freed = update(schema.inventory).where(schema.inventory.c.id == row).values(taken=0)
    await world.database.run(lambda c: c.execute(freed))
    await world.remember_unclaimed()
    await world.waiting.catch_up()
    await world.work()
