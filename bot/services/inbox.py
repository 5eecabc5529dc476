"""Stores verified events before Stripe is told that we have them; concurrent callers share one commit."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.domain.errors import DatabaseBusy
from bot.domain.time import Clock
from bot.payments.events import Event
from bot.services.bells import Bells
from storage import inbox
from storage.database import Database
from storage.inbox import NewEvent

log = structlog.get_logger()

MOST_WAITING = 5000


@dataclass(frozen=True)
class Waiting:
    event: NewEvent
    stored: asyncio.Future[None]


class Inbox:
    """`run` is the one writer; `store` returns once the batch that holds its event is durable."""

    def __init__(self, database: Database, clock: Clock, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._bells = bells
        self._queue: list[Waiting] = []
        self._more = asyncio.Event()
        self._writing = asyncio.Lock()

    async def store(self, event: Event) -> None:
        """Keep an event; a known one stays as it is. Raises DatabaseBusy: then it is not stored."""
        if len(self._queue) >= MOST_WAITING:
            raise DatabaseBusy("too many events wait to be stored")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(Waiting(NewEvent(event.id, event.type, event.body, self._clock.now()), stored))
        self._more.set()
        await stored

    async def run(self) -> None:
        """Write whatever is queued, again and again; no timer, the commit itself is the pause."""
        while True:
            await self._more.wait()
            await self.flush()

    async def flush(self) -> None:
        """Write what is queued now, after what is being written."""
        async with self._writing:
            self._more.clear()
            batch, self._queue = self._queue, []
            if batch:
                await self._store(batch)

    async def _store(self, batch: list[Waiting]) -> None:
        try:
            await self._write(batch)
        except DatabaseBusy as busy:
            log.warning("inbox.busy", events=len(batch))
            _refuse(batch, busy)
        except Exception as error:  # noqa: BLE001 - whatever it was, each caller learns the fate of its own event
            log.warning("inbox.batch_failed", events=len(batch), error=type(error).__name__)
            await self._one_by_one(batch)

    async def _write(self, batch: list[Waiting]) -> None:
        await self._database.run(lambda connection: inbox.add(connection, [waiting.event for waiting in batch]))
        for waiting in batch:
            if not waiting.stored.done():
                waiting.stored.set_result(None)
        self._bells.inbox.ring()

    async def _one_by_one(self, batch: list[Waiting]) -> None:
        for waiting in batch:
            try:
                await self._write([waiting])
            except Exception as error:  # noqa: BLE001 - the guilty one gets a refusal, the others go on
                _refuse([waiting], error)


def _refuse(batch: list[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.stored.done():
            waiting.stored.set_exception(DatabaseBusy(type(error).__name__))
