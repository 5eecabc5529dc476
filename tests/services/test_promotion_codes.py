"""What customers pay with a promotion code is what the books say, what goes back, and what is shown."""

import pytest

from bot.domain.ids import BookingId, OrderId
from bot.domain.money import Money
from bot.domain.orders import State
from bot.services.bookings import Bookings
from storage import schema
from tests.world import World

pytestmark = pytest.mark.fault(15)


async def bought(world: World, code: str, slot: int = 1) -> OrderId:
    """Two seats for 78.00, less what the code takes off."""
    world.allow_codes()
    order = await world.placed_with_link(world.shop.slots[slot])
    await world.pay(order, code=code)
    await world.hear()
    return order


async def booking(world: World, order: OrderId) -> BookingId:
    (found,) = (await world.case(order)).bookings
    assert found.id is not None
    return found.id


async def test_a_code_is_taken_off_and_counted_so(world: World) -> None:
    order = await bought(world, "HALF")
    case = await world.case(order)
    assert (case.order.state, case.paid, case.order.total) == (State.PAID, Money(3900, "EUR"), Money(7800, "EUR"))
    (view,) = await Bookings(world.database, world.clock).confirmation(order)
    assert view.paid == Money(3900, "EUR")
    card = await world.ordering.card(order)
    assert (card.total.minor, card.charged.minor) == (7800, 3900)
    gross = [row._mapping["gross"] for row in await world.rows(schema.daily_sales)]
    assert gross == [3900, 3900]
    assert await world.concerns() == []
    await world.check_money()


async def test_no_more_goes_back_than_was_paid(world: World) -> None:
    order = await bought(world, "HALF")
    view, due = await world.cancelling.ask(world.shop.customer_id, await booking(world, order))
    assert (view.paid, due.amount) == (Money(3900, "EUR"), Money(3900, "EUR"))
    await world.cancelling.cancel(world.shop.customer_id, view.id, 3900)
    await world.hear()
    assert (await world.case(order)).order.state is State.REFUNDED
    assert world.stripe.ledger()[0].refunded == 3900
    await world.check_money()


async def test_the_shops_percentage_is_of_what_was_paid(world: World) -> None:
    order = await bought(world, "HALF", slot=0)
    _, due = await world.cancelling.ask(world.shop.customer_id, await booking(world, order))
    assert (due.amount.minor, due.percent) == (1950, 50)


async def test_a_code_that_takes_all_of_it_books_without_a_payment(world: World) -> None:
    order = await bought(world, "ALL")
    case = await world.case(order)
    assert (case.order.state, case.paid.minor, dict(case.claims)) == (State.PAID, 0, {world.shop.slots[1]: 2})
    assert world.stripe.ledger() == ()
    assert "booked" in await world.told()
    given = await world.cancelling.cancel(world.shop.customer_id, await booking(world, order), 0)
    await world.hear()
    assert given.is_zero
    assert await world.rows(schema.refund) == []
    assert dict((await world.case(order)).claims) == {}
    assert await world.concerns() == []


async def test_a_page_that_takes_no_codes_is_not_asked_to(world: World) -> None:
    order = await world.placed_with_link()
    assert world.stripe.session(await world.session_id(order))["allow_promotion_codes"] is None
    assert not (await world.case(order)).current.codes


async def test_codes_that_were_allowed_stay_so_for_the_pages_of_then(world: World) -> None:
    """A shop that changes its settings changes them for pages to come."""
    world.allow_codes()
    order = await world.placed_with_link()
    world.parameters._settings = type(world.parameters._settings)(
        world.parameters._settings.shop_mark, world.parameters._settings.public_url, collect_phone=False
    )
    await world.pay(order, code="HALF")
    await world.hear()
    assert (await world.case(order)).order.state is State.PAID


async def test_a_known_address_gets_stripes_receipt_and_an_unknown_one_is_not_made_up(world: World) -> None:
    first = await world.paid()
    second = await world.placed_with_link(world.shop.slots[1])
    asked = [row._mapping["parameters"] for row in await world.rows(schema.checkout_attempt)]
    assert [each["payment_intent_data"].get("receipt_email") for each in asked] == [None, "customer@example.com"]
    assert first != second


async def test_the_second_attempt_asks_for_the_same_receipt(world: World) -> None:
    await world.paid()
    await world.lost(world.shop.slots[1])
    asked = [row._mapping["parameters"] for row in await world.rows(schema.checkout_attempt)]
    assert [each["payment_intent_data"].get("receipt_email") for each in asked] == [None, *["customer@example.com"] * 2]
