"""Finds the visits that people are to be told of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select

from bot.domain.ids import BookingId, ChatId, InventoryId, OrderId
from bot.domain.orders import BookingStatus
from storage.database import Connection
from storage.schema import booking, customer, inventory, resource
from storage.stays import ENDS_AT, TOUCHED

VISITS = (
    select(booking.c.id, customer.c.telegram_id, inventory.c.starts_at, ENDS_AT.label("ends_at"), resource.c.time_zone)
    .join(customer, customer.c.id == booking.c.customer_id)
    .join(inventory, inventory.c.id == booking.c.inventory_id)
    .join(resource, resource.c.id == booking.c.resource_id)
    .where(
        booking.c.status == BookingStatus.CONFIRMED,
        inventory.c.starts_at.is_not(None),
        customer.c.telegram_id.is_not(None),
    )
    .order_by(booking.c.id)
)
OF_ORDERS = VISITS.where(booking.c.order_id.in_(bindparam("these", expanding=True)))
OF_SLOTS = VISITS.where(TOUCHED)


@dataclass(frozen=True)
class VisitAhead:
    """A booking of a slot, and the chat of whoever has it. Instants are aware; `time_zone` is that of the place."""

    booking_id: BookingId
    chat_id: ChatId
    starts_at: datetime
    ends_at: datetime
    time_zone: str


async def of_orders(connection: Connection, orders: Collection[OrderId]) -> list[VisitAhead]:
    return await _visits(connection, OF_ORDERS, orders)


async def of_slots(connection: Connection, slots: Collection[InventoryId]) -> list[VisitAhead]:
    return await _visits(connection, OF_SLOTS, slots)


async def _visits(
    connection: Connection, query: Select[tuple[object, ...]], these: Collection[int]
) -> list[VisitAhead]:
    if not these:
        return []
    return [
        VisitAhead(
            booking_id=BookingId(row.id),
            chat_id=ChatId(row.telegram_id),
            starts_at=row.starts_at,
            ends_at=row.ends_at or row.starts_at,
            time_zone=row.time_zone,
        )
        for row in await connection.execute(query, {"these": list(these)})
    ]
