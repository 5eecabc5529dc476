"""From what a customer has chosen to what that costs and takes, checked against today's offer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.domain.errors import Gone, NothingChosen, PriceChanged, SoldOut, TooLate, TooMany
from bot.domain.ids import FareId, InventoryId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import Line
from bot.domain.questions import Question
from bot.domain.refund_rules import Rules, effective
from bot.domain.rentals import LetRow, Letting, price_of, stay


@dataclass(frozen=True)
class Selection:
    """So many of each fare of one slot (or of an item's stock). It claims nothing.

    Of a rental, `inventory_id` is the first night, day or hour, and `steps` says for how many from then on.
    """

    inventory_id: InventoryId
    counts: Mapping[FareId, int]
    steps: int = 0


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
    `letting` is set for a rental, and only for one; its stay begins with this row.
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
    letting: Letting | None = None

    def ruled(self, shop: Rules) -> "Offer":
        """The same offer with the shop's rules of cancelling, where it has none of its own."""
        return replace(self, rules=effective(self.rules, shop, dated=self.closes_at is not None))

    def freed(self, units: Mapping[InventoryId, int]) -> "Offer":
        """The same offer, if so many units more were left of these rows."""
        letting = self.letting and self.letting.freed(units)
        return replace(self, left=self.left + units.get(self.inventory_id, 0), letting=letting)

    def rows(self, selection: Selection) -> frozenset[InventoryId]:
        """The inventory that a selection would take units of."""
        wanted = islice(self.letting.run(self.inventory_id), selection.steps) if self.letting else ()
        return frozenset({self.inventory_id, *(row.inventory_id for row in wanted)})


@dataclass(frozen=True)
class Quote:
    """`days` are the rows of a stay, each with a line of its own."""

    lines: tuple[Line, ...]
    total: Money
    days: tuple[LetRow, ...] = ()

    @property
    def units(self) -> int:
        """What is taken of each row of inventory."""
        first = next(iter(self.days), None)
        return sum(line.units for line in self.lines if first is None or line.inventory_id == first.inventory_id)


def quote(offer: Offer, selection: Selection, now: datetime) -> Quote:
    """The price of a selection. Raises Gone, TooLate, NothingChosen, TooMany, SoldOut or, for a stay, NoStay."""
    if not offer.open:
        raise Gone
    if offer.closes_at is not None and now >= offer.closes_at:
        raise TooLate(offer.closes_at)
    chosen = {fare_id: count for fare_id, count in selection.counts.items() if count != 0}
    if not chosen or any(count < 0 for count in chosen.values()):
        raise NothingChosen
    if set(chosen) - {fare.id for fare in offer.fares}:
        raise Gone
    if offer.letting is not None:
        return _within(offer, _stay(offer, offer.letting, selection.steps, chosen, now))
    if selection.steps:
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


def _stay(offer: Offer, letting: Letting, steps: int, chosen: Mapping[FareId, int], now: datetime) -> Quote:
    """A line for each night, day or hour, at the price of its day."""
    fare = next(fare for fare in offer.fares if fare.id in chosen)
    count = chosen[fare.id]
    days = stay(letting, offer.inventory_id, steps, min(count * fare.seats, offer.max_per_order), now)
    lines = tuple(
        replace(
            _line(offer, replace(fare, unit=price_of(letting, row.day)), count),
            inventory_id=row.inventory_id,
            stay=offer.inventory_id,
        )
        for row in days
    )
    return Quote(lines, sum((line.amount for line in lines), start=Money(0, fare.unit.currency)), days)


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
    if price.units > offer.left and not price.days:
        raise SoldOut(offer.left)
    return price
