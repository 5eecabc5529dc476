"""What must hold for bookings that were moved, once everything has come to rest."""

from collections.abc import Iterator

from tests.simulation.house import House

KEPT = """SELECT booking.code, booking.paid - (SELECT coalesce(sum(refund.amount), 0) FROM refund
    WHERE payment_id = payment.id AND reason = 'moved' AND refund.inventory_id = booking.inventory_id),
    (SELECT coalesce(sum(extra.amount), 0) FROM payment AS extra JOIN orders AS moving ON moving.id = extra.order_id
    WHERE moves_booking_id = booking.id AND extra.role = 'surcharge') -
    (SELECT coalesce(sum(refund.amount), 0) FROM refund JOIN payment AS extra ON extra.id = payment_id
    JOIN orders AS moving ON moving.id = extra.order_id
    WHERE moves_booking_id = booking.id AND extra.role = 'surcharge' AND reason = 'moved'),
    (SELECT sum(quantity * unit_amount) FROM order_line WHERE order_line.order_id = booking.order_id
    AND coalesce(stay_id, order_line.inventory_id) = booking.inventory_id), amount, total
    FROM booking JOIN orders ON orders.id = booking.order_id JOIN payment ON payment.order_id = orders.id
    WHERE role = 'booked' AND status = 'confirmed'"""
SURCHARGED = """SELECT code, moves_booking_id, coalesce(stay_id, inventory_id) FROM orders
    JOIN order_line ON order_id = orders.id WHERE state = 'paid' AND origin = 'move' GROUP BY orders.id"""
ROUNDED = 10  # minor units by which splitting in proportion, over several moves, may be off


def broken_moves(house: House) -> Iterator[str]:
    """A paid surcharge has moved its booking; and each costs what its date does, less what a code took off."""
    for code, booking, row in house.disk.rows(SURCHARGED):
        if (booking, row) not in house.been:
            yield f"the surcharge {code} has moved nothing"
    for code, *amounts in house.disk.rows(KEPT):
        kept, on_top, price, captured, total = (int(str(each)) for each in amounts)
        off = abs(kept * total - (price - on_top) * captured)
        if off > (0 if captured == total else ROUNDED * total):
            yield f"{kept} and {on_top} on top are paid for {code}, its date costs {price}"
