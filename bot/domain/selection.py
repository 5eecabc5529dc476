"""From what a customer has chosen to what that costs and takes, checked against today's offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Gone, NothingChosen, PriceChanged, SoldOut, TooLate, TooMany
from bot.domain.ids import FareId, InventoryId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import Line
from bot.domain.questions import Question
from bot.domain.refund_rules import Rules


@dataclass(frozen=True)
class Selection:
    """So many of each fare of one slot (or of an item's stock). It claims nothing."""

    inventory_id: InventoryId
    counts: Mapping[FareId, int]


@dataclass(frozen=True)
class OfferedFare:
    id: FareId
    unit: Money
    seats: int


@dataclass(frozen=True)
class Offer:
    """What is on sale of one inventory row at this moment. `closes_at` is None for items.

    `rules` say what goes back when it is cancelled; None: as the shop does it.
    `left` and `max_per_order` count units of capacity: a family of four takes four.
    """

    resource_id: ResourceId
    inventory_id: InventoryId
    fares: tuple[OfferedFare, ...]
    left: int
    max_per_order: int
    dated: bool
    open: bool
    closes_at: datetime | None
    rules: Rules | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Quote:
    lines: tuple[Line, ...]
    total: Money

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)


def quote(offer: Offer, selection: Selection, now: datetime) -> Quote:
    """The price of a selection. Raises Gone, TooLate, NothingChosen, TooMany or SoldOut."""
    if not offer.open:
        raise Gone
    if offer.closes_at is not None and now >= offer.closes_at:
        raise TooLate(offer.closes_at)
    chosen = {fare_id: count for fare_id, count in selection.counts.items() if count != 0}
    if not chosen or any(count < 0 for count in chosen.values()):
        raise NothingChosen
    if set(chosen) - {fare.id for fare in offer.fares}:
        raise Gone
    return _within(offer, _quote(offer, chosen))


def confirm(price: Quote, confirmed_total: int) -> Quote:
    """The quote, if it is the price that the customer confirmed (minor units); raises PriceChanged."""
    if price.total.minor != confirmed_total:
        raise PriceChanged(confirmed_total, price.total.minor)
    return price


def _quote(offer: Offer, chosen: Mapping[FareId, int]) -> Quote:
    lines = tuple(_line(offer, fare, chosen[fare.id]) for fare in offer.fares if fare.id in chosen)
    zero = Money(0, lines[0].unit.currency)
    return Quote(lines, sum((line.amount for line in lines), start=zero))


def _line(offer: Offer, fare: OfferedFare, count: int) -> Line:
    return Line(
        offer.resource_id,
        offer.inventory_id,
        fare.id,
        count,
        fare.unit,
        fare.seats,
        offer.dated,
        offer.rules or (),
    )


def _within(offer: Offer, price: Quote) -> Quote:
    if price.units > offer.max_per_order:
        raise TooMany(offer.max_per_order)
    if price.units > offer.left:
        raise SoldOut(offer.left)
    return price
