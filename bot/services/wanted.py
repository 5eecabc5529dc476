"""What is about to be ordered, as it is on offer at this moment, and what its guests have answered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.baskets import together
from bot.domain.errors import SoldOut
from bot.domain.ids import CustomerId, InventoryId, OrderId, ResourceId
from bot.domain.questions import Answer, all_asked, collected, standing
from bot.domain.selection import Offer, Quote, Selection, quote
from storage import answers, baskets
from storage.database import Connection

Said = Mapping[InventoryId, Sequence[Answer]]


@dataclass(frozen=True)
class Wanted:
    """Each selection with its offer."""

    parts: Sequence[tuple[Offer, Selection]]

    @property
    def resources(self) -> frozenset[ResourceId]:
        return frozenset(offer.resource_id for offer, _ in self.parts)

    @property
    def rows(self) -> frozenset[InventoryId]:
        """The inventory that all of it would take units of."""
        return frozenset(row for offer, selection in self.parts for row in offer.rows(selection))

    def price(self, now: datetime) -> Quote:
        """All of it as one order; raises the refusals of `bot.domain.selection` and of `together`."""
        return together([quote(offer, selection, now) for offer, selection in self.parts])

    def fits(self, freed: Iterable[Mapping[InventoryId, int]], now: datetime) -> bool:
        """Whether there is room for all of it once these claims are given back."""
        units: Counter[InventoryId] = Counter()
        for claims in freed:
            units.update(claims)
        roomier = [(offer.freed(units), selection) for offer, selection in self.parts]
        try:
            Wanted(roomier).price(now)
        except SoldOut:
            return False
        return True


async def said_about(connection: Connection, customer_id: CustomerId, wanted: Wanted) -> Said:
    """What was answered about each part of which something is asked; raises AnswersMissing."""
    asking = [(offer, selection) for offer, selection in wanted.parts if offer.questions]
    if not asking:
        return {}
    drafts = await answers.drafts(connection, customer_id, [offer.inventory_id for offer, _ in asking])
    return {
        offer.inventory_id: collected(
            offer.inventory_id,
            all_asked(offer.questions, units(offer, selection)),
            drafts.get(offer.inventory_id, {}),
        )
        for offer, selection in asking
    }


async def said_before(connection: Connection, customer_id: CustomerId, offer: Offer, selection: Selection) -> Said:
    """What somebody has answered who is offered this now; what they were not asked before is missing."""
    if not offer.questions:
        return {}
    drafts = await answers.drafts(connection, customer_id, [offer.inventory_id])
    asked = all_asked(offer.questions, units(offer, selection))
    return {offer.inventory_id: standing(asked, drafts.get(offer.inventory_id, {}))}


def units(offer: Offer, selection: Selection) -> int:
    """How many guests come (of an item: pieces are taken), each of whom may be asked."""
    seats = {fare.id: fare.seats for fare in offer.fares}
    return sum(seats.get(fare_id, 0) * count for fare_id, count in selection.counts.items())


async def use_up(
    connection: Connection, customer_id: CustomerId, order_id: OrderId, said: Said, *, basket: bool
) -> None:
    """The answers go with the order from now on, and what was ordered from the basket is in it no more."""
    if said:
        await answers.keep(connection, order_id, said)
        await answers.drop_drafts(connection, customer_id, said)
    if basket:
        await baskets.empty(connection, customer_id)
