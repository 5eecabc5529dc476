"""A customer gets what is stored about them, and is forgotten when nothing is open any more."""

import asyncio
import json
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import event, insert, update

from bot.domain.errors import Gone, TooSoon
from bot.domain.ids import BookingId, CustomerId, OrderId, TelegramId
from bot.domain.keeping import Obstacle
from bot.domain.orders import State
from bot.domain.outbox import Lane
from bot.sandbox.faults import Kind
from bot.services.bookings import Bookings
from bot.services.customers import Customers
from bot.services.privacy import Privacy
from storage import audit, outbox, schema, waiting
from storage.database import Connection, Database
from tests.stored import tables_with
from tests.world import STAFF_CHAT, World

ADA, EMAIL, NAME, PHONE = TelegramId(1001), "ada.l@example.org", "Ada Lovelace", "+33612345678"
WHO = (ADA, "Ada", EMAIL, NAME, PHONE)

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is no matter of the database's dialect."""


@pytest.fixture
def privacy(world: World) -> Privacy:
    return Privacy(world.database, world.clock, frozenset({TelegramId(9001)}))


@pytest_asyncio.fixture
async def ada(world: World) -> CustomerId:
    return (await Customers(world.database, world.clock, ["en", "fr"]).meet(ADA, "Ada", "en")).id


async def bought(world: World, **counts: int) -> OrderId:
    """A paid order with all that the payment page asks for, told to everybody."""
    order = await world.placed_with_link(world.shop.item.inventory_id if "piece" in counts else None, None, **counts)
    world.stripe.pay(await world.session_id(order), "success", name=NAME, email=EMAIL, phone=PHONE)
    await world.hear()
    return order


async def sales(world: World) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in await world.rows(schema.daily_sales))


# To see


async def test_the_copy_holds_all_that_is_stored(world: World, privacy: Privacy, ada: CustomerId) -> None:
    order = await bought(world)
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent, 900)
    await world.hear()
    copy = json.loads(await privacy.copy(ada, ADA))
    assert (copy["customer"][0]["telegram_id"], copy["customer"][0]["name"]) == (ADA, "Ada")
    (bought_once,) = copy["orders"]
    assert bought_once["code"] == (await world.case(order)).order.code
    assert (bought_once["contact_name"], bought_once["contact_email"], bought_once["total"]) == (
        NAME,
        EMAIL,
        "78.00 EUR",
    )
    assert [(line["of"]["en"], line["quantity"], line["unit_amount"]) for line in bought_once["lines"]] == [
        ("Sunrise", 2, "39.00 EUR")
    ]
    assert len(bought_once["bookings"]) == len(bought_once["checkouts"]) == len(bought_once["payments"]) == 1
    assert [refund["amount"] for refund in bought_once["refunds"]] == ["9.00 EUR"]
    assert [note["kind"] for note in bought_once["notes_for_staff"]] == ["dashboard_refund"]
    assert {"card", "booked", "refunded_part"} <= {message["kind"] for message in copy["messages"]}
    assert any(EMAIL in json.dumps(event["body"]) for event in copy["events_from_stripe"])
    assert [line["action"] for line in copy["log"]] == ["mydata.sent"]


@one_database
async def test_the_copy_holds_nothing_of_anybody_else(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world)
    other = await Customers(world.database, world.clock, ["en"]).meet(TelegramId(1002), "Blaise", "fr")
    copy = (await privacy.copy(other.id, TelegramId(1002))).decode()
    assert "Blaise" in copy
    assert not any(str(word) in copy for word in WHO)
    assert json.loads(copy)["events_from_stripe"] == []


