"""What a customer sees of an order or a booking: names, places and local times beside the figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import EntryKind, Spot, Texts
from bot.domain.ids import BookingId, CustomerId, FareId, InventoryId, MediaId, OrderId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, RefundState
from bot.domain.questions import Answer
from bot.domain.refund_rules import Clockwork, Rules
from bot.domain.rentals import Length

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class OrderedFare:
    """So many of one fare, at the price that was frozen when the order was placed."""

    fare_id: FareId
    name: Texts
    counted: Mapping[str, tuple[str, str]]
    quantity: int
    unit: Money
    seats: int

    @property
    def amount(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True)
class Ordered:
    """One slot, stay or item of an order, with its fares. Instants are UTC and None for an item.

    `stay` says how long a stay is; a fare's unit is then what one costs for all of it.
    `answers`: what its guests have said, where a single order or booking is looked at.
    """

    resource_id: ResourceId
    slug: str
    kind: EntryKind
    name: Texts
    place: Texts
    time_zone: str
    photo: MediaId | None
    inventory_id: InventoryId
    starts_at: datetime | None
    ends_at: datetime | None
    fares: tuple[OrderedFare, ...]
    spot: Spot | None = None
    address: str = ""
    rules: Rules = ()
    stay: Length | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def dated(self) -> bool:
        return self.kind is not EntryKind.ITEM

    @property
    def local(self) -> datetime | None:
        """The start on the clock of the place."""
        return self.starts_at and self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def guests(self) -> int:
        """How many people come; of an item or a rental that is not known."""
        return sum(fare.quantity * fare.seats for fare in self.fares) if self.kind is EntryKind.EVENT else 0

    @property
    def amount(self) -> Money:
        first, *others = (fare.amount for fare in self.fares)
        return sum(others, start=first)


@dataclass(frozen=True)
class SentBack:
    """What goes back of one booking, and how far it is."""

    amount: Money
    state: RefundState


@dataclass(frozen=True)
class BookingView:
    """A confirmed right. `paid` is what was paid for it and not given back for a move.

    `refunded`: what staff have given back of the whole order. `ticket_token` is the secret in the ticket's QR code.
    `sent_back`: what went back of it, or is on its way, since it is cancelled. `receipt`: Stripe has one.
    """

    id: BookingId
    order_id: OrderId
    customer_id: CustomerId
    code: str
    status: BookingStatus
    ordered: Ordered
    paid: Money
    refunded: Money
    created_at: datetime
    ticket_token: str = field(repr=False)
    sent_back: SentBack | None = None
    receipt: bool = False

    @property
    def clockwork(self) -> Clockwork:
        return Clockwork(self.ordered.starts_at, self.created_at)

    def past(self, now: datetime) -> bool:
        """Over, or not to happen; an item stays."""
        ended = self.ordered.ends_at is not None and self.ordered.ends_at <= now
        return ended or self.status is BookingStatus.CANCELLED


@dataclass(frozen=True)
class BookingList:
    """What comes (soonest first, items last), then what was (latest first). Cancelled ones count as past."""

    upcoming: tuple[BookingView, ...]
    past: tuple[BookingView, ...]


def sorted_bookings(bookings: Iterable[BookingView], now: datetime) -> BookingList:
    by_time = sorted(bookings, key=lambda booking: booking.ordered.starts_at or _NEVER)
    upcoming = tuple(booking for booking in by_time if not booking.past(now))
    return BookingList(upcoming, tuple(booking for booking in reversed(by_time) if booking.past(now)))
