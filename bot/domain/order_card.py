"""All that the order's own message in the chat shows at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.ids import BookingId, InventoryId, MediaId, MessageId, OrderId, ResourceId, TelegramId
from bot.domain.money import Money
from bot.domain.orders import Closing, State
from bot.domain.rentals import Length

Texts = Mapping[str, str]
"""One text in several languages, by language code."""


@dataclass(frozen=True)
class OrderLineView:
    """`stay` and `ends_at` are set for a stay, whose days are one line here: `unit` is for all of them."""

    resource_id: ResourceId
    slug: str
    resource_name: Texts
    place: Texts
    photo: MediaId | None
    fare_name: Texts
    counted: Mapping[str, tuple[str, str]]
    unit: Money
    quantity: int
    starts_at: datetime | None
    time_zone: str
    ends_at: datetime | None = None
    stay: Length | None = None
    inventory_id: InventoryId | None = None


@dataclass(frozen=True)
class OrderCard:
    """`link` is the payment page while it can be used; `slow` says that Stripe has kept us waiting for it.

    `unsure`: there may be a page that we have lost sight of, on which somebody pays.
    `cancelled`: it is paid, and the customer has cancelled all that was booked for it.
    `paid`: what was charged, which a promotion code makes less than `total`; None before that.
    `email`: what the customer gave on the payment page.
    `moving`: it is what a booking costs more at another date.
    `moves`: which booking that is, unless it is cancelled; `stays`: it still has the date that it was to leave.
    `offered`: nobody has asked for it just now; it is what the customer had waited for.
    """

    order_id: OrderId
    code: str
    state: State
    closing: Closing | None
    link: str | None
    slow: bool
    too_small: bool
    unsure: bool
    total: Money
    refunded: Money
    hold_until: datetime
    ended_at: datetime | None
    language: str
    lines: tuple[OrderLineView, ...]
    telegram_id: TelegramId
    message_id: MessageId | None
    processing_until: datetime | None
    cancelled: bool = False
    paid: Money | None = None
    email: str | None = field(default=None, repr=False)
    offered: bool = False
    moving: bool = False
    moves: BookingId | None = None
    stays: bool = False

    @property
    def charged(self) -> Money:
        """What was paid, or is to be."""
        return self.total if self.paid is None else self.paid

    @property
    def parts(self) -> tuple[tuple[OrderLineView, ...], ...]:
        """The lines of each thing in it: more than one for an order that came from a basket."""
        rows = dict.fromkeys((line.inventory_id, line.resource_id) for line in self.lines)
        return tuple(tuple(line for line in self.lines if (line.inventory_id, line.resource_id) == row) for row in rows)

    def only(self, inventory_id: InventoryId) -> "OrderCard":
        """The same order with nothing but one of its parts, if it has that."""
        return replace(
            self, lines=tuple(line for line in self.lines if line.inventory_id == inventory_id) or self.lines
        )
