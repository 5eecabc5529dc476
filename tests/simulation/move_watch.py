"""Watches where bookings are: one moves only as its owner has confirmed, and is never without its seats."""

from tests.simulation.house import House

WHERE = """SELECT booking.id, telegram_id, booking.inventory_id, min(coalesce(units, 0)) FROM booking
JOIN customer ON customer.id = customer_id
LEFT JOIN order_line ON order_line.order_id = booking.order_id
AND coalesce(stay_id, order_line.inventory_id) = booking.inventory_id
LEFT JOIN claim ON claim.order_id = booking.order_id AND claim.inventory_id = order_line.inventory_id
WHERE status = 'confirmed' GROUP BY booking.id"""


class MoveWatch:
    def __init__(self, house: House) -> None:
        self._house = house
        self._where: dict[object, object] = {}
        house.on_commit.append(self.look)

    def look(self) -> None:
        """After every commit."""
        for booking, user, row, units in self._house.disk.rows(WHERE):
            before = self._where.setdefault(booking, row)
            if before != row:
                self._where[booking] = row
                self._house.been.add((booking, row))
                self._house.trace.note(f"booking {booking} moves from {before} to {row}")
                if user is not None and (user, booking, row) not in self._house.moved:
                    self._house.trace.violate(f"booking {booking} has moved, and its owner has not asked for it")
            if not units:
                self._house.trace.violate(f"booking {booking} has no seats")
