"""Gives customers what is stored about them, and forgets them when they ask."""

import json
from collections.abc import Collection

import structlog

from bot.domain.errors import TooSoon
from bot.domain.ids import CustomerId, TelegramId
from bot.domain.keeping import COPY_PAUSE, Obstacle
from bot.domain.time import Clock
from storage import audit, forgetting, orders, personal_data, waiting
from storage.database import Connection, Database
from storage.forgetting import Events

COPIED, FORGOTTEN = "mydata.sent", "customer.forgotten"

log = structlog.get_logger()


class Privacy:
    """`staff` are those whose lines in the audit log must stay theirs."""

    def __init__(self, database: Database, clock: Clock, staff: Collection[TelegramId]) -> None:
        self._database = database
        self._clock = clock
        self._staff = staff

    async def copy(self, customer_id: CustomerId, telegram_id: TelegramId) -> bytes:
        """All that is stored about a customer, as a JSON document; raises TooSoon after an earlier copy."""
        now = self._clock.now()

        async def begin(connection: Connection) -> None:
            await orders.lock_customer(connection, customer_id)
            last = await personal_data.last_copy(connection, telegram_id, COPIED)
            if last is not None and last <= now < last + COPY_PAUSE:
                raise TooSoon
            await audit.append(connection, now, telegram_id, COPIED, {})

        await self._database.run(begin)
        async with self._database.read() as connection:
            found = await personal_data.everything(connection, customer_id, telegram_id)
        sent = {"events_from_stripe": await self._sent(customer_id)}
        return json.dumps({"made_at": now, **found, **sent}, ensure_ascii=False, indent=2, default=_plain).encode()

    async def obstacles(self, customer_id: CustomerId) -> tuple[Obstacle, ...]:
        """Why this customer cannot be forgotten yet; empty if nothing stands in the way."""
        events = await self._events(customer_id)
        async with self._database.read() as connection:
            return await self._obstacles(connection, customer_id, events)

    async def forget(self, customer_id: CustomerId) -> tuple[Obstacle, ...]:
        """Erase a customer, whole, unless something stands in the way, which is returned.

        What the law wants kept stays without saying whose it was.
        """
        early = await self._events(customer_id)

        async def work(connection: Connection) -> tuple[Obstacle, ...]:
            await waiting.lock_of(connection, customer_id)  # from here on nothing is offered to them
            await orders.lock_customer(connection, customer_id)
            events = await forgetting.late_events(connection, customer_id, early)
            obstacles = await self._obstacles(connection, customer_id, events)
            if not obstacles:
                await forgetting.erase(connection, customer_id, events.ids, self._staff)
                await audit.append(connection, self._clock.now(), None, FORGOTTEN, {})
            return obstacles

        obstacles = await self._database.run(work)
        if not obstacles:
            log.info(FORGOTTEN)
        return obstacles

    async def _events(self, customer_id: CustomerId) -> Events:
        """What Stripe has sent about a customer, without keeping anybody else from the database for long."""
        found = Events()
        while not found.whole:
            async with self._database.read() as connection:
                found = await forgetting.look_on(connection, customer_id, found)
        return found

    async def _sent(self, customer_id: CustomerId) -> list[personal_data.Record]:
        """The same as records."""
        ids, at_once = (await self._events(customer_id)).ids, forgetting.PAGE
        records: list[personal_data.Record] = []
        for start in range(0, len(ids), at_once):
            async with self._database.read() as connection:
                records += await personal_data.events(connection, ids[start : start + at_once])
        return records

    async def _obstacles(self, connection: Connection, customer_id: CustomerId, events: Events) -> tuple[Obstacle, ...]:
        ends = await forgetting.open_ends(connection, customer_id, self._clock.now())
        found = ends.obstacles()
        if events.unsettled and Obstacle.UNDER_WAY not in found:
            return (*found, Obstacle.UNDER_WAY)
        return found


def _plain(value: object) -> object:
    """What JSON has no word for; what Stripe sent is JSON itself."""
    return json.loads(value) if isinstance(value, bytes) else str(value)
