"""The real services against the simulated Stripe over loopback HTTP, with a clock that a test moves.

async with open_world(database, clock) as world:      # or the fixture `world` of tests/services/conftest.py
    order = await world.place(adult=2)                # holds two seats of world.shop.slots[0]
    await world.work()                                # everything that is due now, until nothing is
    await world.pay(order)                            # on Stripe's page, with the card "success"
    await world.deliver_webhooks(copies=2)            # what Stripe has to send, into the inbox
    await world.work()
    await world.advance(minutes=20)                   # our clock and Stripe's
    case = await world.case(order)                    # the order with all that hangs on it
    world.fault(Kind.TIMEOUT_AFTER, "/v1/refunds")    # what goes wrong at Stripe next
    await world.told()                                # what customers are told, as `kind` or `kind:about`
At the end of every test `check` holds the books against each other, and every call against Stripe's own description.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Row, Table, func, select

from bot.domain.ids import ChatId, CustomerId, InventoryId, OrderId, SessionId
from bot.domain.order_card import OrderLineView
from bot.domain.orders import RELEASED, Case
from bot.domain.outbox import Channel, OutboxMessage
from bot.domain.refund_rules import RefundStep
from bot.domain.reminders import ReminderRules
from bot.domain.selection import Selection
from bot.payments.events import Event, Verifier
from bot.payments.gateway import Gateway, client
from bot.sandbox.clock import WorldClock
from bot.sandbox.faults import Fault, Faults, Kind, Service
from bot.sandbox.stripe.deliveries import Dispatch, Mode
from bot.sandbox.stripe.http import StripeApi
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import PayResult
from bot.services.baskets import Baskets
from bot.services.bells import Bells
from bot.services.cancelling import Cancelling
from bot.services.checkout import Checkout
from bot.services.checkout_parameters import CheckoutParameters, CheckoutSettings
from bot.services.deadlines import Deadlines
from bot.services.delivery import Deliverer
from bot.services.inbox import Inbox
from bot.services.links import Links
from bot.services.moving import Moving
from bot.services.offering import Offering, OfferRules
from bot.services.open_orders import OpenOrders
from bot.services.ordering import HoldRules, Ordering
from bot.services.outcomes import Outcomes
from bot.services.questions import Questions
from bot.services.refunds import Refunds
from bot.services.reminders import Reminders
from bot.services.reviews import Reviews
from bot.services.settlement import Mine, Settlement
from bot.services.strays import Strays
from bot.services.sweeping import Sweeping
from bot.services.waiting import WaitingLists
from storage import cases, sales, schema
from storage.database import Database
from tests.builders import ZONE, SmallShop, small_shop
from tests.canaries import STRIPE_KEY, WEBHOOK_SECRET
from tests.clock import FakeClock
from tests.oracles import stripe as oracle

KEY, SECRET, MARK = STRIPE_KEY, WEBHOOK_SECRET, "guichet-test"
STAFF_CHAT = ChatId(-100500)
CANCELLATION = (RefundStep(24, 100), RefundStep(2, 50))
RULES = HoldRules("EUR", timedelta(minutes=15), most_open=3, cancellation=CANCELLATION)
OFFERS = OfferRules("EUR", timedelta(hours=2), CANCELLATION)
REMINDING = ReminderRules((24, 2), follow_up=True)
SETTINGS = CheckoutSettings(MARK, "https://tickets.example", collect_phone=True)
ROUNDS = 60
AnyRow = Row[tuple[object, ...]]


class PlainWording:
    """Calls a line by its names."""

    def product(self, line: OrderLineView, language: str) -> tuple[str, str]:
        return f"{line.resource_name[language]} {line.fare_name[language]}", line.place[language]


class FakeMessenger:
    """Remembers what was sent; `answers` are raised instead, one per message and in turn (None: sent)."""

    def __init__(self) -> None:
        self.sent: list[OutboxMessage] = []
        self.tried: list[OutboxMessage] = []
        self.answers: list[Exception | None] = []

    async def send(self, message: OutboxMessage) -> None:
        self.tried.append(message)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.sent.append(message)

    @property
    def kinds(self) -> list[str]:
        return [message.kind for message in self.sent]


class World:
    """One shop, its services and its Stripe. `stripe_clock` moves with `clock` unless a test moves one alone."""

    def __init__(
        self,
        database: Database,
        clock: FakeClock,
        gateway: Gateway,
        shop: SmallShop,
        stripe: "Account",
        *,
        attentive: bool = False,
        mail: bool = False,
    ) -> None:
        self.database, self.clock, self.gateway, self.shop = database, clock, gateway, shop
        self.stripe, self.stripe_clock, self.faults = stripe.model, stripe.clock, stripe.faults
        self.chance, zone = Random(7), ZoneInfo(ZONE)
        self.bells, self.messenger, self.verifier = Bells(), FakeMessenger(), Verifier([SECRET])
        reminding = REMINDING if attentive else ReminderRules()
        self.parameters = CheckoutParameters(SETTINGS, PlainWording(), self.chance)
        links = Links(self.parameters)
        self.offering = Offering(self.chance, OFFERS, links, self.bells)
        self.outcomes = Outcomes(self.chance, zone, [STAFF_CHAT], reminding, self.offering, mail=mail)
        self.reminders = Reminders(database, clock, reminding)
        self.reviews = Reviews(database, clock, [STAFF_CHAT], self.bells)
        self.inbox = Inbox(database, clock, self.bells)
        self.settlement = Settlement(
            database, clock, self.outcomes, Strays(self.chance, zone), self.bells, Mine(MARK, live=False)
        )
        self.ordering = Ordering(database, clock, self.chance, RULES, links, self.outcomes, self.bells)
        self.checkout = Checkout(database, clock, gateway, self.settlement, self.outcomes, self.parameters, self.bells)
        self.refunds = Refunds(database, clock, gateway, self.settlement, self.bells, MARK)
        self.baskets = Baskets(database, clock, "EUR", CANCELLATION)
        self.questions = Questions(database, clock, "EUR")
        self.open_orders = OpenOrders(database, clock, self.bells)
        self.waiting = WaitingLists(database, clock, "EUR", self.offering)
        self.cancelling = Cancelling(database, clock, self.outcomes, self.bells)
        self.moving = Moving(database, clock, self.chance, RULES, links, self.outcomes, self.bells)
        self.deadlines = Deadlines(database, clock, self.outcomes, self.bells)
        self.sweeping = Sweeping(database, clock, gateway, self.bells)
        self.deliverer = Deliverer(database, clock, self.messenger, self.outcomes, self.bells)
        self.postman = FakeMessenger()
        self.mailer = Deliverer(database, clock, self.postman, self.outcomes, self.bells, Channel.MAIL)
        self._nonces = 0
        self._unclaimed: Mapping[int, int] = {}

    # What people do

    async def place(
        self,
        slot: InventoryId | None = None,
        customer: CustomerId | None = None,
        nonce: str | None = None,
        total: int | None = None,
        **counts: int,
    ) -> OrderId:
        """Hold so many of each fare (two adults, unless said otherwise) at the right price, unless `total` says one."""
        chosen = counts or {"adult": 2}
        fares = self.shop.item.fares if slot == self.shop.item.inventory_id else self.shop.event.fares
        price = {"adult": 3900, "child": 1900, "piece": 1200}
        self._nonces += 1
        return await self.ordering.place(
            customer or self.shop.customer_id,
            Selection(slot or self.shop.slots[0], {fares[fare]: count for fare, count in chosen.items()}),
            nonce=nonce or f"n{self._nonces}",
            confirmed_total=sum(price[fare] * count for fare, count in chosen.items()) if total is None else total,
            language="en",
        )

    async def pay(self, order: OrderId, card: str = "success", code: str = "") -> PayResult:
        """The customer pays on Stripe's page, at the order's latest session."""
        if code:
            self.stripe.enter_code(await self.session_id(order), code)
        return self.stripe.pay(await self.session_id(order), card)

    async def placed_with_link(
        self, slot: InventoryId | None = None, customer: CustomerId | None = None, **counts: int
    ) -> OrderId:
        """An order whose customer can pay."""
        order = await self.place(slot, customer, None, None, **counts)
        await self.work()
        return order

    async def paid(self, slot: InventoryId | None = None, customer: CustomerId | None = None, **counts: int) -> OrderId:
        """An order that is paid and settled."""
        order = await self.placed_with_link(slot, customer, **counts)
        await self.pay(order)
        await self.hear()
        return order

    # What the program does

    async def work(self) -> None:
        """Do what is due now and what follows from it, until nothing is due."""
        for _ in range(ROUNDS):
            await self.deadlines.close_due()
            did = await self.settlement.drain() + await self.ask()
            await self.deliverer.deliver()
            if not did:
                return
        raise AssertionError("the work never comes to rest")

    async def ask(self) -> int:
        """Ask Stripe what is due to be asked, once each."""
        attempts, refunds = await self.checkout.due(100), await self.refunds.due(100)
        for attempt in attempts:
            await self.checkout.handle(attempt)
        for refund in refunds:
            await self.refunds.handle(refund)
        looks = await self.refunds.looks_due(100)
        for payment_id, intent in looks:
            await self.refunds.look(payment_id, intent)
        return len(attempts) + len(refunds) + len(looks)

    async def hear(self) -> None:
        """Webhooks arrive, and all that follows from them is done."""
        await self.deliver_webhooks()
        await self.work()

    async def deliver_webhooks(
        self, *, copies: int = 1, shuffle: Random | None = None, only: str = "", drop: str | None = None
    ) -> int:
        """Store what Stripe has to send; returns how many events came.

        `only` and `drop` name how types start; what does not come is lost for good.
        """
        self.stripe.tick()
        going = [one for one in self.stripe.deliveries.due() for _ in range(copies)]
        coming = [one for one in going if _type(one).startswith(only) and not (drop and _type(one).startswith(drop))]
        if shuffle is not None:
            shuffle.shuffle(coming)
        await self.store([self._verified(one) for one in coming])
        for one in {one.delivery_id: one for one in going}:
            self.stripe.deliveries.report(one, 200)
        return len(coming)

    def _verified(self, sent: Dispatch) -> Event:
        return self.verifier.verify(sent.body, sent.headers["Stripe-Signature"], self.stripe_clock.now())

    async def store(self, events: Sequence[Event]) -> None:
        """As many requests at once, answered when they are durable."""
        waiting = [asyncio.ensure_future(self.inbox.store(event)) for event in events]
        await asyncio.sleep(0)
        await self.inbox.flush()
        await asyncio.gather(*waiting)

    # What happens meanwhile

    async def advance(self, **by: float) -> None:
        """Time passes for everybody; nothing is done about it yet."""
        step = timedelta(**by)
        self.stripe_clock.advance(step)
        self.clock.advance(step)
        self.stripe.tick()

    async def live_through(self, minutes: int, step: int = 1) -> None:
        """Time passes in steps, with the work done and the webhooks delivered in each."""
        for _ in range(0, minutes, step):
            await self.advance(minutes=step)
            await self.hear()

    def allow_codes(self) -> None:
        """From now on customers may enter promotion codes: HALF takes off half, ALL everything."""
        self.parameters._settings = replace(SETTINGS, promotion_codes=True)
        for code, percent in (("HALF", 50), ("ALL", 100)):
            self.stripe.make_code(code, percent)

    def drop_webhooks(self) -> None:
        self.stripe.deliveries.mode = Mode.DROPPED

    async def lost(self, slot: InventoryId | None = None) -> OrderId:
        """An order whose first attempt met a stored 5xx and was given up; its second has a link."""
        order = await self.place(slot)
        self.fault(Kind.ERROR, "/v1/checkout/sessions")
        for _ in range(10):
            await self.advance(seconds=3)
            await self.ask()
            if len((await self.case(order)).attempts) > 1:
                break
        await self.work()
        return order

    async def surface(self, order: OrderId, number: int = 1) -> str:
        """At Stripe there is a session for an attempt after all; its id."""
        rows = [row._mapping for row in await self.rows(schema.checkout_attempt)]
        attempt = next(row for row in rows if (row["order_id"], row["number"]) == (order, number))
        expires_at = int(self.stripe_clock.now().timestamp()) + 31 * 60
        parameters = {**_json(attempt["parameters"]), "expires_at": expires_at}
        return (await self.gateway.create_session(parameters, f"surfaced {order} {number}")).session_id

    def shown(self, session: str, kind: str = "completed", **changes: object) -> Event:
        """An event of a session as Stripe shows it now, but for some changes; `livemode` is that of both."""
        subject = {**self.stripe.session(session), **changes}
        self._nonces += 1
        body = {
            "id": f"evt_shown_{self._nonces}",
            "object": "event",
            "type": f"checkout.session.{kind}",
            "created": int(self.stripe_clock.now().timestamp()),
            "data": {"object": subject},
        }
        return Event(str(body["id"]), str(body["type"]), orjson.dumps(body))

    def fault(self, kind: Kind, operation: str = "", *, times: int | None = 1, status: int = 500) -> None:
        """What the next calls of Stripe meet; a time-out is cut short after a moment."""
        self.faults.plan(Fault(0, Service.STRIPE, kind, operation, status=status, seconds=0.05, times=times))

    # What is then

    async def case(self, order: OrderId) -> Case:
        return (await self.database.run(lambda connection: cases.load(connection, [order])))[order]

    async def session_id(self, order: OrderId) -> SessionId:
        session = (await self.case(order)).current.session_id
        assert session is not None, "the order has no session"
        return session

    async def taken(self, inventory: InventoryId) -> int:
        rows = await self.rows(schema.inventory)
        return next(int(str(row._mapping["taken"])) for row in rows if row._mapping["id"] == inventory)

    async def rows(self, table: Table) -> list[AnyRow]:
        async with self.database.read() as connection:
            first, *_ = table.primary_key.columns
            return list(await connection.execute(select(table).order_by(first)))

    async def told(self, chat: int = 1001) -> list[str]:
        """The messages to a chat, in their order: `kind`, or `kind:about` where an order has several of a kind."""
        rows = [row._mapping for row in await self.rows(schema.outbox)]
        keys = [str(row["key"]).split(":") for row in rows if row["chat_id"] == chat]
        return [f"{kind}:{about[0]}" if about and about[0] else kind for kind, _, *about in keys]

    async def concerns(self) -> list[str]:
        """What is on the attention list."""
        return [str(row._mapping["kind"]) for row in await self.rows(schema.attention)]

    async def inbox_states(self) -> Counter[str]:
        return Counter(str(row._mapping["state"]) for row in await self.rows(schema.inbox))

    # What must always hold

    async def remember_unclaimed(self) -> None:
        """What the builders have put into `taken` without a claim."""
        self._unclaimed = await self._taken_without_claim()

    async def check(self) -> None:
        """Claims add up, the roll-up is what the ledger says, and Stripe was asked in its own words."""
        assert await self._taken_without_claim() == self._unclaimed, "taken is not what claims add up to"
        await self.check_sales()
        await self._check_released()
        for call in self.stripe.journal.calls():
            oracle.check(call)

    async def _check_released(self) -> None:
        """No seat is free whose checkout can be paid."""
        released = {row._mapping["id"] for row in await self.rows(schema.orders) if row._mapping["state"] in RELEASED}
        payable = {each["id"] for each in self.stripe.sessions() if each["status"] == "open"}
        for row in await self.rows(schema.checkout_attempt):
            assert row._mapping["order_id"] not in released or row._mapping["session_id"] not in payable

    async def check_sales(self) -> None:
        kept = await self._sales()
        await self.database.run(lambda connection: sales.rebuild(connection, ZoneInfo(ZONE)))
        assert kept == await self._sales()

    async def _sales(self) -> list[tuple[object, ...]]:
        rows = [tuple(row) for row in await self.rows(schema.daily_sales)]
        return sorted(row for row in rows if any(row[3:]))

    async def check_money(self) -> None:
        """No payment is silent: each is booked, given back in full, or on the attention list; the amounts agree."""
        kept = {str(row._mapping["payment_intent"]): row._mapping for row in await self.rows(schema.payment)}
        given: Counter[int] = Counter()
        for row in await self.rows(schema.refund):
            if row._mapping["state"] in {"pending", "succeeded"}:
                given[int(str(row._mapping["payment_id"]))] += int(str(row._mapping["amount"]))
        for paid in self.stripe.ledger():
            if paid.metadata.get("guichet_shop") != MARK:
                continue
            mine = kept[paid.payment_intent]
            assert (mine["amount"], given[int(str(mine["id"]))]) == (paid.captured, paid.refunded)

    async def _taken_without_claim(self) -> Mapping[int, int]:
        async with self.database.read() as connection:
            claimed = (
                select(func.coalesce(func.sum(schema.claim.c.units), 0))
                .where(schema.claim.c.inventory_id == schema.inventory.c.id)
                .scalar_subquery()
            )
            found = await connection.execute(select(schema.inventory.c.id, schema.inventory.c.taken - claimed))
            return {int(row[0]): int(row[1]) for row in found if row[1]}


class Account:
    """The simulated Stripe with its own clock and faults."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.faults = FakeClock(clock.now()), Faults()
        self.model = Stripe(now=self.clock.now, secret_keys=[KEY])
        self.model.deliveries.register("http://127.0.0.1:9/stripe/webhook", SECRET)

    def application(self) -> web.Application:
        running = WorldClock(source=lambda: self.clock.now().timestamp())
        application = web.Application()
        application.add_routes(StripeApi(self.model, self.faults, running).routes())
        return application


@asynccontextmanager
async def open_world(
    database: Database, clock: FakeClock, *, attentive: bool = False, mail: bool = False
) -> AsyncIterator[World]:
    """A small shop that sells against a Stripe of its own; what must always hold is checked at the end.

    An `attentive` one reminds people, and asks them how it was; one with `mail` writes letters.
    """
    account = Account(clock)
    shop = await small_shop(database)
    async with TestServer(account.application(), host="127.0.0.1") as server, aiohttp.ClientSession() as session:
        account.model.base_url = str(server.make_url("")).rstrip("/")
        gateway = Gateway(client(session, KEY, f"{account.model.base_url}/stripe"))
        world = World(database, clock, gateway, shop, account, attentive=attentive, mail=mail)
        await world.remember_unclaimed()
        yield world
        await world.check()


def _json(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


def _type(sent: Dispatch) -> str:
    event: dict[str, object] = orjson.loads(sent.body)
    return str(event["type"])
