"""However many give money back at once, a payment goes back once at most."""

from functools import partial
from random import Random

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.orders import State
from bot.sandbox.faults import Kind
from bot.sandbox.stripe.results import NotPossibleError
from storage import schema
from tests.services.test_refunds import REFUNDS, owed
from tests.world import World

pytestmark = pytest.mark.fault(23)


@pytest.mark.parametrize(("first", "second"), [(7800, 7800), (5000, 5000), (7800, 1)])
async def test_of_two_refunds_that_are_more_than_was_paid_the_first_wins(world: World, first: int, second: int) -> None:
    order = await world.paid()
    intent = world.stripe.ledger()[0].payment_intent
    world.stripe.refund_from_dashboard(intent, first)
    with pytest.raises(NotPossibleError):
        world.stripe.refund_from_dashboard(intent, second)
    await world.deliver_webhooks(copies=2, shuffle=Random(first))
    await world.work()
    assert world.stripe.ledger()[0].refunded == first
    assert (await world.case(order)).order.state is (State.REFUNDED if first == 7800 else State.PAID)
    await world.check_money()


@pytest.mark.parametrize("by_hand", [7800, 1000])
async def test_our_own_refund_never_adds_to_what_somebody_gave_back_meanwhile(world: World, by_hand: int) -> None:
    await owed(world)
    world.fault(Kind.RESET_BEFORE, REFUNDS)
    await world.work()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, by_hand)
    await world.advance(seconds=2)
    await world.hear()
    assert world.stripe.ledger()[0].refunded == by_hand
    assert "failed_refund" in await world.concerns()
    await world.check_money()


async def test_the_schema_itself_refuses_to_promise_more_than_was_paid(world: World) -> None:
    await world.paid()
    for claimed in (7801, -1):
        statement = update(schema.payment).values(refund_claimed=claimed)
        with pytest.raises(IntegrityError):
            await world.database.run(partial(AsyncConnection.execute, statement=statement))
