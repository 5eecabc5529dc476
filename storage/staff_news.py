"""Finds how staff recognise an order."""

from collections.abc import Sequence

from sqlalchemy import func, select

from bot.domain.bookings import Ordered
from bot.domain.ids import OrderId
from bot.domain.money import Money
from bot.domain.orders import Role, State
from bot.domain.staff_news import OrderNews
from storage.database import Connection
from storage.schema import customer, orders, payment

CAPTURED = (
    select(func.max(payment.c.amount))
    .where(payment.c.order_id == orders.c.id, payment.c.role == Role.BOOKED)
    .scalar_subquery()
)


async def of_order(connection: Connection, order_id: OrderId, ordered: Sequence[Ordered]) -> OrderNews | None:
    """The order with its code and name, around what it is about; None if there is no such order."""
    statement = (
        select(
            orders,
            func.coalesce(orders.c.contact_name, customer.c.name).label("name"),
            func.coalesce(CAPTURED, orders.c.total).label("brought"),
        )
        .join(customer, customer.c.id == orders.c.customer_id)
        .where(orders.c.id == order_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return OrderNews(
        OrderId(row.id),
        row.code,
        row.name,
        State(row.state),
        Money(row.brought, row.currency),
        Money(row.refunded, row.currency),
        tuple(ordered),
    )
