"""Finds what has been kept for long enough, a limited number of rows at a time, and erases it."""

from datetime import datetime

from sqlalchemy import BindParameter, Text, bindparam, cast, delete, exists, func, or_, select, tuple_

from bot.domain.ids import CustomerId
from bot.domain.orders import RELEASED, UNPAID, AttemptState
from storage import forgetting
from storage.answers import AWAITED
from storage.database import Connection
from storage.forgetting import UNSETTLED
from storage.outbox import OutboxState
from storage.schema import (
    HAS_BODY,
    answer,
    audit,
    basket_entry,
    checkout_attempt,
    customer,
    draft_answer,
    inbox,
    inventory,
    order_line,
    orders,
    outbox,
    review,
)
from storage.stays import BOOKED_AS, LAST_DAY

BEFORE: BindParameter[datetime] = bindparam("before")
MOST: BindParameter[int] = bindparam("most")
OLD_BODIES = (
    select(inbox.c.id)
    .where(HAS_BODY, inbox.c.received_at < BEFORE, inbox.c.state.not_in(sorted(UNSETTLED)))
    .limit(MOST)
)
OLD_MESSAGES = select(outbox.c.id).where(outbox.c.state != OutboxState.DUE, outbox.c.ended_at < BEFORE).limit(MOST)
DELETE_MESSAGES = delete(outbox).where(outbox.c.id.in_(OLD_MESSAGES))
DELETE_AUDIT = delete(audit).where(audit.c.id.in_(select(audit.c.id).where(audit.c.at < BEFORE).limit(MOST)))
HAS_CONTACT = or_(
    orders.c.contact_name.is_not(None),
    orders.c.contact_phone.is_not(None),
    orders.c.contact_email.is_not(None),
    orders.c.card_message_id.is_not(None),
)
OLD_CONTACTS = select(orders.c.id).where(orders.c.placed_at < BEFORE, HAS_CONTACT).limit(MOST)
OLD_ATTEMPTS = (
    select(checkout_attempt.c.id)
    .where(
        checkout_attempt.c.created_at < BEFORE,
        checkout_attempt.c.ask_at.is_(None),
        checkout_attempt.c.state.not_in((AttemptState.NEW, AttemptState.OPEN)),
        cast(checkout_attempt.c.parameters, Text) != "{}",
    )
    .limit(MOST)
)
OLD_ENTRIES = select(basket_entry.c.customer_id, basket_entry.c.inventory_id, basket_entry.c.fare_id).where(
    basket_entry.c.added_at < BEFORE
)
OLD_DRAFTS = select(
    *(draft_answer.c.customer_id, draft_answer.c.inventory_id, draft_answer.c.question, draft_answer.c.guest)
).where(draft_answer.c.answered_at < BEFORE, ~AWAITED)
OVER = func.coalesce(inventory.c.ends_at, inventory.c.starts_at, orders.c.paid_at, orders.c.placed_at) < BEFORE
STAYING = exists().where(
    order_line.c.order_id == answer.c.order_id,
    answer.c.inventory_id == BOOKED_AS,
    LAST_DAY.c.id == order_line.c.inventory_id,
    LAST_DAY.c.ends_at >= BEFORE,
)
"""A later day of the stay that was asked about was not over then."""
CAME_TO_NOTHING = orders.c.state.in_(sorted(RELEASED)) & (orders.c.ended_at < BEFORE)
OLD_ANSWERS = (
    select(answer.c.id)
    .join(orders, orders.c.id == answer.c.order_id)
    .join(inventory, inventory.c.id == answer.c.inventory_id)
    .where(orders.c.state.not_in(sorted(UNPAID)), or_(OVER & ~STAYING, CAME_TO_NOTHING))
    .limit(MOST)
)
PAID_LATELY = orders.c.paid_at.is_not(None) & (orders.c.placed_at >= bindparam("nothing_paid_since"))
KEPT = exists().where(orders.c.customer_id == customer.c.id, or_(PAID_LATELY, orders.c.state.in_(sorted(UNPAID))))
STRANGERS = (
    select(customer.c.id)
    .where(
        customer.c.telegram_id.is_not(None),
        func.coalesce(customer.c.seen_at, customer.c.created_at) < BEFORE,
        ~KEPT,
    )
    .limit(MOST)
)


async def erase_bodies(connection: Connection, before: datetime, limit: int) -> int:
    """Raw events that came before then and are settled; the events stay known. Returns how many."""
    ids = list((await connection.execute(OLD_BODIES, {"before": before, "most": limit})).scalars())
    await forgetting.erase_bodies(connection, ids)
    return len(ids)


async def delete_messages(connection: Connection, before: datetime, limit: int) -> int:
    """Messages that ended before then."""
    return (await connection.execute(DELETE_MESSAGES, {"before": before, "most": limit})).rowcount


async def delete_audit(connection: Connection, before: datetime, limit: int) -> int:
    """Lines that were written before then."""
    return (await connection.execute(DELETE_AUDIT, {"before": before, "most": limit})).rowcount


async def empty_baskets(connection: Connection, before: datetime, limit: int) -> int:
    """What was put into baskets before then."""
    keys = tuple_(basket_entry.c.customer_id, basket_entry.c.inventory_id, basket_entry.c.fare_id)
    old = delete(basket_entry).where(keys.in_(OLD_ENTRIES.limit(MOST)))
    return (await connection.execute(old, {"before": before, "most": limit})).rowcount


async def erase_drafts(connection: Connection, before: datetime, limit: int) -> int:
    """What was answered before then, and never went with an order."""
    keys = tuple_(
        draft_answer.c.customer_id, draft_answer.c.inventory_id, draft_answer.c.question, draft_answer.c.guest
    )
    old = delete(draft_answer).where(keys.in_(OLD_DRAFTS.limit(MOST)))
    return (await connection.execute(old, {"before": before, "most": limit})).rowcount


async def erase_answers(connection: Connection, before: datetime, limit: int) -> int:
    """What guests answered about visits that were over before then, and with orders that had come to nothing."""
    old = delete(answer).where(answer.c.id.in_(OLD_ANSWERS))
    return (await connection.execute(old, {"before": before, "most": limit})).rowcount


async def erase_contacts(connection: Connection, before: datetime, limit: int) -> int:
    """Whom orders were for that were placed before then."""
    ids = list((await connection.execute(OLD_CONTACTS, {"before": before, "most": limit})).scalars())
    if ids:
        await forgetting.erase_contacts(connection, orders.c.id.in_(ids))
    return len(ids)


async def erase_attempts(connection: Connection, before: datetime, limit: int) -> int:
    """What was sent to Stripe before then and is done with."""
    ids = list((await connection.execute(OLD_ATTEMPTS, {"before": before, "most": limit})).scalars())
    if ids:
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
    which = {"before": unseen_since, "nothing_paid_since": nothing_paid_since, "most": limit}
    return [CustomerId(row) for row in (await connection.execute(STRANGERS, which)).scalars()]
