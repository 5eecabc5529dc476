"""Verified events, kept raw until they are settled and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import inbox, payment


class InboxState(StrEnum):
    NEW = "new"
    WAITING = "waiting"  # for our own write of what it is about
    SETTLED = "settled"
    IGNORED = "ignored"
    FAILED = "failed"  # on the attention list


@dataclass(frozen=True)
class NewEvent:
    event_id: str
    type: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True)
class StoredEvent:
    id: int
    event_id: str
    body: bytes


ADD = {
    "sqlite": insert_sqlite(inbox).on_conflict_do_nothing(index_elements=["event_id"]),
    "postgresql": insert_postgres(inbox).on_conflict_do_nothing(index_elements=["event_id"]),
}
NEXT_NEW = (
    select(inbox.c.id, inbox.c.event_id, inbox.c.body)
    .where(inbox.c.state == InboxState.NEW)
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
ANY_NEW = select(inbox.c.id).where(inbox.c.state == InboxState.NEW).limit(1)
CHANGE = update(inbox).where(inbox.c.id.in_(bindparam("events", expanding=True)))
"""Its other parameters are the new values of columns."""
WAITING = inbox.c.state == InboxState.WAITING
ANY_WAITING = select(inbox.c.id).where(WAITING).limit(1)
GO_ON = (
    update(inbox)
    .where(WAITING, inbox.c.waits_for.in_(bindparam("what", expanding=True)))
    .values(state=InboxState.NEW, waits_for=None)
)
GO_ON_PAID = (
    update(inbox)
    .where(WAITING, inbox.c.waits_for.in_(select(payment.c.payment_intent)))
    .values(state=InboxState.NEW, waits_for=None)
)
GIVE_UP_WAITING = (
    update(inbox)
    .where(WAITING, inbox.c.received_at < bindparam("before"), inbox.c.waits_for.not_like("%:%"))
    .values(state=InboxState.IGNORED)
)


async def add(connection: AsyncConnection, events: Sequence[NewEvent]) -> None:
    """Store events; those that are known stay as they are."""
    await connection.execute(
        ADD[connection.dialect.name],
        [
            {
                "event_id": event.event_id,
                "type": event.type,
                "body": event.body,
                "received_at": event.received_at,
                "state": InboxState.NEW,
            }
            for event in events
        ],
    )


async def is_something_new(connection: AsyncConnection) -> bool:
    """Whether there is an event that is not settled yet and waits for nothing."""
    return (await connection.execute(ANY_NEW)).first() is not None


async def next_new(connection: AsyncConnection, limit: int) -> list[StoredEvent]:
    """The oldest events that are not settled yet, locked."""
    rows = await connection.execute(NEXT_NEW, {"most": limit})
    return [StoredEvent(row.id, row.event_id, row.body) for row in rows]


async def mark(connection: AsyncConnection, ids: Sequence[int], state: InboxState, now: datetime) -> None:
    if ids:
        await connection.execute(CHANGE, {"events": ids, "state": state, "settled_at": now})


async def fail(connection: AsyncConnection, event_row: int, note: str, now: datetime) -> None:
    failed = {"state": InboxState.FAILED, "settled_at": now, "note": note[:200]}
    await connection.execute(CHANGE, {"events": [event_row], **failed})


async def wait_for(connection: AsyncConnection, event_row: int, what: str) -> None:
    await connection.execute(CHANGE, {"events": [event_row], "state": InboxState.WAITING, "waits_for": what})


async def go_on(connection: AsyncConnection, what: Sequence[str]) -> None:
    """What these events waited for is there: they are settled next."""
    if what:
        await connection.execute(GO_ON, {"what": what})


async def is_something_waiting(connection: AsyncConnection) -> bool:
    return (await connection.execute(ANY_WAITING)).first() is not None


async def go_on_paid(connection: AsyncConnection) -> None:
    """Events go on whose payment was stored at the very moment at which they were put to wait for it."""
    await connection.execute(GO_ON_PAID)


async def give_up_waiting(connection: AsyncConnection, before: datetime, now: datetime) -> None:
    """Events that waited too long for a payment are of somebody else's on the same Stripe account.

    What waits for an attempt or a refund (their names have a colon) is ours, and waits for as long as it takes.
    """
    await connection.execute(GIVE_UP_WAITING, {"before": before, "settled_at": now})
