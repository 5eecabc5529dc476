"""Messages that must arrive: added with the fact that they tell, sent later, first in, first out per chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChatId
from bot.domain.outbox import Channel, Lane, OutboxMessage
from storage.schema import outbox


class OutboxState(StrEnum):
    DUE = "due"
    SENT = "sent"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    DEAD = "dead"


@dataclass(frozen=True)
class NewMessage:
    key: str
    chat_id: ChatId
    kind: str
    data: Mapping[str, object]
    lane: Lane
    due_at: datetime
    channel: Channel = Channel.TELEGRAM


ADD = {
    "sqlite": insert_sqlite(outbox).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": insert_postgres(outbox).on_conflict_do_nothing(index_elements=["key"]),
}
TRIED = update(outbox).where(outbox.c.id == bindparam("message")).values(tries=outbox.c.tries + 1)
"""Its other parameters are the new values of columns."""


async def add(connection: AsyncConnection, messages: Sequence[NewMessage], now: datetime) -> None:
    """Add messages; one whose key is known is there already."""
    if not messages:
        return
    await connection.execute(
        ADD[connection.dialect.name],
        [
            {
                "key": message.key,
                "channel": message.channel,
                "chat_id": message.chat_id,
                "kind": message.kind,
                "data": dict(message.data),
                "state": OutboxState.DUE,
                "lane": message.lane,
                "due_at": message.due_at,
                # A message for later grows old from the moment on which it is due.
                "created_at": max(now, message.due_at),
                "tries": 0,
            }
            for message in messages
        ],
    )


BY_CHANNEL = outbox.c.channel == bindparam("by_channel")


def _due() -> Select[tuple[object, ...]]:
    """Built once: it is asked for after every message."""
    earlier = outbox.alias()
    held_back = exists().where(
        earlier.c.chat_id == outbox.c.chat_id,
        earlier.c.channel == outbox.c.channel,
        earlier.c.id < outbox.c.id,
        earlier.c.state == OutboxState.DUE,
        earlier.c.tries > 0,
    )
    first = (
        select(func.min(outbox.c.id).label("id"))
        .where(BY_CHANNEL, outbox.c.state == OutboxState.DUE, outbox.c.due_at <= bindparam("now"), ~held_back)
        .group_by(outbox.c.chat_id)
        .subquery()
    )
    found = select(outbox).join(first, first.c.id == outbox.c.id)
    return found.order_by(outbox.c.lane, outbox.c.id).limit(bindparam("most"))


DUE = _due()
NEXT_DUE = (
    select(outbox.c.due_at)
    .where(BY_CHANNEL, outbox.c.state == OutboxState.DUE, outbox.c.due_at > bindparam("now"))
    .order_by(outbox.c.due_at)
    .limit(1)
)


async def due(
    connection: AsyncConnection, now: datetime, limit: int, channel: Channel = Channel.TELEGRAM
) -> list[OutboxMessage]:
    """The first due message of each chat that has one, the important lanes first.

    A message that waits to be tried again holds back what came after it in its chat.
    """
    return [
        OutboxMessage(row.id, ChatId(row.chat_id), row.kind, row.data, row.tries, row.created_at, row.note)
        for row in await connection.execute(DUE, {"by_channel": channel, "now": now, "most": limit})
    ]


async def next_due_after(
    connection: AsyncConnection, now: datetime, channel: Channel = Channel.TELEGRAM
) -> datetime | None:
    """When the next message becomes due that is not due yet."""
    which = {"by_channel": channel, "now": now}
    found: datetime | None = (await connection.execute(NEXT_DUE, which)).scalar_one_or_none()
    return found


async def end(
    connection: AsyncConnection, message_id: int, state: OutboxState, note: str | None, now: datetime
) -> None:
    await connection.execute(TRIED, {"message": message_id, "state": state, "note": note, "ended_at": now})


async def postpone(connection: AsyncConnection, message_id: int, due_at: datetime, note: str) -> None:
    await connection.execute(TRIED, {"message": message_id, "due_at": due_at, "note": note[:200]})
