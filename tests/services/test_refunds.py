"""Money goes back once, whatever Stripe does meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import OrderId
from bot.domain.orders import RefundState, State
from bot.sandbox.faults import Kind
from bot.sandbox.stripe.journal import Call
from storage import schema
from tests.world import World

REFUNDS = "/v1/refunds"


async def owed(world: World, card: str = "success") -> OrderId:
    """An order that was paid after its seats had gone to others: its refund is stored, and Stripe not asked yet."""
    order = await world.placed_with_link(world.shop.slots[1])
    await world.pay(order, card)

    async def give_away(connection: AsyncConnection) -> None:
        await connection.execute(update(schema.orders).values(state=State.EXPIRED, ended_at=world.clock.now()))
        await connection.execute(delete(schema.claim))

    await world.database.run(give_away)
    await world.remember_unclaimed()
    await world.checkout.look_now(order)
    assert await refund_states(world) == [RefundState.NEW]
    return order


async def refund_states(world: World) -> list[object]:
    return [row._mapping["state"] for row in await world.rows(schema.refund)]


def asked(world: World) -> list[Call]:
    return [call for call in world.stripe.journal.calls() if (call.method, call.path) == ("POST", REFUNDS)]


async def pass_minutes(world: World, minutes: int) -> None:
    for _ in range(minutes * 4):
        await world.advance(seconds=15)
        await world.ask()


@pytest.mark.fault(22)
@pytest.mark.parametrize(
    ("kind", "status"),
    [(Kind.TIMEOUT_BEFORE, 0), (Kind.TIMEOUT_AFTER, 0), (Kind.TRUNCATED, 0), (Kind.ERROR, 409), (Kind.ERROR, 429)],
)
async def test_a_refund_of_unknown_outcome_is_asked_for_with_the_same_key(
    world: World, kind: Kind, status: int
) -> None:
    order = await owed(world)
    world.fault(kind, REFUNDS, status=status)
    await world.work()
    await world.advance(seconds=2)
    await world.hear()
    first, second = asked(world)
    assert (first.raw, first.idempotency_key) == (second.raw, second.idempotency_key)
    assert (await world.told()).count("refunded_late") == 1
    assert len(world.stripe.refunds()) == 1
    assert (await world.case(order)).refunds[0].state is RefundState.SUCCEEDED
    await world.check_money()


@pytest.mark.fault(22)
async def test_a_refund_gets_past_a_stored_5xx_with_a_new_key(world: World) -> None:
    """Under the old key it came back only when Stripe had forgotten it, a day later."""
    await owed(world)
    world.fault(Kind.ERROR, REFUNDS)
    await pass_minutes(world, 1)
    keys = [call.idempotency_key for call in asked(world)]
    assert len(set(keys[:3])) == 1
    assert len(set(keys)) == 2
    assert len(world.stripe.refunds()) == 1
    await world.hear()
    await world.check_money()


@pytest.mark.fault(22)
async def test_a_refund_that_a_failing_call_has_made_is_found_before_another_is_asked_for(world: World) -> None:
    await owed(world)
    world.fault(Kind.TIMEOUT_AFTER, REFUNDS)
    await world.work()
    world.fault(Kind.RESET_BEFORE, REFUNDS, times=3)
    await pass_minutes(world, 1)
    assert len(world.stripe.refunds()) == 1
    assert len([call for call in asked(world) if call.status == 200]) == 1
    await world.check_money()


@pytest.mark.fault(8)
async def test_a_refund_of_yesterday_is_looked_up_before_its_key_is_used_again(world: World) -> None:
    await owed(world)
    world.fault(Kind.TIMEOUT_AFTER, REFUNDS)
    await world.work()
    await world.advance(days=2)
    await world.work()
    assert (len(world.stripe.refunds()), len(asked(world))) == (1, 1)
    assert await refund_states(world) == [RefundState.SUCCEEDED]
    await world.check_money()


@pytest.mark.fault(19)
async def test_a_refund_that_stripe_refuses_is_for_a_human(world: World) -> None:
    await owed(world)
    world.fault(Kind.ERROR, REFUNDS, status=400)
    await world.work()
    assert (await world.concerns(), await refund_states(world)) == (["failed_refund"], [RefundState.FAILED])
    assert "refunded_late" not in await world.told()


@pytest.mark.fault(19)
async def test_a_refund_that_comes_back_from_the_bank_is_for_a_human(world: World) -> None:
    await owed(world, "refund_fails")
    await world.work()
    await world.advance(hours=2)
    await world.hear()
    assert (await world.concerns(), await refund_states(world)) == (["failed_refund"], [RefundState.FAILED])
    await world.check_money()


async def test_a_pending_refund_arrives_quietly(world: World) -> None:
    await owed(world, "refund_pending")
    await world.work()
    assert await refund_states(world) == [RefundState.PENDING]
    await world.advance(hours=2)
    await world.hear()
    assert (await refund_states(world), (await world.told()).count("refunded_late")) == ([RefundState.SUCCEEDED], 1)


async def test_news_of_our_own_refund_waits_until_its_id_is_stored(world: World) -> None:
    await owed(world)
    world.fault(Kind.TIMEOUT_AFTER, REFUNDS)
    await world.work()
    await world.deliver_webhooks(only="refund")
    await world.settlement.drain()
    assert (await world.inbox_states())["waiting"] == 1
    await world.advance(seconds=2)
    await world.work()
    assert (await world.inbox_states())["waiting"] == 0
    assert await refund_states(world) == [RefundState.SUCCEEDED]
    assert await world.concerns() == []


@pytest.mark.fault(23)
async def test_who_was_quicker_in_the_dashboard_is_in_the_books(world: World) -> None:
    """Before, the two sums together broke the ledger's constraint, and the refund was in no book."""
    await owed(world)
    world.fault(Kind.RESET_BEFORE, REFUNDS)
    await world.work()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.deliver_webhooks()
    await world.settlement.drain()
    await world.advance(seconds=2)
    await world.hear()
    assert sorted(map(str, await refund_states(world))) == [RefundState.FAILED, RefundState.SUCCEEDED]
    assert "bad_event" not in await world.concerns()
    await world.check_money()


async def test_a_look_at_a_payment_s_refunds_is_repeated_until_stripe_answers(world: World) -> None:
    await world.paid()
    intent = world.stripe.ledger()[0].payment_intent
    world.stripe.refund_from_dashboard(intent, 100)
    await world.deliver_webhooks(only="charge.refunded")
    world.fault(Kind.ERROR, REFUNDS)
    await world.work()
    assert await refund_states(world) == []
    assert await world.refunds.next_due(world.clock.now()) == world.clock.now() + timedelta(minutes=5)
    await world.advance(minutes=5)
    await world.work()
    assert await refund_states(world) == [RefundState.SUCCEEDED]
    await world.check_money()
