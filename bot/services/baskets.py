"""Keeps what customers have put aside to buy together, and says what it comes to today."""

from collections.abc import Iterable, Mapping

from bot.domain.baskets import BasketView, Entry, basket, entries_of, put_aside, room_for, rows_of, viewed
from bot.domain.errors import Gone, Overlapping
from bot.domain.ids import CustomerId, InventoryId, OrderId
from bot.domain.questions import Drafts, all_asked, unanswered
from bot.domain.refund_rules import Rules
from bot.domain.selection import Offer, Quote, Selection, quote
from bot.domain.time import Clock
from bot.services.found import present
from bot.services.wanted import units
from storage import answers, baskets, cases, catalogue, orders
from storage.database import Connection, Database


class Baskets:
    """A basket claims nothing: whoever is first to hold what stands in it has it."""

    def __init__(self, database: Database, clock: Clock, currency: str, cancellation: Rules = ()) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency
        self._cancellation = cancellation

    async def count(self, customer_id: CustomerId) -> int:
        """How many different things are in it."""
        async with self._database.read() as connection:
            return await baskets.count(connection, customer_id)

    async def show(self, customer_id: CustomerId) -> BasketView:
        async with self._database.read() as connection:
            return await self._view(connection, customer_id)

    async def add(self, customer_id: CustomerId, selection: Selection) -> Entry | None:
        """Put so many of this in, instead of what was in of it; twice is once.

        Gives what was in of it if that was another selection.
        Raises the refusals of `bot.domain.selection`, BasketFull, or Overlapping for a stay over days of another one.
        """

        async def work(connection: Connection) -> Entry | None:
            if not await orders.lock_customer(connection, customer_id):
                raise Gone
            offer = present(await catalogue.offer(connection, selection.inventory_id, self._currency))
            price = quote(offer, selection, self._clock.now())
            there = {entry.inventory_id: entry for entry in await baskets.entries(connection, customer_id)}
            before = there.pop(selection.inventory_id, None)
            others = there.values()
            entry = put_aside(price, selection)
            room_for(len(others) + 1, sum(len(each.counts) for each in (*others, entry)))
            await self._check_days(connection, others, price)
            await baskets.put(connection, customer_id, entry, self._clock.now())
            return before if before and before.selection != entry.selection else None

        return await self._database.run(work)

    async def remove(self, customer_id: CustomerId, inventory_id: InventoryId) -> None:
        """What is not in it is not in it afterwards either."""
        await self._database.run(lambda connection: baskets.remove(connection, customer_id, inventory_id))

    async def empty(self, customer_id: CustomerId) -> None:
        await self._database.run(lambda connection: baskets.empty(connection, customer_id))

    async def fill_again(self, customer_id: CustomerId, order_id: OrderId) -> None:
        """Put in what an order of theirs was of, with what was answered then; raises Gone or BasketFull."""

        async def work(connection: Connection) -> None:
            if not await orders.lock_customer(connection, customer_id):
                raise Gone
            if await orders.owner(connection, order_id) != customer_id:
                raise Gone
            again = entries_of((await cases.look(connection, order_id)).lines)
            there = {entry.inventory_id: entry for entry in await baskets.entries(connection, customer_id)}
            together = there | again
            room_for(len(together), sum(len(entry.counts) for entry in together.values()))
            for entry in again.values():
                await baskets.put(connection, customer_id, entry, self._clock.now())
            await self._answer_again(connection, customer_id, order_id)

        await self._database.run(work)

    async def _check_days(self, connection: Connection, others: Iterable[Entry], price: Quote) -> None:
        """Raises Overlapping."""
        for entry in others if price.days else ():
            offer = await catalogue.offer(connection, entry.inventory_id, self._currency) if entry.steps else None
            if offer is not None and offer.rows(entry.selection) & rows_of(price.lines):
                raise Overlapping

    async def _answer_again(self, connection: Connection, customer_id: CustomerId, order_id: OrderId) -> None:
        said = await answers.of_orders(connection, [order_id])
        for (_, inventory_id), given in said.items():
            for each in given:
                key = (each.question.slug, each.guest)
                await answers.draft(connection, customer_id, inventory_id, key, each.value, self._clock.now())

    async def _view(self, connection: Connection, customer_id: CustomerId) -> BasketView:
        entries, now = await baskets.entries(connection, customer_id), self._clock.now()
        rows = [entry.inventory_id for entry in entries]
        labels = await baskets.labels(connection, rows) if rows else {}
        offers = {row: await self._offer(connection, row) for row in rows}
        asking = [row for row, offer in offers.items() if offer is not None and offer.questions]
        drafts = await answers.drafts(connection, customer_id, asking) if asking else {}
        views = []
        for entry in entries:
            offer = offers[entry.inventory_id]
            waits = _open(offer, entry, drafts)
            views.append(viewed(entry, offer, labels.get(entry.inventory_id), now, unanswered=waits))
        return basket(views, self._currency)

    async def _offer(self, connection: Connection, row: InventoryId) -> Offer | None:
        """With what goes back of it, as an order would keep it."""
        found = await catalogue.offer(connection, row, self._currency)
        return found and found.ruled(self._cancellation)


def _open(offer: Offer | None, entry: Entry, drafts: Mapping[InventoryId, Drafts]) -> bool:
    """Whether something is asked about an entry that is not answered yet."""
    if offer is None or not offer.questions:
        return False
    asked = all_asked(offer.questions, units(offer, entry.selection))
    return any(True for _ in unanswered(asked, drafts.get(entry.inventory_id, {})))
