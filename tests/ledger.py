"""Puts payments and refunds into a database as Stripe's events would have.

payment_id = await add_payment(database, order_id, 7800)          # order_id None: of no order
await add_refund(database, payment_id, 1000, at=some_instant)
"""

from datetime import datetime

from sqlalchemy import func, insert, select

from bot.domain.ids import OrderId, PaymentId
from bot.domain.orders import Reason, RefundState, Role
from storage import schema
from storage.database import Connection, Database
from tests.clock import NOW


async def add_payment(
    database: Database,
    order_id: OrderId | None,
    minor: int,
    role: Role = Role.BOOKED,
    at: datetime = NOW,
    currency: str = "EUR",
) -> PaymentId:
    async def work(connection: Connection) -> PaymentId:
        number = (await connection.execute(select(func.count()).select_from(schema.payment))).scalar_one() + 1
        row = insert(schema.payment).values(
            order_id=order_id,
            session_id=f"cs_test_{number}",
            payment_intent=f"pi_{number}",
            role=role,
            amount=minor,
            currency=currency,
            captured_at=at,
        )
        return PaymentId((await connection.execute(row.returning(schema.payment.c.id))).scalar_one())

    return await database.run(work)


async def add_refund(
    database: Database,
    payment_id: PaymentId,
    minor: int,
    state: RefundState = RefundState.SUCCEEDED,
    at: datetime = NOW,
    currency: str = "EUR",
) -> None:
    async def work(connection: Connection) -> None:
        number = (await connection.execute(select(func.count()).select_from(schema.refund))).scalar_one() + 1
        row = insert(schema.refund).values(
            payment_id=payment_id,
            reason=Reason.DASHBOARD,
            state=state,
            amount=minor,
            currency=currency,
            idempotency_key=f"refund-{number}",
            stripe_id=f"re_{number}",
            created_at=at,
        )
        await connection.execute(row)

    await database.run(work)
