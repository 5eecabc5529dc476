"""Which of a customer's orders are not paid yet."""

from sqlalchemy import bindparam, select

from bot.domain.ids import CustomerId, InventoryId, OrderId
from storage.database import Connection
from storage.orders import OPEN_STATES
from storage.schema import order_line, orders

OPEN = (
    select(orders.c.id)
    .where(orders.c.customer_id == bindparam("customer"), orders.c.state.in_(OPEN_STATES))
    .order_by(orders.c.hold_until, orders.c.id)
)
ON_SLOT = OPEN.where(
    orders.c.id.in_(select(order_line.c.order_id).where(order_line.c.inventory_id == bindparam("slot")))
).limit(1)


async def of_customer(connection: Connection, customer_id: CustomerId) -> list[OrderId]:
    """The one that ends first before the others."""
    return [OrderId(row) for row in await connection.scalars(OPEN, {"customer": customer_id})]


async def on_slot(connection: Connection, customer_id: CustomerId, slot: InventoryId) -> OrderId | None:
    """One that has places there."""
    found = await connection.scalar(ON_SLOT, {"customer": customer_id, "slot": slot})
    return None if found is None else OrderId(found)
