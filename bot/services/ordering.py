"""Holds what a customer has chosen, and lets it go again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.domain.attempts import SLOW
from bot.domain.baskets import digest, replaced
from bot.domain.errors import Gone, NotCancellable, OutOfDate, SoldOut, StillReleasing, TooManyOpenOrders
from bot.domain.ids import ChatId, CustomerId, MessageId, OrderId, public_code, secret_token
from bot.domain.order_card import OrderCard
from bot.domain.orders import Closing, State
from bot.domain.outbox import Lane
from bot.domain.refund_rules import Rules
from bot.domain.selection import Offer, Selection, confirm
from bot.domain.time import Clock
from bot.domain.unpaid import close
from bot.services.bells import Bells
from bot.services.links import Links
from bot.services.outcomes import Decided, Outcomes
from bot.services.wanted import Wanted, said_about, use_up
from storage import attempts, baskets, cases, catalogue, orders, outbox, waiting
from storage.database import Connection, Database

MOVED = "card_moved"
CANCELLABLE = frozenset({State.HELD, State.AWAITING_PAYMENT, State.CLOSING})


@dataclass(frozen=True)
class HoldRules:
    """For how long something is held, how many orders may be open at once, and what goes back on cancelling."""

    currency: str
    hold: timedelta
    most_open: int
    cancellation: Rules = ()


@dataclass(frozen=True)
class Wish:
    """What was confirmed; `nonce` tells this confirmation from every other.

    `basket`: it is all that stands in the customer's basket, with the digest of what they saw of it.
    """

    customer_id: CustomerId
    selections: tuple[Selection, ...]
    nonce: str
    confirmed_total: int
    language: str
    basket: int | None = None


class Ordering:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Random,
        rules: HoldRules,
        links: Links,
        outcomes: Outcomes,
        bells: Bells,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._rules = rules
        self._links = links
        self._outcomes = outcomes
        self._bells = bells

    async def place(
        self, customer: CustomerId, selection: Selection, *, nonce: str, confirmed_total: int, language: str
    ) -> OrderId:
        """Hold the selection and ask for its payment link; the same nonce gives the same order.

        An unpaid order for the same resource is closed first. Raises the refusals of `bot.domain.selection`,
        TooManyOpenOrders, or StillReleasing when only the customer's own earlier seats are in the way.
        """
        return await self._hold(Wish(customer, (selection,), nonce, confirmed_total, language))

    async def place_basket(
        self, customer: CustomerId, *, nonce: str, confirmed_total: int, seen: int, language: str
    ) -> OrderId:
        """Hold all that stands in the customer's basket, or nothing of it; the basket is empty then.

        `seen` is the digest of what they saw. Raises the same as `place`, OutOfDate where it is another one now, and
        NothingChosen for an empty basket; then the basket stays as it is.
        """
        return await self._hold(Wish(customer, (), nonce, confirmed_total, language, seen))

    async def _hold(self, wish: Wish) -> OrderId:
        try:
            order_id = await self._database.run(partial(self._place, wish=wish))
        except SoldOut:
            released = await self._database.run(partial(self._close_replaced, wish=wish))
            self._bells.changed()
            if released is None:
                raise
            raise StillReleasing(released) from None
        self._bells.all()
        return order_id

    async def cancel(self, customer: CustomerId, order_id: OrderId) -> None:
        """Begin to let an unpaid order go; raises Gone or NotCancellable."""

        async def work(connection: Connection) -> None:
            case = (await cases.load(connection, [order_id])).get(order_id)
            if case is None or case.order.customer_id != customer:
                raise Gone
            if case.order.state not in CANCELLABLE:
                raise NotCancellable(case.order.state)
            now = self._clock.now()
            await self._outcomes.save(connection, [Decided(case, close(case, Closing.CUSTOMER, now))], now)

        await self._database.run(work)
        self._bells.changed()

    async def retry_link(self, customer: CustomerId, order_id: OrderId) -> None:
        """Ask Stripe for the link again now; raises Gone."""

        async def work(connection: Connection) -> None:
            if await orders.owner(connection, order_id) != customer:
                raise Gone
            current = await attempts.current(connection, order_id)
            if current is not None and current.session_id is None:
                await attempts.ask_now(connection, current.id, self._clock.now())

        await self._database.run(work)
        self._bells.changed()

    async def card(self, order_id: OrderId) -> OrderCard:
        """What the order's message shows now; raises Gone."""
        now = self._clock.now()
        async with self._database.read() as connection:
            found = await orders.card(connection, order_id, now, now - SLOW)
        if found is None:
            raise Gone
        return found

    async def own_card(self, customer: CustomerId, order_id: OrderId) -> OrderCard:
        """The same, for its owner only; raises Gone for anyone else."""
        async with self._database.read() as connection:
            owner = await orders.owner(connection, order_id)
        if owner != customer:
            raise Gone
        return await self.card(order_id)

    async def remember_card_message(self, order_id: OrderId, message_id: MessageId | None) -> None:
        await self._database.run(lambda connection: orders.remember_card_message(connection, order_id, message_id))

    async def move_card(self, order_id: OrderId, chat: ChatId, message_id: MessageId) -> None:
        """Another message is the order's own from now on; that of before is taken away, whatever happens."""
        now = self._clock.now()

        async def work(connection: Connection) -> None:
            await orders.lock(connection, order_id)
            known = await orders.card_message(connection, order_id)
            await orders.remember_card_message(connection, order_id, message_id)
            if known is not None:
                key, data = f"{MOVED}:{order_id}:{known}", {"order_id": order_id, "message_id": known}
                await outbox.add(connection, [outbox.NewMessage(key, chat, MOVED, data, Lane.CUSTOMER, now)], now)

        await self._database.run(work)
        self._bells.all()

    async def _place(self, connection: Connection, wish: Wish) -> OrderId:
        now = self._clock.now()
        if not await orders.lock_customer(connection, wish.customer_id):
            raise Gone
        known = await orders.by_nonce(connection, wish.customer_id, wish.nonce)
        if known is not None:
            return known
        wanted = await self._wanted(connection, wish)
        price = confirm(wanted.price(now), wish.confirmed_total)
        if wish.basket is not None and wish.basket != digest(price.lines):
            raise OutOfDate
        said = await said_about(connection, wish.customer_id, wanted)
        await self._make_way(connection, wish, wanted, now)
        order = orders.NewOrder(
            code=public_code(self._chance),
            customer_id=wish.customer_id,
            nonce=wish.nonce,
            total=price.total,
            language=wish.language,
            return_token=secret_token(self._chance),
            placed_at=now,
            hold_until=now + self._rules.hold,
        )
        order_id = await orders.place(connection, order, price.lines)
        await use_up(connection, wish.customer_id, order_id, said, basket=wish.basket is not None)
        await self._links.ask(connection, order_id, order, now)
        return order_id

    async def _wanted(self, connection: Connection, wish: Wish) -> Wanted:
        selections = wish.selections
        if wish.basket is not None:
            selections = tuple(entry.selection for entry in await baskets.entries(connection, wish.customer_id))
        return Wanted([(await self._offer(connection, each), each) for each in selections])

    async def _offer(self, connection: Connection, selection: Selection) -> Offer:
        offer = await catalogue.offer(connection, selection.inventory_id, self._rules.currency)
        if offer is None:
            raise Gone
        return offer.ruled(self._rules.cancellation)

    async def _make_way(self, connection: Connection, wish: Wish, wanted: Wanted, now: datetime) -> None:
        """Close the customer's open orders for the same resources; refuse when there are too many of others."""
        open_orders = await orders.open_orders(connection, wish.customer_id)
        before = [order for order, resources in open_orders.items() if replaced(wanted.resources, resources)]
        others, most = len(open_orders) - len(before), self._rules.most_open
        if others >= most or len(open_orders) >= 2 * most:
            raise TooManyOpenOrders(most)
        loaded = await cases.load(connection, before)
        decided = [Decided(case, close(case, Closing.CHANGED, now)) for case in loaded.values()]
        await self._outcomes.save(connection, decided, now)

    async def _close_replaced(self, connection: Connection, wish: Wish) -> OrderId | None:
        """The customer's own orders are closed if only they stand in the way of this wish; returns such an order."""
        await orders.lock_customer(connection, wish.customer_id)
        wanted, now = await self._wanted(connection, wish), self._clock.now()
        open_orders = await orders.open_orders(connection, wish.customer_id)
        own = [order for order, resources in open_orders.items() if replaced(wanted.resources, resources)]
        loaded = await cases.load(connection, own)
        in_the_way = [
            case
            for case in loaded.values()
            if not wanted.rows.isdisjoint(case.claims) and case.order.state in CANCELLABLE
        ]
        if not in_the_way or not wanted.fits([case.claims for case in in_the_way], now):
            return None
        if await waiting.lines(connection, wanted.rows):
            return None  # what is let go belongs to whoever waits for it, so the customer is to keep what they have
        await self._outcomes.save(
            connection, [Decided(case, close(case, Closing.CHANGED, now)) for case in in_the_way], now
        )
        return in_the_way[0].order.id
