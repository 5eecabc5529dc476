"""What Stripe tells us becomes bookings, refunds, messages and attention items, once."""

from collections.abc import Callable, Mapping
from random import Random

import orjson
import pytest
from sqlalchemy import Update, update

from bot.domain.effects import Outcome
from bot.domain.errors import DatabaseBusy
from bot.domain.facts import SessionFact
from bot.domain.ids import InventoryId, OrderId, SessionId
from bot.domain.orders import BookingStatus, Case, State
from bot.domain.settlement import settle_session
from bot.payments.events import Event
from bot.sandbox.faults import Kind
from bot.services import settlement
from storage import cases, schema
from storage.database import Connection, Database, Work
from tests.builders import add_customer, add_slot, at
from tests.world import MARK, STAFF_CHAT, World

SESSIONS = "/v1/checkout/sessions"

GONE: Mapping[str, Callable[[World], Update]] = {
    "closed": lambda _: update(schema.inventory).values(closed=True),
    "begun": lambda world: update(schema.inventory).values(starts_at=world.clock.now()),
    "withdrawn": lambda _: update(schema.resource).values(active=False),
}
"""How something stops being on sale."""


async def state(world: World, order: OrderId) -> State:
    return (await world.case(order)).order.state


async def roles(world: World) -> list[object]:
    return [row._mapping["role"] for row in await world.rows(schema.payment)]


async def test_a_paid_order_is_booked_and_told_to_customer_and_staff(world: World) -> None:
    order = await world.paid(adult=2, child=1)
    case = await world.case(order)
    assert (case.order.state, [each.status for each in case.bookings]) == (State.PAID, [BookingStatus.CONFIRMED])
    assert (case.order.contact_name, case.order.contact_email) == ("Sam Sandbox", "customer@example.com")
    assert (await world.told())[-2:] == ["card:paid", "booked"]
    assert await world.told(STAFF_CHAT) == ["staff_sale"]
    await world.check_money()


