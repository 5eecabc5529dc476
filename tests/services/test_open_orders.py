"""What a customer has not paid yet is listed, and its message comes back when they ask for it."""

import pytest

from bot.domain.errors import Gone
from bot.domain.ids import OrderId
from bot.services.open_orders import AGAIN
from tests.builders import add_customer
from tests.services.test_waiting import BLAISE, full, give_back, offer_to, wait
from tests.world import World


async def test_what_ends_first_stands_first_and_what_is_over_not_at_all(world: World) -> None:
    blaise = await add_customer(world.database, BLAISE)
    sold = await full(world)
    await wait(world, blaise)
    await give_back(world, sold)
    offer = await offer_to(world, blaise)
    order = await world.place(world.shop.item.inventory_id, blaise, piece=1)
    assert [card.order_id for card in await world.open_orders.of_customer(blaise)] == [order, offer]
    await world.work()
    await world.ordering.cancel(blaise, offer)
    await world.work()
    await world.pay(order)
    await world.hear()
    assert await world.open_orders.of_customer(blaise) == ()


async def test_an_order_comes_back_once_for_taps_at_once(world: World) -> None:
    order = await world.placed_with_link(world.shop.slots[1])
    for _ in range(3):
        await world.open_orders.bring(world.shop.customer_id, order)
    await world.work()
    assert world.messenger.kinds.count(AGAIN) == 1


async def test_a_strangers_order_is_gone(world: World) -> None:
    order = await world.placed_with_link(world.shop.slots[1])
    stranger = await add_customer(world.database, BLAISE)
    for asked in (order, OrderId(99)):
        with pytest.raises(Gone):
            await world.open_orders.bring(stranger, asked)
    assert await world.open_orders.of_customer(stranger) == ()
