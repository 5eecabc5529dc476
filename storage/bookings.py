"""What an order is about and what it became, with the names that people know the things by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import BigInteger, BindParameter, Row, Select, and_, bindparam, cast, func, select

from bot.domain.bookings import BookingView, Ordered, OrderedFare, SentBack
from bot.domain.catalogue import EntryKind
from bot.domain.catalogue_entries import Spot
from bot.domain.file_rentals import step_of
from bot.domain.ids import BookingId, CustomerId, FareId, InventoryId, MediaId, OrderId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, Reason, RefundState, Role, State
from bot.domain.refund_rules import read_kept
from bot.domain.rentals import Length
from bot.domain.shares import shares
from storage.database import Connection
from storage.schema import booking, fare, inventory, order_line, orders, payment, refund, resource
from storage.stays import BOOKED_AS

AnyRow = Row[tuple[object, ...]]
Part = tuple[OrderId, InventoryId]

THIS: BindParameter[int] = bindparam("this")
SURCHARGE = orders.alias()
# PostgreSQL's sum of whole numbers is a decimal one.
ON_TOP = (
    select(cast(func.coalesce(func.sum(SURCHARGE.c.total), 0), BigInteger))
    .where(SURCHARGE.c.moves_booking_id == booking.c.id, SURCHARGE.c.state == State.PAID)
    .scalar_subquery()
)
MOVED = refund.alias("moved")
MOVED_BACK = (
    select(cast(func.coalesce(func.sum(MOVED.c.amount), 0), BigInteger))
    .where(MOVED.c.payment_id == payment.c.id, MOVED.c.reason == Reason.MOVED)
    .scalar_subquery()
)
"""What of a payment went back when bookings were moved to cheaper dates."""
FIRST = inventory.alias("first")
BOOKINGS = (
    select(
        booking,
        ON_TOP.label("on_top"),
        orders.c.refunded,
        orders.c.currency,
        (payment.c.amount - MOVED_BACK).label("captured"),
        payment.c.payment_intent,
        refund.c.amount.label("sent_back"),
        refund.c.state.label("sent_back_state"),
    )
    .join(orders, orders.c.id == booking.c.order_id)
    .outerjoin(payment, and_(payment.c.order_id == booking.c.order_id, payment.c.role == Role.BOOKED))
    .outerjoin(
        refund,
        and_(
            refund.c.payment_id == payment.c.id,
            refund.c.inventory_id == booking.c.inventory_id,
            refund.c.reason == Reason.CANCELLED,
        ),
    )
    .order_by(booking.c.id)
)
OF_CUSTOMER = BOOKINGS.where(booking.c.customer_id == THIS)
OF_ORDER = BOOKINGS.where(booking.c.order_id == THIS)
BY_ID = BOOKINGS.where(booking.c.id == THIS)
ORDERED = (
    select(
        order_line,
        orders.c.currency,
        resource.c.slug,
        resource.c.kind,
        resource.c.rules.label("resource_rules"),
        resource.c.name,
        resource.c.place,
        resource.c.time_zone,
        resource.c.photo_id,
        resource.c.latitude,
        resource.c.longitude,
        resource.c.address,
        inventory.c.starts_at,
        inventory.c.ends_at,
        BOOKED_AS.label("booked_as"),
        fare.c.name.label("fare_name"),
        fare.c.counted,
    )
    .join(orders, orders.c.id == order_line.c.order_id)
    .join(resource, resource.c.id == order_line.c.resource_id)
    .join(inventory, inventory.c.id == order_line.c.inventory_id)
    .join(FIRST, FIRST.c.id == BOOKED_AS)
    .join(fare, fare.c.id == order_line.c.fare_id)
    .where(order_line.c.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(
        FIRST.c.starts_at.nulls_last(),
        order_line.c.order_id,
        FIRST.c.id,
        inventory.c.starts_at,
        fare.c.position,
        order_line.c.id,
    )
)


async def of_customer(connection: Connection, customer_id: CustomerId) -> tuple[BookingView, ...]:
    return await _bookings(connection, OF_CUSTOMER, customer_id)


async def of_order(connection: Connection, order_id: OrderId) -> tuple[BookingView, ...]:
    return await _bookings(connection, OF_ORDER, order_id)


async def by_id(connection: Connection, booking_id: BookingId) -> BookingView | None:
    found = await _bookings(connection, BY_ID, booking_id)
    return found[0] if found else None


async def paid_by(connection: Connection, booking_id: BookingId, customer_id: CustomerId) -> str | None:
    """Stripe's name for the payment of a booking of just this customer."""
    found = (await connection.execute(BY_ID, {"this": booking_id})).first()
    return found.payment_intent if found is not None and found.customer_id == customer_id else None


