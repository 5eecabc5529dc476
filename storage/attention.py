"""Keeps the list of what a human must look at."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.attention import AttentionItem, Opening
from bot.domain.effects import Concern
from bot.domain.ids import AttentionId, OrderId, TelegramId
from bot.domain.money import Money
from storage import audit
from storage.database import Connection
from storage.schema import attention, customer, orders


async def open_item(connection: Connection, opening: Opening) -> AttentionId | None:
    """Put an item on the list and return its id; None if an item with this key is or was there."""
    made = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        made.insert(attention)
        .values(
            key=opening.key,
            kind=opening.concern,
            order_id=opening.order_id,
            amount=opening.amount and opening.amount.minor,
            currency=opening.amount and opening.amount.currency,
            data=dict(opening.data),
            opened_at=opening.opened_at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(attention.c.id)
    )
    new = (await connection.execute(statement)).scalar_one_or_none()
    return None if new is None else AttentionId(new)


async def close_item(connection: Connection, item_id: AttentionId, at: datetime, by: TelegramId) -> bool:
    """Close an open item and write that down; False if it is closed already or not there."""
    statement = (
        update(attention)
        .where(attention.c.id == item_id, attention.c.closed_at.is_(None))
        .values(closed_at=at, closed_by=by)
    )
    closed = (await connection.execute(statement)).rowcount > 0
    if closed:
        await audit.append(connection, at, by, "attention.closed", {"attention": item_id})
    return closed


async def get(connection: Connection, item_id: AttentionId) -> AttentionItem | None:
    row = (await connection.execute(_items().where(attention.c.id == item_id))).one_or_none()
    return None if row is None else _item(row)


async def count_open(connection: Connection) -> int:
    statement = select(func.count()).select_from(attention).where(attention.c.closed_at.is_(None))
    return (await connection.execute(statement)).scalar_one()


async def list_open(connection: Connection, offset: int, limit: int) -> tuple[AttentionItem, ...]:
    """Open items, the oldest first."""
    page = _items().where(attention.c.closed_at.is_(None)).order_by(attention.c.id).offset(offset).limit(limit)
    return tuple(_item(row) for row in await connection.execute(page))


def _items() -> Select[Any]:
    return (
        select(attention, orders.c.code.label("order_code"), _customer_name())
        .select_from(attention)
        .outerjoin(orders, orders.c.id == attention.c.order_id)
        .outerjoin(customer, customer.c.id == orders.c.customer_id)
    )


def _customer_name() -> Any:
    return func.coalesce(orders.c.contact_name, customer.c.name).label("customer_name")


def _item(row: Row[Any]) -> AttentionItem:
    return AttentionItem(
        AttentionId(row.id),
        row.key,
        Concern(row.kind),
        row.opened_at,
        None if row.order_id is None else OrderId(row.order_id),
        row.order_code,
        row.customer_name,
        None if row.amount is None else Money(row.amount, row.currency),
        row.data,
        row.closed_at,
        None if row.closed_by is None else TelegramId(row.closed_by),
    )
