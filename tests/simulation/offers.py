"""What can be bought in the simulated shop, as customers remember it."""

from dataclasses import dataclass
from random import Random

from bot.domain.ids import FareId
from handlers.callbacks import Action, pack, packed_counts
from tests.simulation.disk import Disk

OFFERS = """
SELECT inventory.id, resource.id, resource.slug, kind = 'rental' FROM inventory
JOIN resource ON resource.id = inventory.resource_id WHERE kind <> 'rental' OR inventory.key < '2030-06-06'
ORDER BY inventory.id
"""


@dataclass(frozen=True)
class Offer:
    """One inventory with the fares that are sold of it; of what is `let`, the first night or hour of some."""

    inventory_id: int
    resource_id: int
    slug: str
    fares: tuple[FareId, ...]
    let: bool = False

    def chosen(self, chance: Random) -> dict[FareId, int]:
        """Some guests; sometimes more than there is room for."""
        counts = {fare: chance.choice((0, 1, 1, 2)) for fare in self.fares}
        return counts if any(counts.values()) else {self.fares[0]: chance.choice((1, 1, 1, 2, 3))}

    def steps(self, chance: Random) -> int:
        """For how long it is wanted; sometimes for too long. Nothing of what is not let."""
        return chance.choice((1, 1, 2, 2, 3, 3, 4)) if self.let else 0


def offers(disk: Disk) -> list[Offer]:
    fares = {
        slug: tuple(FareId(int(str(row[0]))) for row in disk.rows("SELECT id FROM fare WHERE resource_id = ?", slug))
        for (slug,) in disk.rows("SELECT id FROM resource ORDER BY id")
    }
    return [
        Offer(int(str(row[0])), int(str(row[1])), str(row[2]), fares[row[1]], bool(row[3])) for row in disk.rows(OFFERS)
    ]


def summary_data(offer: Offer, counts: dict[FareId, int], steps: int = 0) -> str:
    """The button that leads to the summary of a selection."""
    how_long = (steps,) if steps else ()
    return pack(Action.SUMMARY, offer.inventory_id, packed_counts(counts), *how_long)
