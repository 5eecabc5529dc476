"""Writes what decisions have made of orders: only what differs, in a few statements for a whole batch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import bindparam, case, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attempts import is_done, must_ask_now
from bot.domain.ids import InventoryId, RefundId, public_code, secret_token
from bot.domain.orders import Attempt, AttemptState, Case, Order, Payment, Refund, RefundState
from storage import inbox, inventory, moved_lines
from storage.schema import booking, checkout_attempt, claim, orders, payment, refund

Change = tuple[Case, Case]
"""A case as it was loaded, and as it shall be."""
Values = list[dict[str, object]]

CHANGE_ORDER = update(orders).where(orders.c.id == bindparam("row"))
CHANGE_ATTEMPT = update(checkout_attempt).where(checkout_attempt.c.id == bindparam("row"))
ASK_ATTEMPTS = update(checkout_attempt).where(checkout_attempt.c.id.in_(bindparam("rows", expanding=True)))
"""The other parameters of these are the new values of columns."""
PAYMENT_IDS = select(payment.c.payment_intent, payment.c.id).where(
    payment.c.payment_intent.in_(bindparam("intents", expanding=True))
)


async def save(connection: AsyncConnection, changes: Sequence[Change], chance: Random, now: datetime) -> None:
    """Save a batch of changed cases; raises SoldOut if a claim that a decision took for granted has no room."""
    changed = [(before, after) for before, after in changes if before != after]
    await _orders(connection, changed)
    await _claims(connection, changed)
    await moved_lines.save(connection, changed)
    await _attempts(connection, changed, now)
    await _payments(connection, changed)
    await _refunds(connection, changed, chance, now)
    await _bookings(connection, changed, chance, now)


async def _orders(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    values: Values = [
        {"row": after.order.id, **_order_values(after.order)}
        for before, after in changes
        if before.order != after.order
    ]
    if values:
        await connection.execute(CHANGE_ORDER, values)


def _order_values(order: Order) -> dict[str, object]:
    return {
        "state": order.state,
        "closing": order.closing,
        "refunded": order.refunded.minor,
        "ended_at": order.ended_at,
        "paid_at": order.paid_at,
        "contact_name": order.contact_name,
        "contact_phone": order.contact_phone,
        "contact_email": order.contact_email,
    }


async def _claims(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    deltas: Counter[InventoryId] = Counter()
    dropped: list[tuple[int, int]] = []
    taken: Values = []
    for before, after in changes:
        for inventory_id in before.claims.keys() - after.claims.keys():
            deltas[inventory_id] -= before.claims[inventory_id]
            dropped.append((after.order.id, inventory_id))
        for inventory_id in after.claims.keys() - before.claims.keys():
            units = after.claims[inventory_id]
            deltas[inventory_id] += units
            taken.append({"order_id": after.order.id, "inventory_id": inventory_id, "units": units})
    if dropped:
        await connection.execute(delete(claim).where(tuple_(claim.c.order_id, claim.c.inventory_id).in_(dropped)))
    if taken:
        await connection.execute(insert(claim), taken)
    if deltas:
        await inventory.lock(connection, deltas)
        await inventory.change(connection, deltas)


async def _attempts(connection: AsyncConnection, changes: Iterable[Change], now: datetime) -> None:
    """States as decided; those that need a call at once are put before the worker, those that are done leave it."""
    now_due = [after_ for _, case in changes for after_ in case.attempts if must_ask_now(case, after_)]
    done = [after_ for _, case in changes for after_ in case.attempts if is_done(case, after_)]
    await _set_attempts(connection, _moved(changes))
    for attempts, ask_at in ((now_due, now), (done, None)):
        if attempts:
            await connection.execute(ASK_ATTEMPTS, {"rows": [attempt.id for attempt in attempts], "ask_at": ask_at})


def _moved(changes: Iterable[Change]) -> list[Attempt]:
    return [attempt for before, after in changes for attempt in after.attempts if attempt not in before.attempts]


async def _set_attempts(connection: AsyncConnection, attempts: Sequence[Attempt]) -> None:
    if attempts:
        await connection.execute(
            CHANGE_ATTEMPT,
            [{"row": attempt.id, "state": attempt.state, "session_id": attempt.session_id} for attempt in attempts],
        )
        answered = [attempt.id for attempt in attempts if attempt.state in {AttemptState.REFUSED, AttemptState.LOST}]
        await inbox.go_on(connection, [f"attempt:{attempt_id}" for attempt_id in answered])


async def _payments(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    new = [(after.order, paid) for _, after in changes for paid in after.payments if paid.id is None]
    await add_payments(connection, [(order.id, paid) for order, paid in new])


async def add_payments(connection: AsyncConnection, payments: Sequence[tuple[int | None, Payment]]) -> None:
    """Store captured payments, with their orders where they have one; events that waited for them go on."""
    if not payments:
        return
    await connection.execute(
        insert(payment),
        [
            {
                "order_id": order_id,
                "session_id": paid.session_id,
                "payment_intent": paid.payment_intent,
                "role": paid.role,
                "amount": paid.amount.minor,
                "currency": paid.amount.currency,
                "refund_claimed": 0,
                "captured_at": paid.captured_at,
            }
            for order_id, paid in payments
        ],
    )
    await inbox.go_on(connection, [paid.payment_intent for _, paid in payments if paid.payment_intent])


async def _refunds(connection: AsyncConnection, changes: Iterable[Change], chance: Random, now: datetime) -> None:
    touched = [(before, after) for before, after in changes if before.refunds != after.refunds]
    if touched:
        known = {row.id for before, _ in touched for row in before.refunds}
        await store_refunds(connection, [row for _, after in touched for row in after.refunds], known, chance, now)


async def store_refunds(
    connection: AsyncConnection, refunds: Sequence[Refund], known: set[RefundId | None], chance: Random, now: datetime
) -> None:
    """Insert new refunds and update known ones, and keep each payment's claimed sum.

    Stripe's word counts: where the dashboard gave back what we were about to, all of the payment is claimed.
    """
    intents = {row.payment_intent for row in refunds}
    found = await connection.execute(PAYMENT_IDS, {"intents": sorted(intents)})
    ids = {row.payment_intent: row.id for row in found}
    new = [_new_refund(row, ids[row.payment_intent], chance, now) for row in refunds if row.id is None]
    if new:
        await connection.execute(insert(refund), new)
    old = [
        {"row": row.id, "new_state": row.state, "new_stripe_id": row.stripe_id, "of": row.inventory_id}
        for row in refunds
        if row.id in known and row.id is not None
    ]
    if old:
        await connection.execute(
            update(refund)
            .where(refund.c.id == bindparam("row"))
            .values(state=bindparam("new_state"), stripe_id=bindparam("new_stripe_id"), inventory_id=bindparam("of")),
            old,
        )
        await inbox.go_on(connection, [f"refund:{row['row']}" for row in old if row["new_stripe_id"]])
    await _claimed(connection, refunds, ids)


def _new_refund(row: Refund, payment_id: int, chance: Random, now: datetime) -> dict[str, object]:
    """A refund of our own is put before the worker; one that Stripe told us of needs nothing more."""
    return {
        "payment_id": payment_id,
        "reason": row.reason,
        "state": row.state,
        "amount": row.amount.minor,
        "currency": row.amount.currency,
        "idempotency_key": f"refund-{secret_token(chance)}",
        "stripe_id": row.stripe_id,
        "created_at": row.created_at,
        "inventory_id": row.inventory_id,
        "ask_at": now if row.state is RefundState.NEW else None,
        "tries": 0,
    }


async def _claimed(connection: AsyncConnection, refunds: Iterable[Refund], ids: Mapping[str, int]) -> None:
    sums: Counter[str] = Counter()
    for row in refunds:
        sums[row.payment_intent] += 0 if row.state is RefundState.FAILED else row.amount.minor
    await connection.execute(
        update(payment)
        .where(payment.c.id == bindparam("row"))
        .values(
            refund_claimed=case((payment.c.amount < bindparam("claimed"), payment.c.amount), else_=bindparam("claimed"))
        ),
        [{"row": ids[intent], "claimed": minor} for intent, minor in sums.items()],
    )


async def _bookings(connection: AsyncConnection, changes: Iterable[Change], chance: Random, now: datetime) -> None:
    new: Values = [
        {
            "order_id": after.order.id,
            "customer_id": after.order.customer_id,
            "resource_id": row.resource_id,
            "inventory_id": row.inventory_id,
            "code": public_code(chance),
            "ticket_token": secret_token(chance),
            "status": row.status,
            "paid": row.paid.minor,
            "created_at": now,
        }
        for _, after in changes
        for row in after.bookings
        if row.id is None
    ]
    if new:
        await connection.execute(insert(booking), new)
    changed = [
        {"row": row.id, "new_status": row.status, "new_slot": row.inventory_id}
        for before, after in changes
        for row in after.bookings
        if row.id is not None and row not in before.bookings
    ]
    if changed:
        await connection.execute(
            update(booking)
            .where(booking.c.id == bindparam("row"))
            .values(status=bindparam("new_status"), inventory_id=bindparam("new_slot")),
            changed,
        )
