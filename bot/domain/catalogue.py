"""What customers see of the catalogue: plain views, every text in all languages of the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.catalogue_entries import EntryKind, Rental, Step, Texts
from bot.domain.ids import CategoryId, FareId, InventoryId, MediaId, ResourceId
from bot.domain.money import Money
from bot.domain.refund_rules import Rules
from bot.domain.rentals import LetRow
from bot.domain.reviews import Rating
from bot.domain.selection import Quote

__all__ = [
    "CalendarView",
    "CategoryPage",
    "CategoryView",
    "ChosenFare",
    "DayState",
    "DayView",
    "EntryKind",
    "FareView",
    "FoundPage",
    "HomeView",
    "MonthView",
    "OfferView",
    "Picture",
    "QuoteView",
    "RangeView",
    "ResourceCard",
    "ResourceRow",
    "ShopView",
    "SlotState",
    "SlotView",
    "StayView",
    "StockView",
    "Teaser",
    "Teasers",
    "Texts",
    "text",
]


def text(texts: Texts, language: str, fallback: str) -> str:
    """The text in the language, else in the fallback, else in any there is; empty only if there is none."""
    return texts.get(language) or texts.get(fallback) or next(iter(texts.values()), "")


class SlotState(StrEnum):
    OPEN = "open"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"  # by the staff
    PAST = "past"  # booking for it has ended


class DayState(StrEnum):
    OPEN = "open"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"  # nothing takes place, or all of it is closed
    PAST = "past"
    BEYOND = "beyond"  # further ahead than one can book

    @property
    def can_be_chosen(self) -> bool:
        return self in {DayState.OPEN, DayState.FEW}

    @property
    def can_be_seen(self) -> bool:
        """There is something to choose, or to wait for."""
        return self.can_be_chosen or self is DayState.FULL


@dataclass(frozen=True)
class ShopView:
    """The shop's own words; optional ones are empty mappings when the shop has none."""

    name: Texts
    welcome: Texts
    terms: Texts
    privacy_note: Texts
    banner: MediaId | None


@dataclass(frozen=True)
class CategoryView:
    id: CategoryId
    slug: str
    emoji: str
    name: Texts


@dataclass(frozen=True)
class HomeView:
    """Categories without anything on offer are left out."""

    shop: ShopView
    categories: tuple[CategoryView, ...]


@dataclass(frozen=True)
class ResourceRow:
    """A line of a list. `price` is the first fare's, with which the shop leads; `one_price`: all fares cost that."""

    id: ResourceId
    slug: str
    kind: EntryKind
    name: Texts
    duration_minutes: int | None
    price: Money
    one_price: bool
    sold_out: bool
    step: Step | None = None  # of a rental: what its price is for


@dataclass(frozen=True)
class CategoryPage:
    """`page` counts from 1 and is within `pages`, which is at least 1."""

    category: CategoryView
    rows: tuple[ResourceRow, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class FoundPage:
    """A page of what a question has found, `count` in all; pages as those of a category."""

    question: str
    rows: tuple[ResourceRow, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True)
class Teaser:
    """What other chats see of a resource."""

    row: ResourceRow
    description: Texts
    place: Texts
    photo: MediaId | None


@dataclass(frozen=True)
class Teasers:
    """Some of what an inline query has found; `more` can be asked for."""

    shown: tuple[Teaser, ...]
    more: bool


@dataclass(frozen=True)
class FareView:
    """`counted` is singular and plural per language; `seats` the units of capacity that one takes."""

    id: FareId
    slug: str
    name: Texts
    counted: Mapping[str, tuple[str, str]]
    unit: Money
    seats: int


@dataclass(frozen=True)
class StockView:
    """The stock of an item: what a selection of it names, and how many are left."""

    inventory_id: InventoryId
    left: int


@dataclass(frozen=True)
class ResourceCard:
    """All that a card shows. `stock` is set for an item, `rental` for a rental, `duration_minutes` for an event.

    `rules` say what goes back of it when it is cancelled; None: as the shop does it.
    """

    id: ResourceId
    slug: str
    category_id: CategoryId
    kind: EntryKind
    name: Texts
    description: Texts
    place: Texts
    time_zone: str
    duration_minutes: int | None
    capacity: int
    max_per_order: int
    closes_minutes_before: int
    horizon_days: int
    fares: tuple[FareView, ...]
    photo: MediaId | None
    stock: StockView | None
    rating: Rating | None = None
    rules: Rules | None = None
    rental: Rental | None = None

    @property
    def dated(self) -> bool:
        return self.kind is not EntryKind.ITEM


@dataclass(frozen=True)
class SlotView:
    """`local` is the start on the clock of the place, aware; `closes_at` the end of booking."""

    inventory_id: InventoryId
    starts_at: datetime
    ends_at: datetime
    local: datetime
    closes_at: datetime
    left: int
    capacity: int
    state: SlotState


@dataclass(frozen=True)
class MonthView:
    """Every day of the month by its number; `earlier` and `later` say whether there is a month to show that way."""

    year: int
    month: int
    days: Mapping[int, DayState]
    earlier: bool
    later: bool


@dataclass(frozen=True)
class CalendarView:
    card: ResourceCard
    month: MonthView


@dataclass(frozen=True)
class DayView:
    """The slots of a local day that a customer may see: neither closed nor past."""

    card: ResourceCard
    day: date
    state: DayState
    slots: tuple[SlotView, ...]


@dataclass(frozen=True)
class OfferView:
    """One inventory row with its resource; `slot` is None for an item. `left` is never negative."""

    card: ResourceCard
    inventory_id: InventoryId
    slot: SlotView | None
    left: int


@dataclass(frozen=True)
class ChosenFare:
    fare: FareView
    quantity: int
    amount: Money


@dataclass(frozen=True)
class StayView:
    """Some nights, days or hours of a rental. `end` is the day on which it ends, `left` what is free of all of them.

    `prices` are those of one unit: so many steps at each. Instants are UTC.
    """

    inventory_id: InventoryId
    first: date
    end: date
    steps: int
    starts_at: datetime
    ends_at: datetime
    left: int
    prices: tuple[tuple[int, Money], ...]
    unit: Money


@dataclass(frozen=True)
class RangeView:
    """A month of days on which a stay that has begun can end, and the stay that is chosen so far."""

    card: ResourceCard
    month: MonthView
    stay: StayView


@dataclass(frozen=True)
class TimesView:
    """The hours of a local day with which a stay can begin, in order of time."""

    card: ResourceCard
    day: date
    rows: tuple[LetRow, ...]


@dataclass(frozen=True)
class HoursView:
    """When a stay of hours that has begun can end, by how many it then has, and the stay that is chosen so far."""

    card: ResourceCard
    ends: Mapping[int, datetime]
    stay: StayView


@dataclass(frozen=True)
class QuoteView:
    """A priced selection with what is needed to show it; `stay` is set for a rental.

    `asking`: the shop wants to know something of its guests.
    """

    offer: OfferView
    lines: tuple[ChosenFare, ...]
    quote: Quote
    stay: StayView | None = None
    asking: bool = False

    @property
    def total(self) -> Money:
        return self.quote.total

    @property
    def starts_at(self) -> datetime | None:
        """None for an item."""
        return self.offer.slot.starts_at if self.offer.slot else None


@dataclass(frozen=True)
class Picture:
    """A picture's bytes; `telegram_file_id` once Telegram has it."""

    id: MediaId
    content_type: str
    content: bytes
    telegram_file_id: str | None
