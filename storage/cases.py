"""Loads orders with all that hangs on them; `storage.saving` keeps what a decision has made of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, Row, Select, bindparam, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import (
    AttemptId,
    BookingId,
    CustomerId,
    FareId,
    InventoryId,
    OrderId,
    PaymentId,
    RefundId,
    ResourceId,
    SessionId,
)
from bot.domain.money import Money
from bot.domain.orders import (
    Attempt,
    AttemptState,
    Booking,
    BookingStatus,
    Case,
    Closing,
    Line,
    Moves,
    Order,
    Payment,
    Reason,
    Refund,
    RefundState,
    Role,
    State,
)
from bot.domain.refund_rules import read_kept
from storage.schema import (
    booking,
    checkout_attempt,
    claim,
    inventory,
    order_line,
    orders,
    payment,
    refund,
    resource,
)

Rows = dict[int, list[Row[tuple[object, ...]]]]

THESE: BindParameter[int] = bindparam("orders", expanding=True)
SEEN = select(orders).where(orders.c.id.in_(THESE)).order_by(orders.c.id)
ORDERS = SEEN.with_for_update()
LINES = (
    select(order_line, resource.c.kind)
    .join(resource, resource.c.id == order_line.c.resource_id)
    .where(order_line.c.order_id.in_(THESE))
    .order_by(order_line.c.id)
)
CLAIMS = select(claim).where(claim.c.order_id.in_(THESE))
ATTEMPTS = select(checkout_attempt).where(checkout_attempt.c.order_id.in_(THESE)).order_by(checkout_attempt.c.number)
PAYMENTS = select(payment).where(payment.c.order_id.in_(THESE)).order_by(payment.c.id)
REFUNDS = (
    select(refund, payment.c.payment_intent, payment.c.order_id)
    .join(payment, payment.c.id == refund.c.payment_id)
    .where(payment.c.order_id.in_(THESE))
    .order_by(refund.c.id)
)
BOOKINGS = (
    select(booking, inventory.c.starts_at, orders.c.currency)
    .join(inventory, inventory.c.id == booking.c.inventory_id)
    .join(orders, orders.c.id == booking.c.order_id)
    .where(booking.c.order_id.in_(THESE))
    .order_by(booking.c.id)
)
OF_SESSIONS = checkout_attempt.c.session_id.in_(bindparam("sessions", expanding=True))
OF_CODES = orders.c.code.in_(bindparam("codes", expanding=True))
MOVED = select(booking.c.order_id).join(orders, orders.c.moves_booking_id == booking.c.id)
SURCHARGES_OF = (
    select(orders.c.id)
    .join(booking, booking.c.id == orders.c.moves_booking_id)
    .where(booking.c.order_id.in_(bindparam("these", expanding=True)), orders.c.state == State.PAID)
)
CONCERNED = union(
    select(checkout_attempt.c.order_id).where(OF_SESSIONS),
    select(orders.c.id).where(OF_CODES),
    MOVED.where(OF_CODES),
    MOVED.join(checkout_attempt, checkout_attempt.c.order_id == orders.c.id).where(OF_SESSIONS),
)
"""Also the orders whose bookings these move."""
ORDERS_OF_PAYMENTS = select(payment.c.payment_intent, payment.c.order_id).where(
    payment.c.payment_intent.in_(bindparam("intents", expanding=True))
)
SURCHARGES = (
    select(orders.c.id)
    .where(orders.c.moves_booking_id == bindparam("booking"), orders.c.state == State.PAID)
    .order_by(orders.c.id)
)
PAYMENT_OF_SESSION = select(payment.c.id).where(payment.c.session_id == bindparam("session"))


async def load(connection: AsyncConnection, ids: Iterable[OrderId]) -> dict[OrderId, Case]:
    """The cases of these orders, their order rows locked in id order."""
    return await _load(connection, ORDERS, sorted(set(ids)))


async def look(connection: AsyncConnection, order_id: OrderId) -> Case:
    """The case of an order that is there, for looking only: nothing is locked."""
    return (await _load(connection, SEEN, [order_id]))[order_id]


async def _load(
    connection: AsyncConnection, query: Select[tuple[object, ...]], wanted: Sequence[OrderId]
) -> dict[OrderId, Case]:
    if not wanted:
        return {}
    found = (await connection.execute(query, {"orders": wanted})).all()
    lines = await _by_order(connection, LINES, wanted)
    claims = await _by_order(connection, CLAIMS, wanted)
    attempts = await _by_order(connection, ATTEMPTS, wanted)
    payments = await _by_order(connection, PAYMENTS, wanted)
    refunds = await _by_order(connection, REFUNDS, wanted)
    bookings = await _by_order(connection, BOOKINGS, wanted)
    return {
        OrderId(row.id): Case(
            order=_order(row),
            lines=tuple(_line(line, row.currency) for line in lines[row.id]),
            claims={InventoryId(held.inventory_id): held.units for held in claims[row.id]},
            attempts=tuple(map(_attempt, attempts[row.id])),
            payments=tuple(map(_payment, payments[row.id])),
            refunds=tuple(map(_refund, refunds[row.id])),
            bookings=tuple(map(_booking, bookings[row.id])),
        )
        for row in found
    }


async def concerned(
    connection: AsyncConnection, *, sessions: Sequence[SessionId], codes: Sequence[str]
) -> list[OrderId]:
    """The orders that these sessions were made for, those with these codes, and those whose bookings they move."""
    found = await connection.execute(CONCERNED, {"sessions": sessions, "codes": codes})
    return [OrderId(row) for row in found.scalars()]


async def orders_of_payments(connection: AsyncConnection, payment_intents: Sequence[str]) -> dict[str, OrderId | None]:
    """Which orders these payments belong to (None: a payment of no order)."""
    found = await connection.execute(ORDERS_OF_PAYMENTS, {"intents": payment_intents})
    return {row[0]: None if row[1] is None else OrderId(row[1]) for row in found}


async def _by_order(connection: AsyncConnection, query: object, wanted: Sequence[OrderId]) -> Rows:
    grouped: Rows = defaultdict(list)
    found = await connection.execute(query, {"orders": wanted})  # type: ignore[call-overload]  # of several shapes
    for row in found:
        grouped[row.order_id].append(row)
    return grouped


def _order(row: Row[tuple[object, ...]]) -> Order:
    moves = None
    if row.moves_booking_id is not None:
        moves = Moves(BookingId(row.moves_booking_id), InventoryId(row.moves_from))
    return Order(
        id=OrderId(row.id),
        code=row.code,
        customer_id=CustomerId(row.customer_id),
        state=State(row.state),
        closing=Closing(row.closing) if row.closing else None,
        total=Money(row.total, row.currency),
        refunded=Money(row.refunded, row.currency),
        language=row.language,
        return_token=row.return_token,
        placed_at=row.placed_at,
        hold_until=row.hold_until,
        ended_at=row.ended_at,
        paid_at=row.paid_at,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        moves=moves,
    )


def _line(row: Row[tuple[object, ...]], currency: str) -> Line:
    return Line(
        resource_id=ResourceId(row.resource_id),
        inventory_id=InventoryId(row.inventory_id),
        fare_id=FareId(row.fare_id),
        quantity=row.quantity,
        unit=Money(row.unit_amount, currency),
        seats=row.seats,
        dated=row.kind == "event",
        rules=read_kept(row.cancellation) or (),
        stay=None if row.stay_id is None else InventoryId(row.stay_id),
    )


def _attempt(row: Row[tuple[object, ...]]) -> Attempt:
    session_id = None if row.session_id is None else SessionId(row.session_id)
    codes = row.parameters.get("allow_promotion_codes") is True
    return Attempt(AttemptId(row.id), row.number, AttemptState(row.state), session_id, row.expires_at, codes)


def _payment(row: Row[tuple[object, ...]]) -> Payment:
    return Payment(
        id=PaymentId(row.id),
        session_id=SessionId(row.session_id),
        payment_intent=row.payment_intent,
        role=Role(row.role),
        amount=Money(row.amount, row.currency),
        captured_at=row.captured_at,
    )


def _refund(row: Row[tuple[object, ...]]) -> Refund:
    return Refund(
        id=RefundId(row.id),
        payment_intent=row.payment_intent,
        reason=Reason(row.reason),
        state=RefundState(row.state),
        amount=Money(row.amount, row.currency),
        stripe_id=row.stripe_id,
        created_at=row.created_at,
        inventory_id=None if row.inventory_id is None else InventoryId(row.inventory_id),
    )


def _booking(row: Row[tuple[object, ...]]) -> Booking:
    return Booking(
        BookingId(row.id),
        ResourceId(row.resource_id),
        InventoryId(row.inventory_id),
        BookingStatus(row.status),
        Money(row.paid, row.currency),
        row.starts_at,
    )


async def surcharges_of(connection: AsyncConnection, booking_id: BookingId) -> list[Case]:
    """The paid orders by which a booking was moved, the first one first; locked like those of `load`."""
    found = await connection.execute(SURCHARGES, {"booking": booking_id})
    return list((await _load(connection, ORDERS, list(found.scalars()))).values())


async def look_at_surcharges(connection: AsyncConnection, booking_id: BookingId) -> list[Case]:
    found = await connection.execute(SURCHARGES, {"booking": booking_id})
    return list((await _load(connection, SEEN, list(found.scalars()))).values())


async def surcharges_of_orders(connection: AsyncConnection, ids: Sequence[OrderId]) -> list[OrderId]:
    """The paid orders by which bookings of these were moved."""
    found = await connection.execute(SURCHARGES_OF, {"these": ids})
    return [OrderId(row) for row in found.scalars()]


async def is_payment_known(connection: AsyncConnection, session_id: SessionId) -> bool:
    found = await connection.execute(PAYMENT_OF_SESSION, {"session": session_id})
    return found.scalar_one_or_none() is not None
