"""How the days of a stay hang together: each has a line of its order, and all of them one booking."""

from sqlalchemy import bindparam, exists, func, select

from storage.schema import booking, inventory, order_line

BOOKED_AS = func.coalesce(order_line.c.stay_id, order_line.c.inventory_id)
"""The inventory that the booking of an order's line names: of a stay, its first day."""
LAST_DAY = inventory.alias("last_day")
ENDS_AT = (
    select(func.max(LAST_DAY.c.ends_at))
    .join(order_line, order_line.c.inventory_id == LAST_DAY.c.id)
    .where(order_line.c.order_id == booking.c.order_id, booking.c.inventory_id == BOOKED_AS)
    .correlate(booking)
    .scalar_subquery()
)
"""When what a booking is of ends: a slot, or the last day of a stay."""
LAST_LOCAL_DAY = (
    select(func.max(LAST_DAY.c.local_day))
    .join(order_line, order_line.c.inventory_id == LAST_DAY.c.id)
    .where(order_line.c.order_id == booking.c.order_id, booking.c.inventory_id == BOOKED_AS)
    .correlate(booking)
    .scalar_subquery()
)
"""The day of the last row of a stay: of nights, the one before they leave."""
TOUCHED = exists().where(
    order_line.c.order_id == booking.c.order_id,
    booking.c.inventory_id == BOOKED_AS,
    order_line.c.inventory_id.in_(bindparam("these", expanding=True)),
)
"""Whether a booking is of one of these rows, or has it among its days."""
