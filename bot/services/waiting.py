"""Lets customers wait for a date that is full, and stop waiting."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import AlreadyHeld, Gone, TooManyLists
from bot.domain.ids import CustomerId, InventoryId, WaitingId
from bot.domain.selection import Selection
from bot.domain.time import Clock
from bot.domain.waiting import MOST, WaitingView, admit
from bot.services import waiting_ends
from bot.services.found import present
from bot.services.offering import Offering
from bot.services.wanted import Wanted, said_about
from storage import catalogue, inventory, open_orders, orders, waiting
from storage.database import Connection, Database


class WaitingLists:
    def __init__(self, database: Database, clock: Clock, currency: str, offering: Offering) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency
        self._offering = offering

    async def catch_up(self) -> None:
        """Whatever has happened to slots unseen, and to those who could not be reached: who waits comes first."""
        await self._database.run(self._catch_up)
        self._offering.made()

    async def join(self, customer: CustomerId, selection: Selection, language: str) -> None:
        """Get in line, or stay there with another party.

        Raises the refusals of `bot.domain.selection`, NotFull where nobody needs to wait, AlreadyHeld for who has
        places there and has not paid for them, TooManyLists, or AnswersMissing: what the shop wants to know is asked
        now, since an offer is there to be paid.
        """
        await self._database.run(lambda connection: self._join(connection, customer, selection, language))
        self._offering.made()

    async def leave(self, customer: CustomerId, row: InventoryId) -> bool:
        """Whether the customer was on that list."""
        return await self._database.run(lambda connection: waiting.leave(connection, customer, row))

    async def of_customer(self, customer: CustomerId) -> Sequence[WaitingView]:
        """What a customer waits for and may still get, the soonest first."""
        async with self._database.read() as connection:
            return await waiting.of_customer(connection, customer, self._clock.now())

    async def in_vain(self, entry: WaitingId, closes_at: datetime) -> WaitingView:
        """An entry whose owner is still on the list when sales end; raises Gone, also if they end at another time."""
        async with self._database.read() as connection:
            found = present(await waiting.by_id(connection, entry))
        if found.closes_at != closes_at:
            raise Gone
        return found

    async def _catch_up(self, connection: Connection) -> None:
        await inventory.lock(connection, await waiting.awaited(connection))
        await self._offering.catch_up(connection, self._clock.now())

    async def _join(self, connection: Connection, customer: CustomerId, selection: Selection, language: str) -> None:
        now, row = self._clock.now(), selection.inventory_id
        await inventory.lock(connection, [row])
        if not await orders.lock_customer(connection, customer):
            raise Gone
        offer = present(await catalogue.offer(connection, row, self._currency))
        admit(offer, selection.counts, await waiting.capacity(connection, row), now)
        held = await open_orders.on_slot(connection, customer, row)
        if held is not None:
            raise AlreadyHeld(held)  # what they let go would come straight back, and nobody else ever get it
        await said_about(connection, customer, Wanted([(offer, selection)]))
        others = [each for each in await waiting.of_customer(connection, customer, now) if each.inventory_id != row]
        if len(others) >= MOST:
            raise TooManyLists(MOST)
        entry = await waiting.join(connection, customer, row, selection.counts, language, now)
        await waiting_ends.plan(connection, now, entry)
