"""Finds who comes on a day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from bot.domain.catalogue_entries import EntryKind
from bot.domain.file_rentals import LONGEST, read_kept_rental
from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.orders import BookingStatus
from bot.domain.rentals import DAY, departure
from bot.domain.visits import SlotVisits, Visit, VisitFare
from storage import answers
from storage.answers import Said
from storage.database import Connection
from storage.schema import booking, customer, fare, inventory, order_line, orders, resource
from storage.stays import ENDS_AT, LAST_LOCAL_DAY


async def on(connection: Connection, day: date) -> tuple[SlotVisits, ...]:
    """The confirmed bookings of the slots of a local day, and the stays that begin or end on it, then by name."""
    coming = (await connection.execute(_confirmed(inventory.c.local_day == day))).all()
    staying = (await connection.execute(_confirmed(_ending(day)))).all()
    leaving = [row for row in staying if _leaves(row) == day]
    concerned = {OrderId(row.order_id) for row in (*coming, *leaving)}
    said = await answers.of_orders(connection, concerned) if concerned else {}
    slots = [_slot(list(same), said, leaving=False) for _, same in groupby(coming, key=lambda row: row.inventory_id)]
    slots += [_slot(list(same), said, leaving=True) for _, same in groupby(leaving, key=lambda row: row.inventory_id)]
    return tuple(sorted(slots, key=lambda slot: slot.starts_at))


def _ending(day: date) -> ColumnElement[bool]:
    """The stays whose last row is of this day or the one before; they began so many rows earlier at most."""
    began = inventory.c.local_day.between(day - DAY * LONGEST, day - DAY)
    return and_(resource.c.kind == EntryKind.RENTAL, began, LAST_LOCAL_DAY.in_((day - DAY, day)))


def _leaves(row: Row[Any]) -> date | None:
    rental = read_kept_rental(row.rules)
    last: date = row.last_day
    return None if rental is None else departure(rental, last)


def _confirmed(which: ColumnElement[bool]) -> Select[Any]:
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
            resource.c.kind,
            resource.c.rules,
            ENDS_AT.label("ends_at"),
            LAST_LOCAL_DAY.label("last_day"),
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
        .where(which, booking.c.status == BookingStatus.CONFIRMED)
        .order_by(inventory.c.starts_at, inventory.c.id, func.lower(name), booking.c.id, fare.c.position, fare.c.id)
    )


def _line_of_booking() -> Any:
    return and_(order_line.c.order_id == booking.c.order_id, order_line.c.inventory_id == booking.c.inventory_id)


def _slot(rows: list[Row[Any]], said: Said, *, leaving: bool) -> SlotVisits:
    first = rows[0]
    visits = tuple(_visit(list(of_booking), said) for _, of_booking in groupby(rows, key=lambda row: row.id))
    inventory_id, name = InventoryId(first.inventory_id), first.resource_name
    at = first.ends_at if leaving else first.starts_at
    return SlotVisits(inventory_id, name, at, first.time_zone, visits, stays=_stays(first), leaving=leaving)


def _visit(rows: list[Row[Any]], said: Said) -> Visit:
    first = rows[0]
    until = first.ends_at if _stays(first) else None
    answered = said.get((OrderId(first.order_id), InventoryId(first.inventory_id)), ())
    return Visit(BookingId(first.id), first.code, first.name, first.contact_phone, tuple(_fares(rows)), until, answered)


def _stays(row: Row[Any]) -> bool:
    return bool(row.kind == EntryKind.RENTAL)


def _fares(rows: Iterable[Row[Any]]) -> Iterable[VisitFare]:
    for row in rows:
        counted = {language: (one, many) for language, (one, many) in row.counted.items()}
        yield VisitFare(counted, row.quantity, row.seats)
