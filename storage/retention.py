"""Finds what has been kept for long enough, a limited number of rows at a time, and erases it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, Text, cast, delete, exists, func, or_, select

from bot.domain.ids import CustomerId
from bot.domain.orders import UNPAID, AttemptState
from storage import forgetting
from storage.database import Connection
from storage.forgetting import UNSETTLED
from storage.outbox import OutboxState
from storage.schema import HAS_BODY, audit, checkout_attempt, customer, inbox, orders, outbox, review


async def erase_bodies(connection: Connection, before: datetime, limit: int) -> int:
    """Raw events that came before then and are settled; the events stay known. Returns how many."""
    settled = inbox.c.state.not_in(sorted(UNSETTLED))
    old = select(inbox.c.id).where(HAS_BODY, inbox.c.received_at < before, settled).limit(limit)
    ids = list((await connection.execute(old)).scalars())
    await forgetting.erase_bodies(connection, ids)
    return len(ids)


async def delete_messages(connection: Connection, before: datetime, limit: int) -> int:
    """Messages that ended before then."""
    ended = (outbox.c.state != OutboxState.DUE) & (outbox.c.ended_at < before)
    return await _delete(connection, outbox, select(outbox.c.id).where(ended).limit(limit))


async def delete_audit(connection: Connection, before: datetime, limit: int) -> int:
    """Lines that were written before then."""
    return await _delete(connection, audit, select(audit.c.id).where(audit.c.at < before).limit(limit))


async def erase_contacts(connection: Connection, before: datetime, limit: int) -> int:
    """Whom orders were for that were placed before then."""
    known = or_(*(column.is_not(None) for column in (orders.c.contact_name, orders.c.contact_phone)))
    has_contact = or_(known, orders.c.contact_email.is_not(None), orders.c.card_message_id.is_not(None))
    old = select(orders.c.id).where(orders.c.placed_at < before, has_contact).limit(limit)
    ids = list((await connection.execute(old)).scalars())
    await forgetting.erase_contacts(connection, orders.c.id.in_(ids))
    return len(ids)


async def erase_attempts(connection: Connection, before: datetime, limit: int) -> int:
    """What was sent to Stripe before then and is done with."""
    done = checkout_attempt.c.ask_at.is_(None) & checkout_attempt.c.state.not_in((AttemptState.NEW, AttemptState.OPEN))
    full = cast(checkout_attempt.c.parameters, Text) != "{}"
    old = select(checkout_attempt.c.id).where(checkout_attempt.c.created_at < before, done, full).limit(limit)
    ids = list((await connection.execute(old)).scalars())
    await forgetting.erase_attempts(connection, checkout_attempt.c.id.in_(ids))
    return len(ids)


async def erase_comments(connection: Connection, before: datetime, limit: int) -> int:
    """What guests wrote about visits that they marked before then."""
    old = select(review.c.booking_id).where(review.c.at < before, review.c.comment.is_not(None)).limit(limit)
    ids = list((await connection.execute(old)).scalars())
    await forgetting.erase_comments(connection, review.c.booking_id.in_(ids))
    return len(ids)


async def strangers(
    connection: Connection, unseen_since: datetime, nothing_paid_since: datetime, limit: int
) -> list[CustomerId]:
    """Customers who were not seen since, and of whose orders none is open, or paid and recent enough to be kept."""
    paid = orders.c.paid_at.is_not(None) & (orders.c.placed_at >= nothing_paid_since)
    kept = exists().where(orders.c.customer_id == customer.c.id, or_(paid, orders.c.state.in_(sorted(UNPAID))))
    seen_at = func.coalesce(customer.c.seen_at, customer.c.created_at)
    query = select(customer.c.id).where(customer.c.telegram_id.is_not(None), seen_at < unseen_since, ~kept)
    return [CustomerId(row) for row in (await connection.execute(query.limit(limit))).scalars()]


async def _delete(connection: Connection, table: Table, which: Select[Any]) -> int:
    return (await connection.execute(delete(table).where(table.c.id.in_(which)))).rowcount
