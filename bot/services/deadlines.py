"""Begins to close orders whose hold has run out."""

from datetime import datetime

from bot.domain.orders import Closing
from bot.domain.time import Clock
from bot.domain.unpaid import close
from bot.services.bells import Bells
from bot.services.outcomes import Decided, Outcomes
from storage import cases, orders
from storage.database import Connection, Database

BATCH = 100


class Deadlines:
    def __init__(self, database: Database, clock: Clock, outcomes: Outcomes, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._outcomes = outcomes
        self._bells = bells

    async def close_due(self) -> None:
        """Close every unpaid order whose deadline has passed; their seats stay until Stripe has let go."""
        more = True
        while more:
            closed = await self._database.run(self._batch)
            if closed:
                self._bells.changed()
            more = closed == BATCH

    async def next_deadline(self) -> datetime | None:
        async with self._database.read() as connection:
            return await orders.next_deadline(connection)

    async def _batch(self, connection: Connection) -> int:
        now = self._clock.now()
        late = await orders.past_deadline(connection, now, BATCH)
        loaded = await cases.load(connection, late)
        still_late = [case for case in loaded.values() if case.order.hold_until <= now]
        decided = [Decided(case, close(case, Closing.DEADLINE, now)) for case in still_late]
        await self._outcomes.save(connection, decided, now)
        return len(late)
