"""Places orders and answers what is asked about them outside of settlement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import BookingId, CustomerId, InventoryId, MediaId, MessageId, OrderId, ResourceId, TelegramId
from bot.domain.money import Money
from bot.domain.order_card import OrderCard, OrderLineView
from bot.domain.orders import UNPAID, AttemptState, BookingStatus, Closing, Line, Moves, Origin, Role, State, units_of
from bot.domain.refund_rules import kept_steps
from storage import inventory
from storage.bookings import length_of
from storage.schema import (
    booking,
    checkout_attempt,
    claim,
    customer,
    fare,
    order_line,
    orders,
    payment,
    resource,
)
from storage.schema import (
    inventory as inventory_table,
)

AnyRow = Row[Any]

BANKS_TAKE = timedelta(days=14)
"""After so long the slowest of the delayed payment methods has succeeded or failed."""

OPEN_STATES = tuple(sorted(UNPAID))

THIS = orders.c.id == bindparam("this")
OF_CUSTOMER = orders.c.customer_id == bindparam("customer")
BY_NONCE = select(orders.c.id).where(OF_CUSTOMER, orders.c.nonce == bindparam("with_nonce"))
OPEN_ORDERS = (
    select(orders.c.id, order_line.c.resource_id)
    .join(order_line, order_line.c.order_id == orders.c.id)
    .where(OF_CUSTOMER, orders.c.state.in_(OPEN_STATES))
    .order_by(orders.c.id)
)
PLACE = insert(orders).returning(orders.c.id)
ADD_LINES = insert(order_line)
ADD_CLAIMS = insert(claim)
HELD = orders.c.state.in_((State.HELD, State.AWAITING_PAYMENT))
PAST_DEADLINE = (
    select(orders.c.id)
    .where(HELD, orders.c.hold_until <= bindparam("now"))
    .order_by(orders.c.hold_until)
    .limit(bindparam("most"))
)
NEXT_DEADLINE = select(orders.c.hold_until).where(HELD).order_by(orders.c.hold_until).limit(1)
OWNER = select(orders.c.customer_id).where(THIS)
CHATS = (
    select(orders.c.id, customer.c.telegram_id)
    .join(customer, customer.c.id == orders.c.customer_id)
    .where(orders.c.id.in_(bindparam("these", expanding=True)), customer.c.telegram_id.is_not(None))
)
CHANGE = update(orders).where(THIS)
"""Its other parameters are the new values of columns."""
LINES: Select[Any] = (
    select(
        order_line.c.resource_id,
        order_line.c.inventory_id,
        order_line.c.quantity,
        order_line.c.unit_amount,
        orders.c.currency,
        resource.c.slug,
        resource.c.photo_id,
        fare.c.name.label("fare_name"),
        resource.c.name,
        resource.c.place,
        resource.c.time_zone,
        fare.c.counted,
        inventory_table.c.starts_at,
        inventory_table.c.ends_at,
        order_line.c.stay_id,
        order_line.c.inventory_id,
        order_line.c.fare_id,
        resource.c.rules,
    )
    .join(orders, orders.c.id == order_line.c.order_id)
    .join(resource, resource.c.id == order_line.c.resource_id)
    .join(fare, fare.c.id == order_line.c.fare_id)
    .join(inventory_table, inventory_table.c.id == order_line.c.inventory_id)
    .where(order_line.c.order_id == bindparam("this"))
    .order_by(order_line.c.id)
)
STANDING = (
    select(func.count())
    .where(booking.c.order_id == bindparam("this"), booking.c.status == BookingStatus.CONFIRMED)
    .scalar_subquery()
)
CAPTURED = (
    select(func.max(payment.c.amount))
    .where(payment.c.order_id == bindparam("this"), payment.c.role == Role.BOOKED)
    .scalar_subquery()
)
LATEST = select(func.max(checkout_attempt.c.number)).where(checkout_attempt.c.order_id == bindparam("this"))
ANY_ATTEMPT = checkout_attempt.alias()
LOST = exists().where(
    ANY_ATTEMPT.c.order_id == orders.c.id,
    ANY_ATTEMPT.c.session_id.is_(None),
    ANY_ATTEMPT.c.state.in_((AttemptState.LOST, AttemptState.EXPIRED)),
)
MOVED = booking.alias("moved")
CARD = (
    select(
        orders,
        customer.c.telegram_id,
        checkout_attempt.c.url,
        checkout_attempt.c.expires_at,
        checkout_attempt.c.state.label("attempt_state"),
        checkout_attempt.c.note,
        LOST.label("unsure"),
        STANDING.label("standing"),
        CAPTURED.label("captured"),
        MOVED.c.id.label("moves"),
        (MOVED.c.inventory_id == orders.c.moves_from).label("stays"),
    )
    .join(customer, customer.c.id == orders.c.customer_id)
    .join(checkout_attempt, checkout_attempt.c.order_id == orders.c.id)
    .outerjoin(MOVED, and_(MOVED.c.id == orders.c.moves_booking_id, MOVED.c.status == BookingStatus.CONFIRMED))
    .where(THIS, checkout_attempt.c.number == LATEST.scalar_subquery(), customer.c.telegram_id.is_not(None))
)
KNOWN_EMAIL = (
    select(orders.c.contact_email)
    .where(OF_CUSTOMER, orders.c.contact_email.is_not(None))
    .order_by(orders.c.id.desc())
    .limit(1)
)
CARD_MESSAGE = select(orders.c.card_message_id).where(THIS)
LOCK = select(orders.c.id).where(THIS).with_for_update()
LOCK_CUSTOMER = (
    select(customer.c.id)
    .where(customer.c.id == bindparam("customer"), customer.c.telegram_id.is_not(None))
    .with_for_update(key_share=True)
)
"""Others may still write what refers to them: whoever books for them holds an order that may be wanted next."""


@dataclass(frozen=True)
class NewOrder:
    code: str
    customer_id: CustomerId
    nonce: str
    total: Money
    language: str
    return_token: str
    placed_at: datetime
    hold_until: datetime
    origin: Origin | None = None
    moves: Moves | None = None


async def by_nonce(connection: AsyncConnection, customer_id: CustomerId, nonce: str) -> OrderId | None:
    which = {"customer": customer_id, "with_nonce": nonce}
    found = (await connection.execute(BY_NONCE, which)).scalar_one_or_none()
    return None if found is None else OrderId(found)


async def open_orders(connection: AsyncConnection, customer_id: CustomerId) -> dict[OrderId, set[ResourceId]]:
    """The customer's unpaid orders with the resources that they are of."""
    found: dict[OrderId, set[ResourceId]] = {}
    for row in await connection.execute(OPEN_ORDERS, {"customer": customer_id}):
        found.setdefault(OrderId(row.id), set()).add(ResourceId(row.resource_id))
    return found


