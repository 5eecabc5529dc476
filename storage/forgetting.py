"""Erases a person: what stays is of nobody any more, and the books still add up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from bot.domain.ids import CustomerId, TelegramId
from bot.domain.keeping import OpenEnds
from bot.domain.orders import UNPAID, AttemptState, BookingStatus, RefundState, State
from bot.domain.outbox import Lane
from storage.database import Connection
from storage.inbox import InboxState
from storage.schema import (
    HAS_BODY,
    answer,
    attention,
    audit,
    basket_entry,
    booking,
    checkout_attempt,
    customer,
    draft_answer,
    inbox,
    inventory,
    orders,
    outbox,
    payment,
    refund,
    review,
    ticket_picture,
    waiting,
)
from storage.stays import ENDS_AT

PAGE = 200
EARLY = timedelta(days=1)
"""So much may a clock have gone back since an order was placed."""
UNSETTLED = frozenset({InboxState.NEW, InboxState.WAITING})
WORDS = re.compile(rb"[\w.@+%-]{6,}")


@dataclass(frozen=True)
class Events:
    """Stripe's events about one customer that still have their bodies.

    `last` is how far was looked, `whole` whether there were no others.
    """

    ids: tuple[int, ...] = ()
    unsettled: bool = False
    last: int = 0
    whole: bool = False


async def look_on(connection: Connection, customer_id: CustomerId, found: Events) -> Events:
    """These, and of the next `PAGE` events those that name an order, a payment or an address of the customer's.

    Bodies are everybody's and many: whoever looks through all of them does so with a connection for each page.
    """
    since, marks = await _marks(connection, customer_id)
    if since is None or not marks:
        return replace(found, whole=True)
    page = (await connection.execute(_bodies(found.last, since))).all()
    mine = [row for row in page if not marks.isdisjoint(WORDS.findall(row.body))]
    return Events(
        ids=(*found.ids, *(row.id for row in mine)),
        unsettled=found.unsettled or any(row.state in UNSETTLED for row in mine),
        last=page[-1].id if page else found.last,
        whole=len(page) < PAGE,
    )


async def late_events(connection: Connection, customer_id: CustomerId, found: Events) -> Events:
    """These, and those that have come since."""
    found = await look_on(connection, customer_id, found)
    while not found.whole:
        found = await look_on(connection, customer_id, found)
    return found


def _bodies(after: int, since: datetime) -> Any:
    rows = select(inbox.c.id, inbox.c.body, inbox.c.state)
    return rows.where(HAS_BODY, inbox.c.received_at >= since - EARLY, inbox.c.id > after).order_by("id").limit(PAGE)


async def _marks(connection: Connection, customer_id: CustomerId) -> tuple[datetime | None, set[bytes]]:
    """Since when there may be events about a customer, and the words by which they are known."""
    mine = select(orders.c.id).where(orders.c.customer_id == customer_id)
    placed = await connection.execute(
        select(orders.c.placed_at, orders.c.code, orders.c.contact_email).where(orders.c.customer_id == customer_id)
    )
    found = placed.all()
    sessions = select(checkout_attempt.c.session_id).where(checkout_attempt.c.order_id.in_(mine))
    intents = select(payment.c.payment_intent).where(payment.c.order_id.in_(mine))
    named = (await connection.execute(sessions.union(intents))).scalars()
    words = {*named, *(row.code for row in found), *(row.contact_email for row in found)}
    return min((row.placed_at for row in found), default=None), {word.encode() for word in words if word}


async def open_ends(connection: Connection, customer_id: CustomerId, now: datetime) -> OpenEnds:
    """What is not over of a customer, apart from events that are not settled."""
    mine = orders.c.customer_id == customer_id
    unpaid = await connection.execute(select(orders.c.state).where(mine, orders.c.state.in_(sorted(UNPAID))))
    asked = exists().where(
        checkout_attempt.c.order_id == orders.c.id,
        or_(
            checkout_attempt.c.ask_at.is_not(None),
            checkout_attempt.c.state.in_((AttemptState.NEW, AttemptState.OPEN, AttemptState.LOST)),
        ),
    )
    looked_up = exists().where(payment.c.order_id == orders.c.id, payment.c.look_at.is_not(None))
    given_back = exists().where(
        payment.c.order_id == orders.c.id,
        refund.c.payment_id == payment.c.id,
        refund.c.state.in_((RefundState.NEW, RefundState.PENDING)),
    )
    ahead = exists().where(
        booking.c.order_id == orders.c.id,
        booking.c.status == BookingStatus.CONFIRMED,
        inventory.c.id == booking.c.inventory_id,
        func.coalesce(ENDS_AT, inventory.c.starts_at) > now,
    )
    item = exists().where(attention.c.order_id == orders.c.id, attention.c.closed_at.is_(None))
    settled = orders.c.state.not_in(sorted(UNPAID))
    return OpenEnds(
        unpaid=tuple(State(state) for state in unpaid.scalars()),
        money_moves=await _any(connection, mine, settled, or_(asked, looked_up, given_back)),
        visits_ahead=await _any(connection, mine, ahead),
        looked_at=await _any(connection, mine, item),
    )


async def _any(connection: Connection, *conditions: Any) -> bool:
    return (await connection.execute(select(orders.c.id).where(*conditions).limit(1))).first() is not None


async def erase(
    connection: Connection, customer_id: CustomerId, events: Iterable[int] = (), staff: Iterable[TelegramId] = ()
) -> None:
    """Take every trace of who a customer is out of the database, and out of these events.

    What `staff` did as such stays: their messages, and their lines in the audit log.
    """
    found = await connection.execute(select(customer.c.telegram_id).where(customer.c.id == customer_id))
    telegram_id = found.scalar_one_or_none()
    if telegram_id is not None:
        await connection.execute(delete(outbox).where(outbox.c.chat_id == telegram_id, outbox.c.lane != Lane.STAFF))
        if telegram_id not in set(staff):
            await _blot_audit(connection, TelegramId(telegram_id))
    await erase_bodies(connection, list(events))
    mine = orders.c.customer_id == customer_id
    await erase_attempts(connection, checkout_attempt.c.order_id.in_(select(orders.c.id).where(mine)))
    await erase_contacts(connection, mine)
    await _forget_tickets(connection, customer_id)
    visits = select(booking.c.id).where(booking.c.customer_id == customer_id)
    await erase_comments(connection, review.c.booking_id.in_(visits))
    await connection.execute(delete(answer).where(answer.c.order_id.in_(select(orders.c.id).where(mine))))
    for put_aside in (basket_entry, draft_answer):
        await connection.execute(delete(put_aside).where(put_aside.c.customer_id == customer_id))
    await connection.execute(delete(waiting).where(waiting.c.customer_id == customer_id))
    await _erase_customer(connection, customer_id)


async def erase_bodies(connection: Connection, events: list[int]) -> None:
    """The events stay known by their ids, so that they are never settled again."""
    for start in range(0, len(events), PAGE):
        ids = events[start : start + PAGE]
        settled = inbox.c.id.in_(ids) & inbox.c.state.not_in(sorted(UNSETTLED))
        await connection.execute(update(inbox).where(settled).values(body=b""))


async def erase_contacts(connection: Connection, which: Any) -> None:
    """Whom orders were for, and where that was said."""
    nobody = {"contact_name": None, "contact_phone": None, "contact_email": None, "card_message_id": None}
    await connection.execute(update(orders).where(which).values(nobody))


async def erase_attempts(connection: Connection, which: Any) -> None:
    """What was sent to Stripe, with the address; its answer is still matched by the session's id."""
    await connection.execute(update(checkout_attempt).where(which).values(parameters={}, url=None))


