"""What must be true at the end about baskets, and about what guests have answered."""

from collections.abc import Iterator

from tests.simulation.house import House

ORDERED = """SELECT nonce, count(DISTINCT coalesce(stay_id, inventory_id))
    FROM orders JOIN order_line ON order_id = orders.id GROUP BY orders.id"""
STILL_PUT_ASIDE = """SELECT nonce FROM orders JOIN order_line ON order_id = orders.id JOIN basket_entry
    ON basket_entry.customer_id = orders.customer_id
    AND basket_entry.inventory_id = coalesce(stay_id, order_line.inventory_id)
    WHERE julianday(added_at) < julianday(placed_at)"""
SAID = """SELECT telegram_id, answer.value FROM answer JOIN orders ON orders.id = order_id
    JOIN customer ON customer.id = customer_id WHERE telegram_id IS NOT NULL"""
UNANSWERED = """SELECT code FROM orders JOIN order_line ON order_id = orders.id
        JOIN resource ON resource.id = resource_id JOIN customer ON customer.id = customer_id
        WHERE slug = 'kayak' AND (origin IS NULL OR origin = 'offer') AND telegram_id IS NOT NULL
        AND (SELECT count(*) FROM answer
        WHERE answer.order_id = orders.id AND answer.inventory_id = order_line.inventory_id) <> 1"""
OF_NOBODY = """SELECT customer.id FROM customer WHERE telegram_id IS NULL AND (
        EXISTS (SELECT 1 FROM basket_entry WHERE customer_id = customer.id)
        OR EXISTS (SELECT 1 FROM draft_answer WHERE customer_id = customer.id)
        OR EXISTS (SELECT 1 FROM answer JOIN orders ON orders.id = order_id WHERE customer_id = customer.id))"""
WRITTEN = ("hello", "kayak", "It was cold, and the guide was late.")
"""What else people write, which may be taken for an answer."""


def broken_baskets(house: House) -> Iterator[str]:
    """An order has all that was confirmed together, and what its own guests have said of it."""
    for nonce, things in house.disk.rows(ORDERED):
        if things != house.gathered.get(str(nonce), 1):
            yield f"an order has {things} things, confirmed were {house.gathered.get(str(nonce), 1)}"
    in_order = not any(house.trace.faults[f"application.{kind}"] for kind in ("clock_forward", "clock_back"))
    for (nonce,) in house.disk.rows(STILL_PUT_ASIDE):
        if nonce in house.gathered and in_order:
            yield "what was ordered from a basket is in it still"
    for user, words in house.disk.rows(SAID):
        if words not in {"yes", "no", *WRITTEN} and not str(words).endswith(str(user)):
            yield f"{user} is said to have answered {words!r}"
    for what, query in (("orders without what the shop must know", UNANSWERED), ("things of nobody", OF_NOBODY)):
        found = house.disk.rows(query)
        if found:
            yield f"{what}: {found[:3]}"