@pytest.mark.fault(11)
async def test_the_same_event_twenty_times_at_once_is_one_booking_and_one_message(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    assert await world.deliver_webhooks(copies=20, only="checkout.session.completed") == 20
    await world.work()
    assert len(await world.rows(schema.booking)) == 1
    assert (await world.told()).count("booked") == 1
    assert len(await world.rows(schema.inbox)) == 1


@pytest.mark.fault(11)
async def test_two_events_of_one_occurrence_are_one_booking(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    session = await world.session_id(order)
    await world.store([world.shown(session), world.shown(session), world.shown(session, "async_payment_succeeded")])
    await world.work()
    assert len(await world.rows(schema.booking)) == 1
    assert (await world.told()).count("booked") == 1


# Delayed payment methods


async def far_order(world: World) -> OrderId:
    slot = await add_slot(world.database, world.shop.event.id, at(10))
    return await world.placed_with_link(slot)


@pytest.mark.fault(13)
@pytest.mark.parametrize(
    ("card", "end", "told"),
    [("sepa_debit_ok", State.PAID, "booked"), ("sepa_debit_fail", State.FAILED, "bank_failed")],
)
@pytest.mark.parametrize("webhooks", [True, False])
async def test_a_delayed_payment_keeps_the_seats_and_then_books_or_frees_them(
    world: World, card: str, end: State, told: str, *, webhooks: bool
) -> None:
    if not webhooks:
        world.drop_webhooks()
    order = await far_order(world)
    await world.pay(order, card)
    await world.advance(minutes=5)
    await world.hear()
    assert (await state(world, order), len((await world.case(order)).claims)) == (State.PROCESSING, 1)
    await world.advance(days=4)
    await world.hear()
    assert (await state(world, order), (await world.told()).count(told)) == (end, 1)
    assert (await world.told()).count("processing") == 1
    await world.check_money()


# Late and surplus


async def paid_after_release(world: World, slot: InventoryId) -> OrderId:
    """A lost session of a cancelled order surfaces and is paid."""
    order = await world.lost(slot)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.work()
    assert await state(world, order) is State.CANCELLED
    surfaced = await world.surface(order)
    world.stripe.pay(surfaced, "success")
    return order


@pytest.mark.fault(14)
async def test_paid_late_is_booked_if_there_is_room(world: World) -> None:
    order = await paid_after_release(world, world.shop.slots[1])
    await world.advance(minutes=5)
    await world.hear()
    assert (await state(world, order), await world.taken(world.shop.slots[1])) == (State.PAID, 12)
    assert (await world.told())[-1] == "booked_late"
    await world.check_money()


@pytest.mark.fault(14)
async def test_paid_late_without_room_goes_back_in_full_and_is_told(world: World) -> None:
    order = await paid_after_release(world, world.shop.slots[1])
    other = await add_customer(world.database, telegram_id=1002)
    await world.place(world.shop.slots[1], other, adult=2)
    await world.advance(minutes=5)
    await world.hear()
    assert await state(world, order) is State.REFUNDED
    assert [row.refunded for row in world.stripe.ledger()] == [7800]
    assert (await world.told())[-2:] == ["card:refunded", "refunded_late"]
    assert any(told.startswith("staff_refund") for told in await world.told(STAFF_CHAT))
    await world.check_money()


@pytest.mark.fault(14)
@pytest.mark.parametrize("gone", ["closed", "begun", "withdrawn"])
async def test_paid_late_for_what_is_no_longer_on_sale_goes_back_in_full(world: World, gone: str) -> None:
    order = await paid_after_release(world, world.shop.slots[1])
    await world.database.run(lambda connection: connection.execute(GONE[gone](world)))
    await world.advance(minutes=5)
    await world.hear()
    assert await state(world, order) is State.REFUNDED
    assert [row.refunded for row in world.stripe.ledger()] == [7800]
    assert (await world.told())[-2:] == ["card:refunded", "refunded_late"]
    await world.check_money()


async def test_of_two_late_payments_in_one_batch_only_one_gets_the_last_seats(world: World) -> None:
    """What the first takes is not there for the second."""
    other = await add_customer(world.database, telegram_id=1002)
    orders: list[OrderId] = []
    for customer in (world.shop.customer_id, other):
        orders.append(await world.placed_with_link(world.shop.slots[1], customer, adult=2))
        await world.ordering.cancel(customer, orders[-1])
        await world.work()
    paid = {"status": "complete", "payment_status": "paid"}
    sessions = [await world.session_id(order) for order in orders]
    await world.store([world.shown(session, payment_intent=f"pi_{session}", **paid) for session in sessions])
    await world.settlement.drain()
    assert sorted([await state(world, order) for order in orders]) == [State.PAID, State.REFUNDED]


# Whose is it?


async def foreign_session(world: World, **mark: str) -> str:
    """A session on the same Stripe account that we did not make."""
    order = await world.placed_with_link()
    (asked, *_) = [row._mapping["parameters"] for row in await world.rows(schema.checkout_attempt)]
    assert isinstance(asked, Mapping)
    theirs = {"metadata": mark, "payment_intent_data": {"metadata": mark}, "client_reference_id": "somebody"}
    made = await world.gateway.create_session({**asked, **theirs}, f"foreign {order}")
    return made.session_id


def mark_of(order: str, attempt: str = "1", shop: str = MARK) -> dict[str, str]:
    return {"guichet_shop": shop, "guichet_order": order, "guichet_attempt": attempt}


@pytest.mark.fault(15)
async def test_money_with_our_mark_for_a_session_of_nobody_is_for_a_human(world: World) -> None:
    world.stripe.pay(await foreign_session(world, **mark_of("NOPE-22")), "success")
    await world.hear()
    assert (await world.concerns(), await roles(world)) == (["unmatched_payment"], ["unmatched"])
    assert [told.split(":")[0] for told in await world.told(STAFF_CHAT)] == ["attention"]
    await world.store([world.shown(str(world.stripe.ledger()[0].session))])
    await world.work()
    assert await roles(world) == ["unmatched"]
    await world.check_money()


async def test_what_is_given_back_of_money_of_nobody_is_in_the_books(world: World) -> None:
    world.stripe.pay(await foreign_session(world, **mark_of("NOPE-22")), "refund_fails")
    await world.hear()
    intent = world.stripe.ledger()[0].payment_intent
    world.stripe.refund_from_dashboard(intent, 100)
    world.stripe.refund_from_dashboard(intent, 200)
    await world.deliver_webhooks(copies=2, shuffle=Random(1))
    await world.work()
    await world.check_money()
    await world.advance(hours=2)
    await world.hear()
    await world.check_money()
    assert sorted(await world.concerns()) == ["failed_refund", "failed_refund", "unmatched_payment"]


@pytest.mark.fault(15)
async def test_a_session_without_our_mark_is_somebody_else_s(world: World) -> None:
    world.stripe.pay(await foreign_session(world, shop="theirs"), "success")
    world.stripe.pay(await foreign_session(world, **mark_of("NOPE-22", shop="their-shop")), "success")
    await world.hear()
    assert (await world.concerns(), await world.rows(schema.payment)) == ([], [])
    assert (await world.inbox_states())["waiting"] == 0


@pytest.mark.fault(16)
@pytest.mark.parametrize("number", ["1", "7"])
async def test_a_forged_mark_books_nothing(world: World, number: str) -> None:
    order = await world.placed_with_link()
    forged = mark_of((await world.case(order)).order.code, number)
    world.stripe.pay(await foreign_session(world, **forged), "success")
    await world.hear()
    assert await state(world, order) in {State.AWAITING_PAYMENT, State.CANCELLED}
    assert (await world.rows(schema.booking), await roles(world)) == ([], ["unmatched"])


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    ("changes", "concern"),
    [
        ({"amount_total": 7799}, "amount_mismatch"),
        ({"currency": "usd"}, "amount_mismatch"),
        ({"amount_total": None}, "amount_mismatch"),
        ({"amount_total": -240}, "amount_mismatch"),
        ({"mode": "subscription"}, "amount_mismatch"),
        ({"livemode": True}, "wrong_mode"),
    ],
)
async def test_wrong_money_books_nothing_and_is_for_a_human(
    world: World, changes: Mapping[str, object], concern: str
) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    await world.store([world.shown(await world.session_id(order), "completed", **changes)])
    await world.settlement.drain()
    assert (await world.rows(schema.booking), await world.concerns()) == ([], [concern])
    assert await state(world, order) is (State.AWAITING_PAYMENT if concern == "wrong_mode" else State.FAILED)
    assert await world.inbox_states() == {"settled": 1}


@pytest.mark.fault(15)
async def test_money_of_the_wrong_mode_for_a_session_of_nobody_is_for_a_human(world: World) -> None:
    session = await foreign_session(world, **mark_of("NOPE-22"))
    world.stripe.pay(session, "success")
    await world.store([world.shown(session, livemode=True)])
    await world.settlement.drain()
    assert (await world.concerns(), await world.rows(schema.payment)) == (["wrong_mode"], [])


async def test_a_session_of_nobody_that_was_not_paid_is_nothing(world: World) -> None:
    session = await foreign_session(world, **mark_of("NOPE-22"))
    await world.store([world.shown(session, "expired", status="expired")])
    await world.settlement.drain()
    assert await world.concerns() == []


# Before our own write


@pytest.mark.fault(17)
async def test_an_event_that_comes_before_our_own_note_of_its_session_waits_for_it(world: World) -> None:
    order = await world.place()
    world.fault(Kind.TIMEOUT_AFTER, SESSIONS)
    await world.ask()
    world.stripe.pay(str(world.stripe.sessions()[0]["id"]), "success")
    await world.deliver_webhooks(only="checkout")
    await world.settlement.drain()
    assert (await world.inbox_states(), await state(world, order)) == ({"waiting": 1}, State.HELD)
    await world.advance(seconds=1)
    await world.work()
    assert (await world.inbox_states(), await state(world, order)) == ({"settled": 1}, State.PAID)
    await world.check_money()


@pytest.mark.fault(17)
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_note_that_is_made_while_its_event_is_settled_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read before the lock, the event found neither a session nor an attempt that waits for one: money of nobody."""
    order = await world.place()
    world.fault(Kind.TIMEOUT_AFTER, SESSIONS)
    await world.ask()
    world.stripe.pay(str(world.stripe.sessions()[0]["id"]), "success")
    await world.deliver_webhooks(only="checkout")
    await world.advance(seconds=1)
    concerned = cases.concerned

    async def meanwhile(connection: Connection, *, sessions: list[SessionId], codes: list[str]) -> list[OrderId]:
        found = await concerned(connection, sessions=sessions, codes=codes)
        monkeypatch.undo()
        await world.ask()
        return found

    monkeypatch.setattr(cases, "concerned", meanwhile)
    await world.work()
    assert (await state(world, order), await world.concerns()) == (State.PAID, [])


@pytest.mark.fault(17)
async def test_money_with_a_copy_of_the_mark_of_a_lost_attempt_is_for_a_human(world: World) -> None:
    order = await world.lost()
    session = await foreign_session(world, **mark_of((await world.case(order)).order.code))
    world.stripe.pay(session, "success")
    await world.deliver_webhooks(only="checkout.session.completed")
    await world.settlement.drain()
    assert (await world.concerns(), await world.inbox_states()) == (["unmatched_payment"], {"settled": 1})
    assert (await world.rows(schema.booking), await roles(world)) == ([], ["unmatched"])


@pytest.mark.fault(17)
async def test_what_waits_for_an_attempt_that_stripe_refuses_is_for_a_human(world: World) -> None:
    order = await world.place()
    session = await world.surface(order)
    world.stripe.pay(session, "success")
    world.fault(Kind.ERROR, SESSIONS, status=429)
    await world.ask()
    await world.deliver_webhooks(only="checkout.session.completed")
    await world.settlement.drain()
    assert await world.inbox_states() == {"waiting": 1}
    await world.advance(minutes=5)
    await world.work()
    assert await world.concerns() == ["unmatched_payment"]


# Refunds and disputes made at Stripe


@pytest.mark.fault(19)
async def test_a_full_refund_in_the_dashboard_frees_the_seats_and_is_told(world: World) -> None:
    order = await world.paid()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.hear()
    case = await world.case(order)
    assert (case.order.state, [each.status for each in case.bookings]) == (State.REFUNDED, [BookingStatus.CANCELLED])
    assert await world.taken(world.shop.slots[0]) == 0
    assert (await world.told())[-2:] == ["card:refunded", "refunded"]
    assert await world.concerns() == ["dashboard_refund"]
    await world.check_money()


@pytest.mark.fault(19)
async def test_a_partial_refund_in_the_dashboard_keeps_the_booking(world: World) -> None:
    order = await world.paid()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, 100)
    await world.hear()
    case = await world.case(order)
    assert (case.order.state, case.order.refunded.minor) == (State.PAID, 100)
    assert [each.status for each in case.bookings] == [BookingStatus.CONFIRMED]
    assert await world.concerns() == ["dashboard_refund"]
    await world.check_money()


@pytest.mark.fault(19)
async def test_a_refund_of_which_only_the_charge_is_heard_is_looked_up(world: World) -> None:
    order = await world.paid()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.deliver_webhooks(only="charge.refunded")
    await world.work()
    assert await state(world, order) is State.REFUNDED
    await world.check_money()


@pytest.mark.fault(19)
async def test_a_refund_that_the_bank_sends_back_is_for_a_human(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order, "refund_fails")
    await world.hear()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, 100)
    await world.hear()
    await world.advance(hours=2)
    await world.hear()
    assert await world.concerns() == ["dashboard_refund", "failed_refund"]
    assert (await world.case(order)).order.refunded.minor == 0
    await world.check_money()


@pytest.mark.fault(12)
async def test_a_refund_that_is_heard_of_before_its_payment_waits_for_it(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.deliver_webhooks(drop="checkout")
    await world.settlement.drain()
    assert (await world.inbox_states())["waiting"] == 2
    assert await world.checkout.look_now(order) is State.PAID
    await world.work()
    assert await state(world, order) is State.REFUNDED
    assert (await world.inbox_states())["waiting"] == 0


@pytest.mark.fault(19)
async def test_a_dispute_is_for_a_human_and_so_is_its_end(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order, "disputed")
    await world.hear()
    dispute = str(world.stripe.disputes()[0]["id"])
    world.stripe.review_dispute(dispute)
    world.stripe.close_dispute(dispute, won=False)
    await world.deliver_webhooks(copies=2, shuffle=Random(3))
    await world.work()
    assert await world.concerns() == ["dispute", "dispute"]
    assert await state(world, order) is State.PAID


async def test_a_dispute_of_an_unknown_payment_waits_and_one_of_no_payment_is_nothing(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order, "disputed")
    await world.deliver_webhooks(only="charge.dispute.created")
    await world.settlement.drain()
    dispute = {**world.stripe.disputes()[0], "payment_intent": None}
    created = {"id": "evt_x", "type": "charge.dispute.created", "created": 1, "data": {"object": dispute}}
    await world.store([Event("evt_x", "charge.dispute.created", orjson.dumps(created))])
    await world.settlement.drain()
    assert await world.inbox_states() == {"waiting": 1, "ignored": 1}


# What cannot be settled


UNREADABLE = (
    b"not JSON",
    b'{"type": "checkout.session.completed", "created": 1, "data": {"object": {}}}',
    b'{"type": "checkout.session.completed", "created": 1, "data": {"object": {"status": "dreaming"}}}',
    b'{"type": "checkout.session.completed", "created": true, "data": []}',
    b'{"type": "refund.created", "data": {"object": {"payment_intent": "pi_1", "amount": "x"}}}',
    b'{"type": "charge.dispute.created", "data": {"object": {"id": null}}}',
)


async def test_events_that_cannot_be_read_are_for_a_human_and_the_others_go_on(world: World) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    await world.store([Event(f"evt_{number}", "odd", body) for number, body in enumerate(UNREADABLE)])
    await world.hear()
    assert (await state(world, order), await world.concerns()) == (State.PAID, ["bad_event"] * len(UNREADABLE))
    assert (await world.inbox_states())["failed"] == len(UNREADABLE)


async def test_an_event_that_cannot_be_settled_is_for_a_human_and_the_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await add_customer(world.database, telegram_id=1002)
    orders = [await world.placed_with_link(), await world.placed_with_link(customer=other)]
    poisoned = await world.session_id(orders[0])

    def poisonous(case: Case, fact: SessionFact, room: Mapping[InventoryId, int], **more: object) -> Outcome:
        if fact.session_id == poisoned:
            raise ZeroDivisionError
        return settle_session(case, fact, room, live=False, now=world.clock.now())

    monkeypatch.setattr(settlement, "settle_session", poisonous)
    for order in orders:
        await world.pay(order)
    await world.deliver_webhooks()
    await world.settlement.drain()
    assert [await state(world, order) for order in orders] == [State.AWAITING_PAYMENT, State.PAID]
    assert await world.concerns() == ["bad_event"]
    monkeypatch.undo()
    await world.advance(minutes=5)
    await world.work()
    assert await state(world, orders[0]) is State.PAID


@pytest.mark.fault(35)
async def test_a_busy_database_is_not_the_event_s_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = await world.placed_with_link()
    await world.pay(order)
    await world.deliver_webhooks(only="checkout")

    run, tries = Database.run, []

    async def busy(database: Database, work: Work[int]) -> int:
        """Twice: were the event blamed, the third transaction would put it aside."""
        tries.append(1)
        if len(tries) > 2:
            return await run(database, work)
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(Database, "run", busy)
        with pytest.raises(DatabaseBusy):
            await world.settlement.drain()
    assert await world.inbox_states() == {"new": 1}
    await world.work()
    assert (await state(world, order), await world.concerns()) == (State.PAID, [])
