"""Watches the waiting lists: after every commit nobody who waits may have been passed over."""

from dataclasses import dataclass

import orjson

from tests.simulation.disk import Row
from tests.simulation.house import House

LINE = """SELECT waiting.id, customer_id, telegram_id, inventory_id, counts, blocked_at IS NULL
FROM waiting JOIN customer ON customer.id = customer_id"""
OFFERS = """SELECT orders.id, customer_id, inventory_id, units FROM orders JOIN claim ON order_id = orders.id
WHERE origin = 'offer' AND orders.id > ? ORDER BY orders.id"""
FREE = """SELECT inventory.id, inventory.capacity - taken FROM inventory JOIN resource ON resource.id = resource_id
WHERE closed = 0 AND active AND taken < inventory.capacity AND starts_at > ?"""
ENDED = "SELECT 1 FROM outbox WHERE key = ?"
HOLDS = """SELECT 1 FROM orders JOIN order_line ON order_id = orders.id WHERE customer_id = ? AND inventory_id = ?
AND state IN ('held', 'awaiting_payment', 'processing', 'closing')"""


@dataclass(frozen=True)
class Waits:
    """An entry: whose it is, for which slot, and for how many."""

    customer: object
    user: object
    slot: object
    units: int
    reachable: bool


class LineWatch:
    def __init__(self, house: House) -> None:
        self._house = house
        self._line: dict[int, Waits] = {}
        self._last_offer = 0
        self._was_wrong = False
        house.on_commit.append(self.look)

    def look(self) -> None:
        """After every commit."""
        before, now = self._line, {int(str(row[0])): _waits(row) for row in self._house.disk.rows(LINE)}
        if not before and not now:
            return
        self._line = now
        offered = self._offers(before, now)
        for entry in before.keys() - now.keys() - offered:
            self._check_gone(entry, before[entry])
        for entry in now.keys() - before.keys():
            if (now[entry].user, now[entry].slot) not in self._house.joined:
                self._house.trace.violate(f"{now[entry].user} waits without having asked for it")
            if self._house.disk.rows(HOLDS, now[entry].customer, now[entry].slot):
                self._house.trace.violate(f"{now[entry].user} begins to wait for what they hold")
        self._check_free(now)

    def _offers(self, before: dict[int, Waits], now: dict[int, Waits]) -> set[int]:
        """The entries of those who have been offered something, the first in line first."""
        found: set[int] = set()
        for order, customer, slot, units in self._house.disk.rows(OFFERS, self._last_offer):
            self._last_offer = int(str(order))
            mine = [entry for entry, waits in before.items() if (waits.customer, waits.slot) == (customer, slot)]
            if not mine or mine[0] in now:
                self._house.trace.violate(f"order {order} is offered to somebody who does not wait, or still does")
            found.update(mine)
            for entry, waits in now.items():
                first = waits.slot == slot and mine and entry < mine[0] and waits.units <= int(str(units))
                if first and waits.reachable:
                    self._house.trace.violate(f"{waits.user} was first in line when order {order} was offered")
        return found

    def _check_gone(self, entry: int, waits: Waits) -> None:
        """They have left, are forgotten, have heard that the list has ended, or it is over."""
        house = self._house
        left = (waits.user, waits.slot) in house.left
        known = house.disk.rows("SELECT 1 FROM customer WHERE id = ? AND telegram_id IS NOT NULL", waits.customer)
        now = house.clock.now().isoformat(" ")
        ahead = house.disk.rows("SELECT 1 FROM inventory WHERE id = ? AND starts_at > ?", waits.slot, now)
        if not left and known and ahead and not house.disk.rows(ENDED, f"waiting_ended:{entry}"):
            house.trace.violate(f"{waits.user} waits no more, and nobody has said why")

    def _check_free(self, now: dict[int, Waits]) -> None:
        """Nothing is free that somebody waits for. Clocks that go wrong make it too late for an offer."""
        house = self._house
        self._was_wrong = self._was_wrong or house.clock.wrong
        if self._was_wrong or not now:
            return
        soon = house.clock.in_hours(3).isoformat(" ")
        for slot, free in house.disk.rows(FREE, soon):
            for waits in now.values():
                here = waits.slot == slot and waits.reachable and waits.user not in house.ever_blocked
                if here and waits.units <= int(str(free)):
                    house.trace.violate(f"{waits.user} waits for what is free")


def _waits(row: Row) -> Waits:
    pairs: list[tuple[int, int]] = orjson.loads(str(row[4]))
    return Waits(row[1], row[2], row[3], sum(count for _, count in pairs), bool(row[5]))
