"""Answers how much of each thing waits."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select

from bot.domain.orders import UNPAID
from storage import schema
from storage.database import Connection
from storage.inbox import InboxState
from storage.outbox import OutboxState


async def events(connection: Connection) -> int:
    return await _count(connection, schema.inbox, schema.inbox.c.state == InboxState.NEW)


async def messages(connection: Connection, now: datetime) -> int:
    due = (schema.outbox.c.state == OutboxState.DUE) & (schema.outbox.c.due_at <= now)
    return await _count(connection, schema.outbox, due)


async def orders(connection: Connection) -> int:
    return await _count(connection, schema.orders, schema.orders.c.state.in_(sorted(UNPAID)))


async def attention(connection: Connection) -> int:
    return await _count(connection, schema.attention, schema.attention.c.closed_at.is_(None))


async def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return (await connection.execute(select(func.count()).select_from(table).where(which))).scalar_one()