async def place(connection: AsyncConnection, order: NewOrder, lines: tuple[Line, ...]) -> OrderId:
    """Write an order with its lines and take what it claims; raises SoldOut."""
    units = units_of(lines)
    await inventory.lock(connection, units)
    await inventory.change(connection, units)
    order_id = OrderId((await connection.execute(PLACE, _order_values(order))).scalar_one())
    await connection.execute(ADD_LINES, [_line_values(order_id, line) for line in lines])
    claims = [{"order_id": order_id, "inventory_id": row, "units": count} for row, count in units.items()]
    await connection.execute(ADD_CLAIMS, claims)
    return order_id


def _order_values(order: NewOrder) -> dict[str, object]:
    return {
        "code": order.code,
        "customer_id": order.customer_id,
        "nonce": order.nonce,
        "state": State.HELD,
        "currency": order.total.currency,
        "total": order.total.minor,
        "refunded": 0,
        "language": order.language,
        "return_token": order.return_token,
        "placed_at": order.placed_at,
        "hold_until": order.hold_until,
        "origin": order.origin,
        "moves_booking_id": order.moves and order.moves.booking_id,
        "moves_from": order.moves and order.moves.from_row,
    }


def _line_values(order_id: OrderId, line: Line) -> dict[str, object]:
    return {
        "order_id": order_id,
        "resource_id": line.resource_id,
        "inventory_id": line.inventory_id,
        "fare_id": line.fare_id,
        "quantity": line.quantity,
        "unit_amount": line.unit.minor,
        "seats": line.seats,
        "cancellation": kept_steps(line.rules),
        "stay_id": line.stay,
    }


async def past_deadline(connection: AsyncConnection, now: datetime, limit: int) -> list[OrderId]:
    rows = await connection.execute(PAST_DEADLINE, {"now": now, "most": limit})
    return [OrderId(row) for row in rows.scalars()]


