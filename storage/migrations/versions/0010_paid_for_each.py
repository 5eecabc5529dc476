"""What of an order's payment was for each booking; what was moved by a surcharge has the price of its new date."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BOOKINGS = """
SELECT booking.id AS booking_id, booking.order_id, payment.amount AS captured,
(SELECT coalesce(sum(quantity * unit_amount), 0) FROM order_line WHERE order_line.order_id = booking.order_id
AND coalesce(stay_id, order_line.inventory_id) = booking.inventory_id) AS price,
(SELECT coalesce(sum(refund.amount), 0) FROM refund WHERE refund.payment_id = payment.id AND reason = 'moved'
AND refund.inventory_id = booking.inventory_id) AS back
FROM booking JOIN payment ON payment.order_id = booking.order_id AND payment.role = 'booked'
ORDER BY booking.order_id, booking.inventory_id"""
SURCHARGED = """
FROM order_line AS extra JOIN orders AS moving ON moving.id = extra.order_id
JOIN booking ON booking.id = moving.moves_booking_id
WHERE moving.state = 'paid' AND booking.order_id = order_line.order_id
AND extra.inventory_id = order_line.inventory_id AND extra.fare_id = order_line.fare_id"""


def upgrade() -> None:
    op.add_column("booking", sa.Column("paid", sa.BigInteger(), nullable=False, server_default="0"))
    connection = op.get_bind()
    by_order: defaultdict[int, list[sa.Row[tuple[int, ...]]]] = defaultdict(list)
    for row in connection.execute(sa.text(BOOKINGS)):
        by_order[row.order_id].append(row)
    values = [value for rows in by_order.values() for value in _parts(rows)]
    if values:
        connection.execute(sa.text("UPDATE booking SET paid = :paid WHERE id = :booking"), values)
    op.execute(
        f"UPDATE order_line SET unit_amount = unit_amount + (SELECT extra.unit_amount {SURCHARGED}) "  # noqa: S608 - ours
        f"WHERE EXISTS (SELECT 1 {SURCHARGED})"
    )


def _parts(rows: Iterable[sa.Row[tuple[int, ...]]]) -> Iterable[dict[str, int]]:
    """The payment in proportion to the prices; the last gets what rounding leaves over."""
    left_price, left = sum(row.price + row.back for row in rows), next(iter(rows)).captured
    for row in rows:
        price = row.price + row.back
        part = left * price // left_price if left_price else left
        left_price, left = left_price - price, left - part
        yield {"booking": row.booking_id, "paid": part}
