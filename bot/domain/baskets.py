"""Several things in one order: what stands in a basket, what each of it costs today, and what can no longer be had."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from bot.domain.catalogue_entries import Step, Texts
from bot.domain.errors import BasketFull, Gone, NothingChosen, Overlapping, Refusal
from bot.domain.ids import FareId, InventoryId, MediaId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import Line
from bot.domain.selection import Offer, Quote, Selection, quote

MOST_ENTRIES = 10
MOST_LINES = 100
"""So many lines a payment page of Stripe's can have."""


@dataclass(frozen=True)
class Entry:
    """What was put into a basket, with the price of each fare at that time (minor units).

    Of a stay, `inventory_id` is the first day, `steps` how many there are, and the price that of one unit for all.
    """

    inventory_id: InventoryId
    counts: Mapping[FareId, int]
    prices: Mapping[FareId, int]
    steps: int = 0

    @property
    def selection(self) -> Selection:
        return Selection(self.inventory_id, self.counts, self.steps)


@dataclass(frozen=True)
class Labelled:
    """How people know a part of a basket, whether or not it is still on offer. `step`: what a rental is let by."""

    resource_id: ResourceId
    name: Texts
    time_zone: str
    photo: MediaId | None
    starts_at: datetime | None
    counted: Mapping[FareId, Mapping[str, tuple[str, str]]]
    step: Step | None = None


@dataclass(frozen=True)
class EntryView:
    """A part of a basket today. `trouble`: why it cannot be had; then it has no `price`.

    `before` is what it would have cost when it was put in, if that is another amount; `unanswered` says that the shop
    wants to know something of its guests first. Without `label` nothing at all is known of it any more.
    """

    entry: Entry
    label: Labelled | None
    price: Quote | None = None
    trouble: Refusal | None = None
    before: Money | None = None
    unanswered: bool = False


@dataclass(frozen=True)
class BasketView:
    """A whole basket today. `total` is that of what can be had; `digest` tells this very content from any other."""

    entries: tuple[EntryView, ...]
    total: Money
    digest: int

    @property
    def troubled(self) -> bool:
        return any(view.trouble is not None for view in self.entries)

    @property
    def first_unanswered(self) -> EntryView | None:
        return next((view for view in self.entries if view.unanswered), None)


def viewed(
    entry: Entry, offer: Offer | None, label: Labelled | None, now: datetime, *, unanswered: bool = False
) -> EntryView:
    """What has become of an entry."""
    try:
        if offer is None:
            raise Gone
        price = quote(offer, entry.selection, now)
    except Refusal as trouble:
        return EntryView(entry, label, trouble=trouble)
    minor = sum(entry.prices[fare] * count for fare, count in entry.counts.items())
    before = Money(minor, price.total.currency)
    return EntryView(entry, label, price, before=None if before == price.total else before, unanswered=unanswered)


def basket(views: Sequence[EntryView], currency: str) -> BasketView:
    entries = tuple(_apart(views))
    prices = [view.price for view in entries if view.price is not None]
    total = sum((price.total for price in prices), start=Money(0, currency))
    return BasketView(entries, total, digest(line for price in prices for line in price.lines))


def _apart(views: Iterable[EntryView]) -> Iterator[EntryView]:
    """A stay that has a day in common with one before it cannot be had beside that."""
    taken: set[InventoryId] = set()
    for view in views:
        rows = rows_of(view.price.lines) if view.price else frozenset()
        if taken & rows:
            yield replace(view, price=None, before=None, unanswered=False, trouble=Overlapping())
        else:
            taken |= rows
            yield view


def rows_of(lines: Iterable[Line]) -> frozenset[InventoryId]:
    return frozenset(line.inventory_id for line in lines)


def put_aside(price: Quote, selection: Selection) -> Entry:
    """What goes into the basket of a selection that costs this."""
    return entries_of(price.lines)[selection.inventory_id]


def entries_of(lines: Iterable[Line]) -> dict[InventoryId, Entry]:
    """What lines are of, at their prices; the days of a stay are one."""
    found: dict[InventoryId, Entry] = {}
    for line in lines:
        known = found.get(line.booked_as, Entry(line.booked_as, {}, {}))
        found[line.booked_as] = Entry(
            line.booked_as,
            {**known.counts, line.fare_id: line.quantity},
            {**known.prices, line.fare_id: known.prices.get(line.fare_id, 0) + line.unit.minor},
            known.steps if line.stay is None else known.steps + 1,
        )
    return found


def digest(lines: Iterable[Line]) -> int:
    """A number that changes with anything that is bought or its price."""
    parts = sorted((line.booked_as, line.inventory_id, line.fare_id, line.quantity, line.unit.minor) for line in lines)
    return crc32(repr(parts).encode())


def together(quotes: Sequence[Quote]) -> Quote:
    """Several quotes as that of one order; raises NothingChosen, BasketFull or Overlapping."""
    if not quotes:
        raise NothingChosen
    lines = tuple(line for each in quotes for line in each.lines)
    room_for(len(quotes), len({(line.booked_as, line.fare_id) for line in lines}))
    if len(rows_of(lines)) < sum(len(rows_of(each.lines)) for each in quotes):
        raise Overlapping
    return Quote(lines, sum((each.total for each in quotes[1:]), start=quotes[0].total))


def room_for(entries: int, lines: int) -> None:
    """Raises BasketFull for more than fits into one order."""
    if entries > MOST_ENTRIES or lines > MOST_LINES:
        raise BasketFull(MOST_ENTRIES)


def replaced(chosen: Iterable[ResourceId], before: Iterable[ResourceId]) -> bool:
    """Whether a new choice stands for an order of before: all that was in that one is chosen anew."""
    return set(before) <= set(chosen)