async def next_deadline(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = (await connection.execute(NEXT_DEADLINE)).scalar_one_or_none()
    return found


async def owner(connection: AsyncConnection, order_id: OrderId) -> CustomerId | None:
    found = (await connection.execute(OWNER, {"this": order_id})).scalar_one_or_none()
    return None if found is None else CustomerId(found)


async def chats(connection: AsyncConnection, ids: set[OrderId]) -> dict[OrderId, TelegramId]:
    """Where the customers of these orders are written to; those who have been erased are left out."""
    rows = await connection.execute(CHATS, {"these": sorted(ids)})
    return {OrderId(row.id): TelegramId(row.telegram_id) for row in rows}


async def remember_card_message(connection: AsyncConnection, order_id: OrderId, message_id: MessageId | None) -> None:
    await connection.execute(CHANGE, {"this": order_id, "card_message_id": message_id})


async def card_message(connection: AsyncConnection, order_id: OrderId) -> MessageId | None:
    """The order's own message."""
    found = (await connection.execute(CARD_MESSAGE, {"this": order_id})).scalar_one_or_none()
    return None if found is None else MessageId(found)


async def lines_of(connection: AsyncConnection, order_id: OrderId) -> tuple[OrderLineView, ...]:
    """The lines of an order; the days of a stay are one."""
    rows = (await connection.execute(LINES, {"this": order_id})).all()
    return tuple(_line_view(list(same)) for _, same in groupby(rows, key=_part_of))


def _part_of(row: AnyRow) -> tuple[int, int]:
    """Lines of one stay follow each other; every other line is by itself."""
    return (row.stay_id, 0) if row.stay_id is not None else (row.inventory_id, row.fare_id)


def _line_view(rows: list[AnyRow]) -> OrderLineView:
    row, last = rows[0], rows[-1]
    stay = length_of(row.rules, rows) if row.stay_id is not None else None
    return OrderLineView(
        resource_id=ResourceId(row.resource_id),
        slug=row.slug,
        resource_name=row.name,
        place=row.place,
        photo=None if row.photo_id is None else MediaId(row.photo_id),
        fare_name=row.fare_name,
        unit=Money(sum(each.unit_amount for each in rows), row.currency),
        counted={language: (words[0], words[1]) for language, words in row.counted.items()},
        quantity=row.quantity,
        starts_at=row.starts_at,
        time_zone=row.time_zone,
        ends_at=last.ends_at if stay else None,
        stay=stay,
        inventory_id=InventoryId(row.inventory_id if row.stay_id is None else row.stay_id),
    )


async def card(connection: AsyncConnection, order_id: OrderId, now: datetime, slow_after: datetime) -> OrderCard | None:
    """What the order's own message shows now. `slow_after`: an order without a link that is older is slow."""
    row = (await connection.execute(CARD, {"this": order_id})).one_or_none()
    if row is None:
        return None
    payable = row.state == State.AWAITING_PAYMENT and row.attempt_state == AttemptState.OPEN and now < row.expires_at
    return OrderCard(
        order_id=order_id,
        code=row.code,
        state=State(row.state),
        closing=Closing(row.closing) if row.closing else None,
        link=row.url if payable else None,
        slow=row.state == State.HELD and row.placed_at <= slow_after,
        too_small=row.note == "amount_too_small",
        unsure=row.unsure,
        email=row.contact_email,
        paid=None if row.captured is None else Money(row.captured, row.currency),
        cancelled=row.state == State.PAID and not row.standing and row.origin != Origin.MOVE,
        total=Money(row.total, row.currency),
        refunded=Money(row.refunded, row.currency),
        hold_until=row.hold_until,
        ended_at=row.ended_at,
        language=row.language,
        lines=await lines_of(connection, order_id),
        telegram_id=TelegramId(row.telegram_id),
        message_id=None if row.card_message_id is None else MessageId(row.card_message_id),
        processing_until=row.placed_at + BANKS_TAKE if row.state == State.PROCESSING else None,
        offered=row.origin == Origin.OFFER,
        moving=row.origin == Origin.MOVE,
        moves=None if row.moves is None else BookingId(row.moves),
        stays=bool(row.stays),
    )


async def known_email(connection: AsyncConnection, customer_id: CustomerId) -> str | None:
    """The address that the customer gave at the last checkout."""
    found: str | None = (await connection.execute(KNOWN_EMAIL, {"customer": customer_id})).scalar_one_or_none()
    return found


async def lock(connection: AsyncConnection, order_id: OrderId) -> None:
    """An order is locked before anything that hangs on it, so that writers wait in one direction."""
    await connection.execute(LOCK, {"this": order_id})


async def lock_customer(connection: AsyncConnection, customer_id: CustomerId) -> bool:
    """One customer places one order at a time, whatever is tapped at once. False for one who has been erased."""
    row = await connection.execute(LOCK_CUSTOMER, {"customer": customer_id})
    return row.first() is not None
