"""Stripe's receipt is found for whoever has paid, for nobody else, and kept nowhere."""

import pytest

from bot.domain.errors import Gone, NoAnswer
from bot.domain.ids import BookingId
from bot.sandbox.faults import Kind
from bot.services.receipts import Receipts
from tests.builders import add_customer
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INTENTS = "/v1/payment_intents"


async def paid(world: World, code: str = "") -> BookingId:
    world.allow_codes()
    order = await world.placed_with_link()
    await world.pay(order, code=code)
    await world.hear()
    (found,) = (await world.case(order)).bookings
    assert found.id is not None
    return found.id


async def test_the_receipt_is_where_stripe_says(world: World) -> None:
    booking = await paid(world)
    found = await Receipts(world.database, world.gateway).address(world.shop.customer_id, booking)
    assert found.startswith(f"{world.stripe.base_url}/stripe/receipts/ch_")


async def test_a_strangers_receipt_is_gone(world: World) -> None:
    booking = await paid(world)
    stranger = await add_customer(world.database, 1777)
    asked = len(world.stripe.journal.calls())
    with pytest.raises(Gone):
        await Receipts(world.database, world.gateway).address(stranger, booking)
    with pytest.raises(Gone):
        await Receipts(world.database, world.gateway).address(world.shop.customer_id, BookingId(999))
    assert len(world.stripe.journal.calls()) == asked


async def test_what_cost_nothing_has_no_receipt(world: World) -> None:
    with pytest.raises(Gone):
        await Receipts(world.database, world.gateway).address(world.shop.customer_id, await paid(world, "ALL"))


@pytest.mark.fault(22)
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.TIMEOUT_BEFORE, Kind.RESET_AFTER, Kind.TRUNCATED])
async def test_stripe_that_does_not_answer_is_said_so(world: World, kind: Kind) -> None:
    booking = await paid(world)
    world.fault(kind, INTENTS, times=None)
    with pytest.raises(NoAnswer):
        await Receipts(world.database, world.gateway).address(world.shop.customer_id, booking)
