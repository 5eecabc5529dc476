"""Bugs in how events are taken in, kept and settled."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import count
from unittest.mock import patch

import orjson
from sqlalchemy import select

from bot.domain.attempts import AttemptWork
from bot.payments import events
from bot.payments.events import Event, Verifier
from bot.services.checkout import Checkout
from bot.services.inbox import Inbox, Waiting
from bot.services.settlement import Batch, Settlement
from bot.services.sweeping import EVERY, Sweeping
from storage import attempts, inbox, schema
from storage.database import Connection
from storage.inbox import InboxState, NewEvent
from tests.simulation.bugs.planting import Bug, nothing, swap, together


def _without_dedupe() -> AbstractContextManager[object]:
    add, numbers = inbox.add, count()

    async def every_copy(connection: Connection, events: Sequence[NewEvent]) -> None:
        for event in events:
            known = select(schema.inbox.c.id).where(schema.inbox.c.event_id == event.event_id)
            again = (await connection.execute(known)).first() is not None
            copy = replace(event, event_id=f"{event.event_id}/{next(numbers)}") if again else event
            await add(connection, [copy])

    return patch.object(inbox, "add", every_copy)


async def _acknowledge_early(self: Inbox, event: Event) -> None:
    stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    self._queue.append(Waiting(NewEvent(event.id, event.type, event.body, self._clock.now()), stored))
    self._more.set()


def _any_signature(self: Verifier, body: bytes, signature: str | None, now: datetime) -> Event:
    head = orjson.loads(body)
    return Event(str(head.get("id")), str(head.get("type")), body)


async def _sweep_not(self: Sweeping) -> datetime:
    return self._clock.now() + EVERY


async def _look_not(self: Checkout, work: AttemptWork) -> None:
    await self._database.run(lambda connection: attempts.ask_at(connection, work.id, None))


async def _mark_first(self: Settlement, size: int) -> int:
    async def mark(connection: Connection) -> list[bytes]:
        stored = await inbox.next_new(connection, size)
        await inbox.mark(connection, [event.id for event in stored], InboxState.SETTLED, self._clock.now())
        return [event.body for event in stored]

    bodies = await self._database.run(mark)
    if bodies:
        await self.settle([events.parse(body) for body in bodies])
    return len(bodies)


def _not_surfaced(self: Batch, mark: object, session_id: object) -> None:
    return None


EVENTS: Mapping[str, Bug] = {
    "inbox_without_dedupe": _without_dedupe,
    "acknowledged_before_commit": swap(Inbox, "store", _acknowledge_early),
    "signature_unchecked": swap(Verifier, "verify", _any_signature),
    "waiting_events_dropped": swap(inbox, "go_on", nothing),
    "reconciliation_off": together(swap(Sweeping, "sweep", _sweep_not), swap(Checkout, "_look", _look_not)),
    "lost_page_paid_for_nothing": swap(Batch, "surface", _not_surfaced),
    "settled_outside_the_transaction": swap(Settlement, "_next_batch", _mark_first),
}
