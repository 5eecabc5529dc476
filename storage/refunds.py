"""Refunds that are to be asked for, and payments whose refunds are to be looked up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import PaymentId, RefundId
from bot.domain.money import Money
from bot.domain.orders import Payment, Reason, Refund, RefundState, Role
from storage.schema import orders, payment, refund


@dataclass(frozen=True)
class RefundWork:
    """What asking for a refund needs; all of it is immutable, so a key always sees the same parameters."""

    id: RefundId
    order_code: str
    payment_intent: str
    amount: Money
    idempotency_key: str
    created_at: datetime
    tries: int


NEXT_DUE = select(
    select(func.min(refund.c.ask_at)).where(refund.c.ask_at > bindparam("after")).scalar_subquery(),
    select(func.min(payment.c.look_at)).where(payment.c.look_at > bindparam("after")).scalar_subquery(),
)

DUE = (
    select(refund, payment.c.payment_intent, orders.c.code)
    .join(payment, payment.c.id == refund.c.payment_id)
    .join(orders, orders.c.id == payment.c.order_id, isouter=True)
    .where(refund.c.ask_at <= bindparam("now"))
    .order_by(refund.c.ask_at)
    .limit(bindparam("most"))
)
LOOKS_DUE = (
    select(payment.c.id, payment.c.payment_intent).where(payment.c.look_at <= bindparam("now")).limit(bindparam("most"))
)
CHANGE = update(refund).where(refund.c.id == bindparam("row"))
CHANGE_PAYMENT = update(payment).where(payment.c.id == bindparam("row"))
CHANGE_PAYMENTS = update(payment).where(payment.c.payment_intent.in_(bindparam("intents", expanding=True)))
"""The other parameters of these are the new values of columns."""


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[RefundWork]:
    return [
        RefundWork(
            id=RefundId(row.id),
            order_code=row.code or "",
            payment_intent=row.payment_intent,
            amount=Money(row.amount, row.currency),
            idempotency_key=row.idempotency_key,
            created_at=row.created_at,
            tries=row.tries,
        )
        for row in await connection.execute(DUE, {"now": now, "most": limit})
    ]


async def next_due_after(connection: AsyncConnection, now: datetime) -> datetime | None:
    asked, looks = (await connection.execute(NEXT_DUE, {"after": now})).one()
    return min((when for when in (asked, looks) if when is not None), default=None)


async def put_off(connection: AsyncConnection, work: RefundWork, when: datetime, key: str) -> None:
    later = {"ask_at": when, "tries": work.tries + 1, "idempotency_key": key}
    await connection.execute(CHANGE, {"row": work.id, **later})


async def answered(connection: AsyncConnection, refund_id: RefundId) -> None:
    await connection.execute(CHANGE, {"row": refund_id, "ask_at": None})


async def look(connection: AsyncConnection, payment_intents: list[str], when: datetime) -> None:
    """Something of these payments was given back: ask Stripe what."""
    await connection.execute(CHANGE_PAYMENTS, {"intents": payment_intents, "look_at": when})


async def looks_due(connection: AsyncConnection, now: datetime, limit: int) -> list[tuple[PaymentId, str]]:
    rows = await connection.execute(LOOKS_DUE, {"now": now, "most": limit})
    return [(PaymentId(row.id), row.payment_intent) for row in rows]


async def looked(connection: AsyncConnection, payment_id: PaymentId, next_look: datetime | None) -> None:
    await connection.execute(CHANGE_PAYMENT, {"row": payment_id, "look_at": next_look})


async def stray(connection: AsyncConnection, payment_intent: str) -> tuple[Payment, tuple[Refund, ...]]:
    """A payment of no order with its refunds."""
    paid = (
        await connection.execute(select(payment).where(payment.c.payment_intent == payment_intent).with_for_update())
    ).one()
    given = await connection.execute(select(refund).where(refund.c.payment_id == paid.id).order_by(refund.c.id))
    amount = Money(paid.amount, paid.currency)
    known = Payment(PaymentId(paid.id), paid.session_id, payment_intent, Role(paid.role), amount, paid.captured_at)
    return known, tuple(
        Refund(
            RefundId(row.id),
            payment_intent,
            Reason(row.reason),
            RefundState(row.state),
            Money(row.amount, row.currency),
            row.stripe_id,
            row.created_at,
        )
        for row in given
    )
