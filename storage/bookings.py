"""What an order is about and what it became, with the names that people know the things by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import BigInteger, BindParameter, Row, Select, and_, bindparam, cast, func, select, union_all

from bot.domain.bookings import BookingView, Ordered, OrderedFare, SentBack
from bot.domain.catalogue import EntryKind
from bot.domain.catalogue_entries import Spot
from bot.domain.file_rentals import step_of
from bot.domain.ids import BookingId, CustomerId, FareId, InventoryId, MediaId, OrderId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, Reason, RefundState, Role, State
from bot.domain.refund_rules import read_kept
from bot.domain.rentals import Length
from storage.database import Connection
from storage.schema import booking, fare, inventory, order_line, orders, payment, refund, resource
from storage.stays import BOOKED_AS

AnyRow = Row[tuple[object, ...]]
Part = tuple[OrderId, InventoryId]

THIS: BindParameter[int] = bindparam("this")
# PostgreSQL's sum of whole numbers is a decimal one.
ON_TOP = (
    select(cast(func.coalesce(func.sum(payment.c.amount), 0), BigInteger))
    .join(orders, orders.c.id == payment.c.order_id)
    .where(orders.c.moves_booking_id == booking.c.id, payment.c.role == Role.SURCHARGE)
    .correlate(booking)
    .scalar_subquery()
)
"""What was paid on top when it was moved to dearer dates."""
GIVEN = select(booking.c.id.label("of"), refund.c.reason, refund.c.amount, refund.c.state, payment.c.role)
OF_IT = booking.c.inventory_id
FOR_IT = and_(
    booking.c.id.in_(bindparam("bookings", expanding=True)),
    refund.c.state.in_((RefundState.PENDING, RefundState.SUCCEEDED)) | (refund.c.reason != Reason.DASHBOARD),
    refund.c.reason.in_((Reason.CANCELLED, Reason.MOVED, Reason.DASHBOARD)),
)
REFUNDS = union_all(
    GIVEN.join(payment, payment.c.order_id == booking.c.order_id)
    .join(refund, refund.c.payment_id == payment.c.id)
    .where(FOR_IT, payment.c.role == Role.BOOKED, func.coalesce(refund.c.inventory_id, OF_IT) == OF_IT),
    GIVEN.join(orders, orders.c.moves_booking_id == booking.c.id)
    .join(payment, payment.c.order_id == orders.c.id)
    .join(refund, refund.c.payment_id == payment.c.id)
    .where(FOR_IT, payment.c.role == Role.SURCHARGE),
)
"""What went back of bookings, be it of the payment that they were made for or of a surcharge; and of whole orders."""
SLOWEST = (RefundState.FAILED, RefundState.NEW, RefundState.PENDING, RefundState.SUCCEEDED)
FIRST = inventory.alias("first")
BOOKINGS = (
    select(
        booking,
        ON_TOP.label("on_top"),
        orders.c.state,
        orders.c.refunded,
        orders.c.currency,
        payment.c.payment_intent,
    )
    .join(orders, orders.c.id == booking.c.order_id)
    .outerjoin(payment, and_(payment.c.order_id == booking.c.order_id, payment.c.role == Role.BOOKED))
    .order_by(booking.c.id)
)
OF_CUSTOMER = BOOKINGS.where(booking.c.customer_id == THIS)
OF_ORDER = BOOKINGS.where(booking.c.order_id == THIS)
BY_ID = BOOKINGS.where(booking.c.id == THIS)
OWN = select(booking.c.id).where(booking.c.customer_id == bindparam("customer"))
OWN_WITH_CODE = OWN.where(booking.c.code == bindparam("code"))
OWN_WITH_TICKET = OWN.where(booking.c.ticket_token == bindparam("token"))
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


async def with_code(connection: Connection, customer_id: CustomerId, code: str) -> BookingId | None:
    """A booking of just this customer."""
    found = await connection.scalar(OWN_WITH_CODE, {"customer": customer_id, "code": code})
    return None if found is None else BookingId(found)


async def with_ticket(connection: Connection, customer_id: CustomerId, token: str) -> BookingId | None:
    """A booking of just this customer."""
    found = await connection.scalar(OWN_WITH_TICKET, {"customer": customer_id, "token": token})
    return None if found is None else BookingId(found)


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
    refunds: Mapping[int, list[AnyRow]] = defaultdict(list)
    for refunded in await connection.execute(REFUNDS, {"bookings": [row.id for row in rows]}):
        refunds[refunded.of].append(refunded)
    return tuple(_booking(row, ordered, refunds[row.id]) for row in rows)


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


def _booking(row: AnyRow, parts: Mapping[Part, Ordered], refunds: Sequence[AnyRow]) -> BookingView:
    moved = [each for each in refunds if each.reason == Reason.MOVED]
    left = row.paid - _sum(each for each in moved if each.role == Role.BOOKED)
    on_top = row.on_top - _sum(each for each in moved if each.role == Role.SURCHARGE)
    cancelled = [each for each in refunds if each.reason == Reason.CANCELLED]
    undone = row.status == BookingStatus.CANCELLED and row.state == State.REFUNDED
    beside = _sum(each for each in refunds if each.reason == Reason.DASHBOARD)
    by_staff = undone and not any(each.role == Role.BOOKED for each in cancelled)
    return BookingView(
        id=BookingId(row.id),
        order_id=OrderId(row.order_id),
        customer_id=CustomerId(row.customer_id),
        code=row.code,
        status=BookingStatus(row.status),
        ordered=parts[OrderId(row.order_id), InventoryId(row.inventory_id)],
        paid=Money(left + on_top, row.currency),
        refunded=Money(0 if by_staff else beside, row.currency),
        created_at=row.created_at,
        ticket_token=row.ticket_token,
        sent_back=_sent_back(row, cancelled, left if by_staff else 0),
        receipt=row.payment_intent is not None,
    )


def _sent_back(row: AnyRow, refunds: Sequence[AnyRow], by_staff: int) -> SentBack | None:
    """What goes back because it was cancelled: by refunds of our own, or as staff have given all of it back."""
    if by_staff:
        return SentBack(Money(by_staff + _sum(refunds), row.currency), RefundState.SUCCEEDED)
    if not refunds:
        return None
    states = {RefundState(each.state) for each in refunds}
    return SentBack(Money(_sum(refunds), row.currency), next(state for state in SLOWEST if state in states))


def _sum(refunds: Iterable[AnyRow]) -> int:
    return sum(each.amount for each in refunds)