async def order_line_views(connection: Connection, order_id: OrderId) -> tuple[Ordered, ...]:
    """What an order is about: each slot or item with its lines, in order of time."""
    return tuple((await _ordered(connection, [order_id])).values())


async def _bookings(connection: Connection, query: Select[tuple[object, ...]], this: int) -> tuple[BookingView, ...]:
    """Bookings in the order in which they were made."""
    rows = (await connection.execute(query, {"this": this})).all()
    ordered = await _ordered(connection, {OrderId(row.order_id) for row in rows})
    return tuple(_booking(row, ordered) for row in rows)


async def _ordered(connection: Connection, order_ids: Iterable[OrderId]) -> Mapping[Part, Ordered]:
    """The parts of some orders, in order of time. Names are today's, amounts those that were agreed on."""
    rows = await connection.execute(ORDERED, {"orders": list(order_ids)})
    return {part: _part(list(lines)) for part, lines in groupby(rows, key=_part_of)}


def _part_of(row: AnyRow) -> Part:
    return OrderId(row.order_id), InventoryId(row.booked_as)


def _part(lines: list[AnyRow]) -> Ordered:
    row = lines[0]
    return Ordered(
        resource_id=ResourceId(row.resource_id),
        slug=row.slug,
        kind=EntryKind(row.kind),
        name=row.name,
        place=row.place,
        time_zone=row.time_zone,
        photo=None if row.photo_id is None else MediaId(row.photo_id),
        inventory_id=InventoryId(row.booked_as),
        starts_at=row.starts_at,
        ends_at=lines[-1].ends_at,
        fares=tuple(_fare(line) for line in lines) if row.stay_id is None else (_whole(lines),),
        rules=read_kept(row.cancellation) or (),
        spot=spot_of(row),
        address=row.address or "",
        stay=length_of(row.resource_rules, lines) if row.stay_id is not None else None,
    )


def length_of(rules: Mapping[str, object], lines: Sequence[AnyRow]) -> Length | None:
    """How long a stay is that these lines are the days of."""
    step = step_of(rules)
    return None if step is None else Length(step, len(lines))


def _whole(lines: Sequence[AnyRow]) -> OrderedFare:
    """The days of a stay as one: what a unit costs for all of them."""
    total = sum(line.unit_amount for line in lines)
    first = _fare(lines[0])
    return replace(first, unit=replace(first.unit, minor=total))


def spot_of(row: AnyRow) -> Spot | None:
    """A resource's point on the map, if the shop has told it."""
    return None if row.latitude is None or row.longitude is None else Spot(row.latitude, row.longitude)


def _fare(row: AnyRow) -> OrderedFare:
    counted = {language: (words[0], words[1]) for language, words in row.counted.items()}
    unit = Money(row.unit_amount, row.currency)
    return OrderedFare(FareId(row.fare_id), row.fare_name, counted, row.quantity, unit, row.seats)


def _booking(row: AnyRow, parts: Mapping[Part, Ordered]) -> BookingView:
    ordered = parts[OrderId(row.order_id), InventoryId(row.inventory_id)]
    return BookingView(
        id=BookingId(row.id),
        order_id=OrderId(row.order_id),
        customer_id=CustomerId(row.customer_id),
        code=row.code,
        status=BookingStatus(row.status),
        ordered=ordered,
        paid=_paid(row, parts) + Money(row.on_top, row.currency),
        refunded=Money(row.refunded, row.currency),
        created_at=row.created_at,
        ticket_token=row.ticket_token,
        sent_back=_sent_back(row),
        receipt=row.payment_intent is not None,
    )


def _paid(row: AnyRow, parts: Mapping[Part, Ordered]) -> Money:
    """What of the payment was for this booking."""
    prices = {inventory_id: part.amount for (order_id, inventory_id), part in parts.items() if order_id == row.order_id}
    total = sum(prices.values(), start=Money(0, row.currency))
    captured = total if row.captured is None else Money(row.captured, row.currency)
    return shares(captured, prices)[InventoryId(row.inventory_id)]


def _sent_back(row: AnyRow) -> SentBack | None:
    if row.sent_back is None:
        return None
    return SentBack(Money(row.sent_back, row.currency), RefundState(row.sent_back_state))
