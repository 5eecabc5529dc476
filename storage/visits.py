"""Finds who comes on a day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.orders import BookingStatus
from bot.domain.visits import SlotVisits, Visit, VisitFare
from storage import answers
from storage.answers import Said
from storage.database import Connection
from storage.schema import booking, customer, fare, inventory, order_line, orders, resource


async def on(connection: Connection, day: date) -> tuple[SlotVisits, ...]:
    """The confirmed bookings of the slots of a local day, per slot and then by name."""
    rows = (await connection.execute(_confirmed(day))).all()
    said = await answers.of_orders(connection, {row.order_id for row in rows}) if rows else {}
    return tuple(_slot(list(of_slot), said) for _, of_slot in groupby(rows, key=lambda row: row.inventory_id))


def _confirmed(day: date) -> Select[Any]:
    name = func.coalesce(orders.c.contact_name, customer.c.name)
    return (
        select(
            booking.c.id,
            booking.c.code,
            booking.c.order_id,
            booking.c.inventory_id,
            inventory.c.starts_at,
            resource.c.name.label("resource_name"),
            resource.c.time_zone,
            name.label("name"),
            orders.c.contact_phone,
            fare.c.counted,
            order_line.c.quantity,
            order_line.c.seats,
        )
        .join(inventory, inventory.c.id == booking.c.inventory_id)
        .join(resource, resource.c.id == inventory.c.resource_id)
        .join(orders, orders.c.id == booking.c.order_id)
        .join(customer, customer.c.id == booking.c.customer_id)
        .join(order_line, _line_of_booking())
        .join(fare, fare.c.id == order_line.c.fare_id)
        .where(inventory.c.local_day == day, booking.c.status == BookingStatus.CONFIRMED)
        .order_by(inventory.c.starts_at, inventory.c.id, func.lower(name), booking.c.id, fare.c.position, fare.c.id)
    )


def _line_of_booking() -> Any:
    return and_(order_line.c.order_id == booking.c.order_id, order_line.c.inventory_id == booking.c.inventory_id)


def _slot(rows: list[Row[Any]], said: Said) -> SlotVisits:
    first = rows[0]
    visits = tuple(_visit(list(of_booking), said) for _, of_booking in groupby(rows, key=lambda row: row.id))
    return SlotVisits(InventoryId(first.inventory_id), first.resource_name, first.starts_at, first.time_zone, visits)


def _visit(rows: list[Row[Any]], said: Said) -> Visit:
    first = rows[0]
    answered = said.get((OrderId(first.order_id), InventoryId(first.inventory_id)), ())
    return Visit(BookingId(first.id), first.code, first.name, first.contact_phone, tuple(_fares(rows)), answered)


def _fares(rows: Iterable[Row[Any]]) -> Iterable[VisitFare]:
    for row in rows:
        counted = {language: (one, many) for language, (one, many) in row.counted.items()}
        yield VisitFare(counted, row.quantity, row.seats)
