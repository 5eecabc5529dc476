"""An order and all that hangs on it, with the states of its life."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

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
from bot.domain.refund_rules import Rules


class State(StrEnum):
    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    PROCESSING = "processing"
    CLOSING = "closing"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REFUNDED = "refunded"


UNPAID = frozenset({State.HELD, State.AWAITING_PAYMENT, State.PROCESSING, State.CLOSING})
"""States in which the order's claims are a hold."""

RELEASED = frozenset({State.EXPIRED, State.CANCELLED, State.FAILED})
"""States that ended without money."""


class Origin(StrEnum):
    """Where an order comes from that nobody has placed by "Hold and pay"."""

    OFFER = "offer"  # seats came free that the customer had waited for
    MOVE = "move"  # what a booking costs more at another date


class Closing(StrEnum):
    """Why an order is being closed, and so which state it ends in."""

    DEADLINE = "deadline"
    CUSTOMER = "customer"
    CHANGED = "changed"
    REFUSED = "refused"

    @property
    def end(self) -> State:
        match self:
            case Closing.DEADLINE:
                return State.EXPIRED
            case Closing.CUSTOMER | Closing.CHANGED:
                return State.CANCELLED
            case Closing.REFUSED:
                return State.FAILED


class AttemptState(StrEnum):
    NEW = "new"  # parameters are frozen; whether Stripe has made the session is not known
    OPEN = "open"
    COMPLETE = "complete"  # paid, or the bank is at it
    EXPIRED = "expired"
    FAILED = "failed"  # the bank refused a delayed payment
    REFUSED = "refused"  # Stripe refused to make the session
    LOST = "lost"  # Stripe failed, and no session was found; watched until it would have expired


class Role(StrEnum):
    """What a captured payment turned out to be."""

    BOOKED = "booked"
    SURCHARGE = "surcharge"  # paid on top, so that a booking moves to another date
    LATE = "late"  # paid after the seats were given to others
    SURPLUS = "surplus"  # a second payment of one order
    MISMATCH = "mismatch"  # not the amount, currency or mode that was asked for
    UNMATCHED = "unmatched"  # of no order that we know


class RefundState(StrEnum):
    NEW = "new"  # to be asked for, or asked and not known
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Reason(StrEnum):
    """Why money goes back."""

    LATE = "late"
    SURPLUS = "surplus"
    DASHBOARD = "dashboard"
    CANCELLED = "cancelled"  # the customer has cancelled a booking
    MOVED = "moved"  # the customer has moved a booking to a date that costs less


class BookingStatus(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Moves:
    """Which booking an order moves once it is paid, and from where; `stands`: as far as is known, it can."""

    booking_id: BookingId
    from_row: InventoryId
    stands: bool = True


@dataclass(frozen=True)
class Order:
    id: OrderId
    code: str
    customer_id: CustomerId
    state: State
    closing: Closing | None
    total: Money
    refunded: Money
    language: str
    return_token: str
    placed_at: datetime
    hold_until: datetime
    ended_at: datetime | None = None
    paid_at: datetime | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    moves: Moves | None = None


@dataclass(frozen=True)
class Line:
    """So many of one fare; `seats` is what one of it takes of the inventory, `rules` what goes back of it when.

    `stay`: of a rental's day, the first day of the stay that it is a part of; it has a line for each of its days.
    """

    resource_id: ResourceId
    inventory_id: InventoryId
    fare_id: FareId
    quantity: int
    unit: Money
    seats: int
    dated: bool
    rules: Rules = ()
    stay: InventoryId | None = None

    @property
    def booked_as(self) -> InventoryId:
        """The inventory that its booking names: a stay is one booking, under its first day."""
        return self.inventory_id if self.stay is None else self.stay

    @property
    def amount(self) -> Money:
        return self.unit * self.quantity

    @property
    def units(self) -> int:
        return self.seats * self.quantity

    @property
    def guests(self) -> int:
        return self.units if self.dated else 0


@dataclass(frozen=True)
class Attempt:
    """`codes`: customers may enter promotion codes on its page."""

    id: AttemptId
    number: int
    state: AttemptState
    session_id: SessionId | None
    expires_at: datetime
    codes: bool = False


@dataclass(frozen=True)
class Payment:
    id: PaymentId | None
    session_id: SessionId
    payment_intent: str | None
    role: Role
    amount: Money
    captured_at: datetime


@dataclass(frozen=True)
class Refund:
    """`inventory_id` says whose booking was cancelled for it; None: it is of the payment as a whole."""

    id: RefundId | None
    payment_intent: str
    reason: Reason
    state: RefundState
    amount: Money
    stripe_id: str | None
    created_at: datetime
    inventory_id: InventoryId | None = None

    @property
    def accepted(self) -> bool:
        return self.state in {RefundState.PENDING, RefundState.SUCCEEDED}


@dataclass(frozen=True)
class Booking:
    """`paid`: its part of the order's payment. `starts_at` is None for an item, and for what is not stored yet."""

    id: BookingId | None
    resource_id: ResourceId
    inventory_id: InventoryId
    status: BookingStatus
    paid: Money
    starts_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """One order with everything that its settlement needs to see, and the new state of it that is to be saved."""

    order: Order
    lines: tuple[Line, ...]
    claims: Mapping[InventoryId, int]
    attempts: tuple[Attempt, ...]
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    bookings: tuple[Booking, ...] = ()

    @property
    def current(self) -> Attempt:
        """The attempt whose link the customer has or will get."""
        return max(self.attempts, key=lambda attempt: attempt.number)

    def attempt_of(self, session_id: SessionId) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.session_id == session_id), None)

    @property
    def paid(self) -> Money:
        """What it was booked for: the price, less what a promotion code took off. Before that, the price."""
        booked = (payment.amount for payment in self.payments if payment.role is Role.BOOKED)
        return next(booked, self.order.total)

    def moved_refunds(self, old: InventoryId, new: InventoryId) -> "tuple[Refund, ...]":
        """The refunds, where what went back of a booking that is moved once more goes with it."""
        return tuple(
            replace(each, inventory_id=new) if each.reason is Reason.MOVED and each.inventory_id == old else each
            for each in self.refunds
        )

    def lines_of(self, row: InventoryId) -> "tuple[Line, ...]":
        """The lines of the booking under this row: one for each fare, or for each day of a stay."""
        return tuple(line for line in self.lines if line.booked_as == row)

    def rows_beside(self, row: InventoryId) -> frozenset[InventoryId]:
        """The inventory of all lines but those of the booking under this row."""
        return frozenset(line.inventory_id for line in self.lines if line.booked_as != row)

    def payment_of(self, payment_intent: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.payment_intent == payment_intent), None)


def units_of(lines: tuple[Line, ...]) -> dict[InventoryId, int]:
    """What the lines take, summed per inventory."""
    units: Counter[InventoryId] = Counter()
    for line in lines:
        units[line.inventory_id] += line.units
    return dict(units)