async def test_the_copy_is_made_once_a_minute(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await privacy.copy(ada, ADA)
    await world.advance(seconds=59)
    with pytest.raises(TooSoon):
        await privacy.copy(ada, ADA)
    await world.advance(seconds=1)
    assert await privacy.copy(ada, ADA)


# To be forgotten


async def test_nothing_says_any_more_who_it_was(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world)
    again = await world.placed_with_link()  # the page is opened with the address that is known
    await world.ordering.cancel(ada, again)
    await world.live_through(60, 20)
    await privacy.copy(ada, ADA)
    await world.database.run(
        lambda connection: audit.append(
            connection, world.clock.now(), ADA, "command.refused", {"chat": ADA, "action": "x"}
        )
    )
    assert await tables_with(world.database, *WHO) >= {"customer", "orders", "inbox", "outbox", "audit"}
    await world.advance(days=2)
    before = await sales(world)
    assert await privacy.forget(ada) == ()
    assert await tables_with(world.database, *WHO) == set()
    assert await sales(world) == before
    await world.check_sales()
    await world.check_money()
    log = [row._mapping for row in await world.rows(schema.audit)]
    assert [(line["actor"], line["action"], line["data"]) for line in log] == [
        (None, "mydata.sent", {}),
        (None, "command.refused", {"action": "x"}),
        (None, "customer.forgotten", {}),
    ]


@one_database
async def test_events_stay_known_so_that_they_are_not_settled_again(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    await bought(world)
    await world.advance(days=2)
    events = [row._mapping["event_id"] for row in await world.rows(schema.inbox)]
    await privacy.forget(ada)
    await world.sweeping.sweep()
    await world.work()
    rows = [row._mapping for row in await world.rows(schema.inbox)]
    assert [row["event_id"] for row in rows] == events
    assert await tables_with(world.database, *WHO) == set()


@one_database
async def test_others_keep_what_is_theirs(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world, piece=1)
    blaise = (await Customers(world.database, world.clock, ["en"]).meet(TelegramId(1002), "Blaise", "fr")).id
    order = await world.placed_with_link(customer=blaise)
    world.stripe.pay(await world.session_id(order), "success", name="Blaise Pascal", email="blaise@example.org")
    await world.hear()
    await privacy.forget(ada)
    assert await tables_with(world.database, "blaise@example.org") == {"orders", "inbox"}
    assert "customer" in await tables_with(world.database, "Blaise")
    assert await world.told(1002)


async def test_who_never_ordered_leaves_no_row(world: World, privacy: Privacy, ada: CustomerId) -> None:
    assert await privacy.forget(ada) == ()
    assert await world.rows(schema.customer) == []


async def test_telegrams_name_for_a_picture_of_theirs_goes(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world, piece=1)
    (booking,) = await world.rows(schema.booking)
    kept = Bookings(world.database, world.clock)
    await kept.remember_ticket(BookingId(booking._mapping["id"]), "en", "digest", "AgAC-ticket")
    (copied,) = json.loads(await privacy.copy(ada, ADA))["orders"][0]["tickets"]
    assert (copied["telegram_file_id"], copied["code"]) == ("AgAC-ticket", booking._mapping["code"])
    assert await privacy.forget(ada) == ()
    assert await world.rows(schema.ticket_picture) == []


@one_database
async def test_who_comes_back_begins_anew(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world, piece=1)
    await privacy.forget(ada)
    assert await privacy.forget(ada) == ()
    new = await Customers(world.database, world.clock, ["en"]).meet(ADA, "Ada", "en")
    assert new.id != ada
    assert json.loads(await privacy.copy(new.id, ADA))["orders"] == []
    with pytest.raises(Gone):
        await world.ordering.own_card(new.id, OrderId(1))


@one_database
async def test_what_a_member_of_the_staff_did_stays_theirs(world: World, ada: CustomerId) -> None:
    privacy = Privacy(world.database, world.clock, frozenset({ADA}))
    now = world.clock.now()

    async def at_work(connection: Connection) -> None:
        await audit.append(connection, now, ADA, "attention.closed", {"attention": 1})
        told = outbox.NewMessage("attention:1:1001", ADA, "attention", {"attention_id": 1}, Lane.STAFF, now)  # type: ignore[arg-type]  # a chat's number is its owner's
        await outbox.add(connection, [told], now)

    await world.database.run(at_work)
    await privacy.forget(ada)
    assert await tables_with(world.database, ADA) == {"audit", "outbox"}


# Not yet


@one_database
async def test_an_order_that_can_be_paid_stands_in_the_way(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await world.placed_with_link()
    assert await privacy.obstacles(ada) == (Obstacle.UNPAID,)
    assert await privacy.forget(ada) == (Obstacle.UNPAID,)
    assert "customer" in await tables_with(world.database, "Ada")


@one_database
async def test_a_bank_that_is_still_confirming_stands_in_the_way(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    order = await world.placed_with_link(world.shop.item.inventory_id, piece=1)
    await world.pay(order, "sepa_debit_ok")
    await world.hear()
    assert (await world.case(order)).order.state is State.PROCESSING
    assert await privacy.forget(ada) == (Obstacle.UNDER_WAY,)


@one_database
async def test_a_booking_ahead_stands_in_the_way_until_it_is_over(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    await bought(world)
    assert await privacy.forget(ada) == (Obstacle.AHEAD,)
    await world.advance(days=1)  # the walk ends in a few minutes of that morning
    await world.advance(minutes=1)
    assert await privacy.forget(ada) == ()


@one_database
async def test_a_refund_under_way_stands_in_the_way(world: World, privacy: Privacy, ada: CustomerId) -> None:
    order = await world.placed_with_link(world.shop.item.inventory_id, piece=1)
    await world.pay(order, "refund_pending")
    await world.hear()
    world.stripe.refund_from_dashboard(world.stripe.ledger()[0].payment_intent)
    await world.hear()
    assert Obstacle.UNDER_WAY in await privacy.forget(ada)


@one_database
async def test_an_event_that_is_not_settled_stands_in_the_way(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world, piece=1)
    world.stripe.dispute(world.stripe.ledger()[0].payment_intent)
    await world.deliver_webhooks()
    assert await privacy.obstacles(ada) == await privacy.forget(ada) == (Obstacle.UNDER_WAY,)


@one_database
async def test_what_staff_look_into_stands_in_the_way_until_they_have_done_so(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    await bought(world, piece=1)
    world.stripe.dispute(world.stripe.ledger()[0].payment_intent)
    await world.hear()
    assert await privacy.forget(ada) == (Obstacle.LOOKED_AT,)
    await world.database.run(
        lambda connection: connection.execute(update(schema.attention).values(closed_at=world.clock.now()))
    )
    assert await privacy.forget(ada) == ()


@one_database
async def test_a_lost_checkout_stands_in_the_way_while_it_may_surface(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    order = await world.lost(world.shop.slots[1])
    await world.ordering.cancel(ada, order)
    await world.work()
    assert (await world.case(order)).order.state is State.CANCELLED
    assert await privacy.forget(ada) == (Obstacle.UNDER_WAY,)
    await world.live_through(26 * 60, 60)
    assert await privacy.forget(ada) == ()


# What comes later all the same


@one_database
async def test_a_late_payment_of_somebody_forgotten_is_booked_and_reaches_staff(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    order = await world.placed_with_link()
    await world.ordering.cancel(ada, order)
    await world.work()
    assert await privacy.forget(ada) == ()
    session = await world.session_id(order)
    await world.store([world.shown(session, status="complete", payment_status="paid", payment_intent="pi_late")])
    await world.work()
    assert (await world.case(order)).order.state is State.PAID
    assert await world.told() == []
    assert await world.concerns() == ["dead_message"]
    assert any(told.startswith("attention") for told in await world.told(STAFF_CHAT))


@one_database
async def test_a_late_payment_without_room_goes_back_and_nobody_is_written_to(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    order = await world.placed_with_link(world.shop.slots[1], adult=2)
    await world.ordering.cancel(ada, order)
    await world.work()
    await privacy.forget(ada)
    blaise = (await Customers(world.database, world.clock, ["en"]).meet(TelegramId(1002), "Blaise", "fr")).id
    await world.placed_with_link(world.shop.slots[1], blaise, adult=2)
    session = await world.session_id(order)
    paid = {"status": "complete", "payment_status": "paid", "payment_intent": "pi_late"}
    world.fault(Kind.ERROR, "/v1/refunds", times=1)
    await world.store([world.shown(session, **paid)])
    await world.settlement.drain()
    assert (await world.case(order)).order.state is State.REFUNDED
    assert [refund.state for refund in (await world.case(order)).refunds] == ["new"]
    assert await world.told() == []


async def test_a_refund_or_dispute_of_somebody_forgotten_is_settled(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    order = await bought(world, piece=1)
    await privacy.forget(ada)
    payment = world.stripe.ledger()[0].payment_intent
    dispute = world.stripe.dispute(payment)
    world.stripe.close_dispute(str(dispute["id"]), won=True)
    world.stripe.refund_from_dashboard(payment)
    await world.hear()
    assert (await world.case(order)).order.state is State.REFUNDED
    assert await world.told() == []
    assert sorted(await world.concerns()) == ["dashboard_refund", "dispute", "dispute"]
    await world.check_money()


@one_database
async def test_a_message_that_was_under_way_is_skipped(world: World, privacy: Privacy, ada: CustomerId) -> None:
    order = await bought(world, piece=1)
    await privacy.forget(ada)
    with pytest.raises(Gone):
        await world.ordering.card(order)


@one_database
async def test_an_order_is_not_placed_for_who_is_forgotten(world: World, privacy: Privacy, ada: CustomerId) -> None:
    await bought(world, piece=1)
    await privacy.forget(ada)
    with pytest.raises(Gone):
        await world.place(customer=ada)


async def test_events_are_found_page_by_page(
    world: World, privacy: Privacy, ada: CustomerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.forgetting.PAGE", 1)
    await bought(world, piece=1)
    strange = {"type": "x", "state": "settled", "received_at": world.clock.now() + timedelta(hours=1)}
    await world.database.run(
        lambda connection: connection.execute(
            insert(schema.inbox).values(event_id="evt_x", body=f'{{"email":"{EMAIL}"}}'.encode(), **strange)
        )
    )
    assert await privacy.forget(ada) == ()
    assert await tables_with(world.database, *WHO) == set()


class Watch:
    """Counts the bodies of events that are read from each beginning of a transaction on."""

    def __init__(self, database: Database) -> None:
        self.most = self._now = 0
        event.listen(database.engine.sync_engine, "begin", self._begun)
        event.listen(database.engine.sync_engine, "after_cursor_execute", self._read)

    def _begun(self, _connection: object) -> None:
        self._now = 0

    def _read(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        self._now += statement.startswith("SELECT") and "inbox.body" in statement
        self.most = max(self.most, self._now)


@pytest.mark.parametrize("asked", ["copy", "obstacles", "forget"])
async def test_no_transaction_reads_more_than_a_page_of_what_stripe_sent(
    world: World, privacy: Privacy, ada: CustomerId, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Everybody waits for the one connection of SQLite; what is gathered from many pages is whole all the same."""
    monkeypatch.setattr("storage.forgetting.PAGE", 2)
    await bought(world, piece=1)
    when = world.clock.now() + timedelta(hours=1)
    sent = [(f"evt_{number}", EMAIL if number % 3 else "blaise@example.org") for number in range(9)]
    rows = [
        {
            "event_id": known,
            "body": f'{{"email":"{who}"}}'.encode(),
            "type": "x",
            "state": "settled",
            "received_at": when,
        }
        for known, who in sent
    ]
    await world.database.run(lambda connection: connection.execute(insert(schema.inbox), rows))
    watch = Watch(world.database)
    match asked:
        case "copy":
            copy = json.loads(await privacy.copy(ada, ADA))
            found = [each["event_id"] for each in copy["events_from_stripe"] if each["type"] == "x"]
            assert found == [known for known, who in sent if who == EMAIL]
        case "obstacles":
            assert await privacy.obstacles(ada) == ()
        case _:
            assert await privacy.forget(ada) == ()
            assert await tables_with(world.database, *WHO) == set()
            assert "inbox" in await tables_with(world.database, "blaise@example.org")
    assert watch.most == 1


async def test_what_stripe_sends_while_somebody_is_forgotten_is_erased_too(
    world: World, privacy: Privacy, ada: CustomerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after all pages were looked through, and before the customer is locked."""
    await bought(world, piece=1)
    lock_of, when = waiting.lock_of, world.clock.now()

    async def event_comes(connection: Connection, customer_id: CustomerId) -> None:
        row = {"event_id": "evt_late", "body": EMAIL.encode(), "type": "x", "state": "settled", "received_at": when}
        await connection.execute(insert(schema.inbox).values(row))
        await lock_of(connection, customer_id)

    monkeypatch.setattr("storage.waiting.lock_of", event_comes)
    assert await privacy.forget(ada) == ()
    assert "evt_late" in {row._mapping["event_id"] for row in await world.rows(schema.inbox)}
    assert await tables_with(world.database, *WHO) == set()


async def test_of_placing_and_forgetting_at_once_only_one_happens(
    world: World, privacy: Privacy, ada: CustomerId
) -> None:
    for round_ in range(4):
        doing = [world.place(customer=ada), privacy.forget(ada)]
        placed, forgotten = await asyncio.gather(*(doing if round_ % 2 else doing[::-1]), return_exceptions=True)
        placed, forgotten = (placed, forgotten) if round_ % 2 else (forgotten, placed)
        if forgotten == ():
            assert isinstance(placed, Gone)
            assert await world.rows(schema.orders) == []
            ada = (await Customers(world.database, world.clock, ["en"]).meet(ADA, "Ada", "en")).id
        else:
            assert forgotten == (Obstacle.UNPAID,)
            assert placed in {row._mapping["id"] for row in await world.rows(schema.orders)}
            return
