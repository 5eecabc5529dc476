"""Gathers what is stored about one customer, as plain records that can be handed out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from bot.domain.ids import CustomerId, TelegramId
from bot.domain.money import Money, to_decimal
from storage.database import Connection
from storage.schema import (
    answer,
    attention,
    audit,
    basket_entry,
    booking,
    checkout_attempt,
    customer,
    draft_answer,
    fare,
    inbox,
    inventory,
    order_line,
    orders,
    outbox,
    payment,
    refund,
    resource,
    review,
    ticket_picture,
    waiting,
)

Record = dict[str, object]
OURS = frozenset(
    {
        *(
            "id",
            "order_id",
            "customer_id",
            "payment_id",
            "resource_id",
            "inventory_id",
            "stay_id",
            "fare_id",
            "chat_id",
        ),
        *("nonce", "return_token", "idempotency_key", "key", "lane", "ask_at", "look_at", "tries", "server_errors"),
        *("closed_by", "booking_id", "moves_booking_id", "moves_from", "asked"),
    }
)
"""What only holds our tables and our work together, and who of the staff it was."""
AMOUNTS = frozenset({"total", "refunded", "paid", "amount", "unit_amount", "refund_claimed"})


async def last_copy(connection: Connection, telegram_id: TelegramId, action: str) -> datetime | None:
    """When this was last written into the audit log about somebody."""
    query = select(func.max(audit.c.at)).where(audit.c.actor == telegram_id, audit.c.action == action)
    found: datetime | None = (await connection.execute(query)).scalar_one()
    return found


async def everything(connection: Connection, customer_id: CustomerId, telegram_id: TelegramId) -> Record:
    """Each table's rows about a customer, the parts of an order within it; without Stripe's events."""
    return {
        "customer": await _records(connection, select(customer).where(customer.c.id == customer_id)),
        "orders": await _orders(connection, customer_id),
        "basket": await _records(connection, _basket().where(basket_entry.c.customer_id == customer_id)),
        "answers_before_an_order": await _records(
            connection, select(draft_answer).where(draft_answer.c.customer_id == customer_id)
        ),
        "waiting_lists": await _records(connection, _waiting().where(waiting.c.customer_id == customer_id)),
        "messages": await _records(connection, select(outbox).where(outbox.c.chat_id == telegram_id).order_by("id")),
        "log": await _records(connection, select(audit).where(audit.c.actor == telegram_id).order_by("id")),
    }


async def _orders(connection: Connection, customer_id: CustomerId) -> list[Record]:
    query = select(orders).where(orders.c.customer_id == customer_id).order_by(orders.c.id)
    rows = (await connection.execute(query)).mappings().all()
    return [await _order(connection, row["id"], _record(row)) for row in rows]


async def _order(connection: Connection, order_id: int, order: Record) -> Record:
    currency = order["currency"]
    parts = {
        "lines": _lines().where(order_line.c.order_id == order_id),
        "bookings": select(booking).where(booking.c.order_id == order_id),
        "answers": select(answer).where(answer.c.order_id == order_id).order_by(answer.c.id),
        "tickets": _tickets().where(booking.c.order_id == order_id),
        "reviews": _reviews().where(booking.c.order_id == order_id),
        "checkouts": select(checkout_attempt).where(checkout_attempt.c.order_id == order_id),
        "payments": select(payment).where(payment.c.order_id == order_id),
        "refunds": _refunds().where(payment.c.order_id == order_id),
        "notes_for_staff": select(attention).where(attention.c.order_id == order_id),
    }
    return order | {name: await _records(connection, part, currency) for name, part in parts.items()}


def _waiting() -> Select[Any]:
    return (
        select(waiting, resource.c.name.label("of"), inventory.c.starts_at)
        .join(inventory, inventory.c.id == waiting.c.inventory_id)
        .join(resource, resource.c.id == inventory.c.resource_id)
        .order_by(waiting.c.id)
    )


def _lines() -> Select[Any]:
    return (
        select(order_line, resource.c.name.label("of"), inventory.c.starts_at, fare.c.name.label("fare"))
        .join(resource, resource.c.id == order_line.c.resource_id)
        .join(inventory, inventory.c.id == order_line.c.inventory_id)
        .join(fare, fare.c.id == order_line.c.fare_id)
    )


def _basket() -> Select[Any]:
    what = select(
        basket_entry.c.quantity,
        basket_entry.c.steps,
        basket_entry.c.added_at,
        fare.c.name.label("fare"),
        resource.c.name.label("of"),
    )
    of_fare = what.join(fare, fare.c.id == basket_entry.c.fare_id)
    return of_fare.join(resource, resource.c.id == fare.c.resource_id)


def _reviews() -> Select[Any]:
    return select(review, booking.c.code).join(booking, booking.c.id == review.c.booking_id)


def _tickets() -> Select[Any]:
    return select(ticket_picture, booking.c.code).join(booking, booking.c.id == ticket_picture.c.booking_id)


def _refunds() -> Select[Any]:
    return select(refund, payment.c.payment_intent).join(payment, payment.c.id == refund.c.payment_id)


async def events(connection: Connection, ids: Sequence[int]) -> list[Record]:
    """These events of Stripe's; their bodies are still bytes."""
    query = select(inbox.c.event_id, inbox.c.type, inbox.c.received_at, inbox.c.state, inbox.c.body)
    return await _records(connection, query.where(inbox.c.id.in_(ids)).order_by(inbox.c.id))


async def _records(connection: Connection, query: Select[Any], currency: object = None) -> list[Record]:
    return [_record(row, currency) for row in (await connection.execute(query)).mappings()]


def _record(row: Mapping[Any, object], currency: object = None) -> Record:
    """A row without our own numbers and what was never filled in; amounts in the units that people count in."""
    said = {str(name): value for name, value in row.items() if str(name) not in OURS and value is not None}
    unit = str(said.get("currency") or currency)
    return {name: _amount(value, unit) if name in AMOUNTS else value for name, value in said.items()}


def _amount(minor: object, currency: str) -> object:
    return f"{to_decimal(Money(minor, currency))} {currency}" if isinstance(minor, int) else minor