async def erase_comments(connection: Connection, which: Any) -> None:
    """What guests wrote about their visits; their marks say nothing of who gave them."""
    await connection.execute(update(review).where(which).values(comment=None, comment_until=None))


async def _forget_tickets(connection: Connection, customer_id: CustomerId) -> None:
    """Telegram's names for pictures of theirs; the bookings themselves stay as nobody's."""
    theirs = select(booking.c.id).where(booking.c.customer_id == customer_id)
    await connection.execute(delete(ticket_picture).where(ticket_picture.c.booking_id.in_(theirs)))


async def _blot_audit(connection: Connection, telegram_id: TelegramId) -> None:
    """Lines about a stranger stay without saying who it was."""
    rows = await connection.execute(select(audit.c.id, audit.c.data).where(audit.c.actor == telegram_id))
    for row in rows.all():
        data = {name: value for name, value in row.data.items() if value != telegram_id}
        await connection.execute(update(audit).where(audit.c.id == row.id).values(actor=None, data=data))


async def _erase_customer(connection: Connection, customer_id: CustomerId) -> None:
    """A row that orders hang on stays as nobody's; any other goes."""
    this = customer.c.id == customer_id
    ordered = exists().where(orders.c.customer_id == customer.c.id)
    await connection.execute(delete(customer).where(this, ~ordered))
    nobody = {"telegram_id": None, "name": "", "telegram_language": "", "language": None}
    await connection.execute(update(customer).where(this).values(**nobody, blocked_at=None, seen_at=None, asked=None))
