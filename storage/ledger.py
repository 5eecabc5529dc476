"""Reads what money has ever moved, order by order, without holding all of it in memory."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from bot.domain.catalogue_entries import EntryKind
from bot.domain.ids import BookingId, FareId, InventoryId, PaymentId, RefundId, ResourceId, SessionId
from bot.domain.money import Money
from bot.domain.orders import Booking, BookingStatus, Line, Payment, Reason, Refund, RefundState, Role
from bot.domain.reports import Entry
from storage.database import Connection
from storage.schema import booking, order_line, orders, payment, refund, resource

PAGE = 500


async def entries(connection: Connection, page: int = PAGE) -> AsyncIterator[Entry]:
    """Every entry once, read in pages of so many orders or payments."""
    last = 0
    while ids := await _ids(connection, _paid_orders(last, page)):
        for entry in await _of_orders(connection, ids):
            yield entry
        last = ids[-1]
    last = 0
    while ids := await _ids(connection, _strays(last, page)):
        for entry in await _of_strays(connection, ids):
            yield entry
        last = ids[-1]


def _paid_orders(last: int, page: int) -> Select[Any]:
    of = payment.c.order_id
    return select(of).where(of > last).distinct().order_by(of).limit(page)


def _strays(last: int, page: int) -> Select[Any]:
    return select(payment.c.id).where(payment.c.order_id.is_(None), payment.c.id > last).order_by("id").limit(page)


async def _ids(connection: Connection, statement: Select[Any]) -> list[int]:
    return list((await connection.execute(statement)).scalars())


async def _of_orders(connection: Connection, ids: list[int]) -> Iterable[Entry]:
    lines = await _grouped(connection, _lines().where(order_line.c.order_id.in_(ids)))
    bookings = await _grouped(connection, _bookings().where(booking.c.order_id.in_(ids)))
    payments = await _grouped(connection, _payments(payment.c.order_id).where(payment.c.order_id.in_(ids)))
    refunds = await _grouped(connection, _refunds(payment.c.order_id).where(payment.c.order_id.in_(ids)))
    return (_entry(order_id, lines, bookings, payments, refunds) for order_id in ids)


async def _of_strays(connection: Connection, ids: list[int]) -> Iterable[Entry]:
    payments = await _grouped(connection, _payments(payment.c.id).where(payment.c.id.in_(ids)))
    refunds = await _grouped(connection, _refunds(payment.c.id).where(payment.c.id.in_(ids)))
    return (_entry(payment_id, {}, {}, payments, refunds) for payment_id in ids)


Rows = Mapping[int, list[Row[Any]]]


async def _grouped(connection: Connection, statement: Select[Any]) -> Rows:
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(statement):
        rows[row.owner].append(row)
    return rows


def _entry(owner: int, lines: Rows, bookings: Rows, payments: Rows, refunds: Rows) -> Entry:
    return Entry(
        tuple(_line(row) for row in lines.get(owner, ())),
        tuple(_booking(row) for row in bookings.get(owner, ())),
        tuple(_payment(row) for row in payments.get(owner, ())),
        tuple(_refund(row) for row in refunds.get(owner, ())),
    )


def _lines() -> Select[Any]:
    return (
        select(order_line, order_line.c.order_id.label("owner"), orders.c.currency, resource.c.kind)
        .join(orders, orders.c.id == order_line.c.order_id)
        .join(resource, resource.c.id == order_line.c.resource_id)
        .order_by(order_line.c.id)
    )


def _bookings() -> Select[Any]:
    return (
        select(booking, booking.c.order_id.label("owner"), orders.c.currency)
        .join(orders, orders.c.id == booking.c.order_id)
        .order_by(booking.c.id)
    )


def _payments(owner: Any) -> Select[Any]:
    return select(payment, owner.label("owner")).order_by(payment.c.id)


def _refunds(owner: Any) -> Select[Any]:
    return (
        select(refund, payment.c.payment_intent, owner.label("owner"))
        .join(payment, payment.c.id == refund.c.payment_id)
        .order_by(refund.c.id)
    )


def _line(row: Row[Any]) -> Line:
    return Line(
        ResourceId(row.resource_id),
        InventoryId(row.inventory_id),
        FareId(row.fare_id),
        row.quantity,
        Money(row.unit_amount, row.currency),
        row.seats,
        dated=row.kind == EntryKind.EVENT,
    )


def _booking(row: Row[Any]) -> Booking:
    return Booking(
        BookingId(row.id),
        ResourceId(row.resource_id),
        InventoryId(row.inventory_id),
        BookingStatus(row.status),
        Money(row.paid, row.currency),
    )


def _payment(row: Row[Any]) -> Payment:
    return Payment(
        PaymentId(row.id),
        SessionId(row.session_id),
        row.payment_intent,
        Role(row.role),
        Money(row.amount, row.currency),
        row.captured_at,
    )


def _refund(row: Row[Any]) -> Refund:
    return Refund(
        RefundId(row.id),
        row.payment_intent or "",
        Reason(row.reason),
        RefundState(row.state),
        Money(row.amount, row.currency),
        row.stripe_id,
        row.created_at,
        None if row.inventory_id is None else InventoryId(row.inventory_id),
    )
