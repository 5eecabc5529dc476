"""Asks guests what the shop wants to know before they pay, and keeps what they answer until they order."""

from contextlib import suppress

from bot.domain.errors import OutOfDate, SoldOut
from bot.domain.ids import CustomerId, InventoryId
from bot.domain.questions import AWAITED_FOR, Awaited, Key, Questionnaire, all_asked, checked
from bot.domain.selection import Offer, Selection, quote
from bot.domain.time import Clock
from bot.services.found import present
from bot.services.wanted import units
from storage import answers, catalogue, orders
from storage.database import Connection, Database


class Questions:
    def __init__(self, database: Database, clock: Clock, currency: str) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency

    async def about(self, customer_id: CustomerId, selection: Selection) -> Questionnaire:
        """What is asked about a selection, even if somebody has to wait for it.

        Raises the other refusals of `bot.domain.selection`.
        """
        async with self._database.read() as connection:
            return await self._about(connection, customer_id, selection)

    async def answer(self, customer_id: CustomerId, selection: Selection, key: Key, written: str) -> Questionnaire:
        """Keep one answer, or a skip where nothing is written.

        Raises BadAnswer, OutOfDate where this is not asked, and the refusals of `bot.domain.selection`.
        """

        async def work(connection: Connection) -> Questionnaire:
            if not await orders.lock_customer(connection, customer_id):
                raise OutOfDate
            found = await self._about(connection, customer_id, selection)
            asked = next((each for each in found.asked if each.key == key), None)
            if asked is None:
                raise OutOfDate
            value, now = checked(asked.question, written), self._clock.now()
            await answers.draft(connection, customer_id, selection.inventory_id, key, value, now)
            return Questionnaire(found.asked, {**found.drafts, key: value})

        return await self._database.run(work)

    async def expect(self, customer_id: CustomerId, selection: Selection, key: Key) -> None:
        """What they write next is the answer to this."""
        until = self._clock.now() + AWAITED_FOR
        awaited = Awaited(selection.inventory_id, selection.counts, *key, until, selection.steps)
        await self._database.run(lambda connection: answers.await_answer(connection, customer_id, awaited))

    async def leave(self, customer_id: CustomerId) -> None:
        """What they write next is anything else."""
        await self._database.run(lambda connection: answers.await_answer(connection, customer_id, None))

    async def _about(self, connection: Connection, customer_id: CustomerId, selection: Selection) -> Questionnaire:
        offer: Offer = present(await catalogue.offer(connection, selection.inventory_id, self._currency))
        if not offer.questions:
            return Questionnaire((), {})
        with suppress(SoldOut):
            quote(offer, selection, self._clock.now())
        drafts = await answers.drafts(connection, customer_id, [selection.inventory_id])
        asked = all_asked(offer.questions, units(offer, selection))
        return Questionnaire(asked, drafts.get(InventoryId(selection.inventory_id), {}))
