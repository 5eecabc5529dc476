"""Something to let for tests: a room by the night, or boats by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.domain.catalogue_entries import ClosedDays, EntryKind, PriceRule, Rental, ResourceEntry, Step, Weekday
from bot.domain.file_rentals import kept_rental
from bot.domain.ids import CategoryId, FareId, InventoryId, ResourceId
from bot.domain.rental_plans import plans
from bot.domain.rentals import DAY
from storage import inventory_views, slots
from storage.database import Connection, Database
from tests.builders import ZONE, FareSeed, Value, add_event
from tests.clock import NOW

TODAY = NOW.date()
WEEKEND = frozenset({Weekday.FRI, Weekday.SAT})
ROOM = Rental(Step.NIGHT, time(15), time(11), shortest=1, longest=14, prices=(PriceRule(11000, weekdays=WEEKEND),))
BOATS = Rental(Step.DAY, time(9), time(18), shortest=1, longest=5)


@dataclass(frozen=True)
class Let:
    """A rental in the database, with its rows by day."""

    id: ResourceId
    slug: str
    fare: FareId
    rows: dict[date, InventoryId]

    def row(self, days: int) -> InventoryId:
        """The row of so many days after today."""
        return self.rows[TODAY + DAY * days]


def entry(
    rental: Rental = ROOM, *, capacity: int = 1, zone: str = ZONE, closed: Sequence[ClosedDays] = ()
) -> ResourceEntry:
    """As a catalogue file has it."""
    return ResourceEntry(
        slug="room", category="walks", kind=EntryKind.RENTAL, photo="room.jpg", name={}, description={}, place={},
        time_zone=zone, capacity=capacity, max_per_order=8, duration_minutes=0, closes_minutes_before=0,
        horizon_days=120, fares=(), schedule=(), closed=tuple(closed), rental=rental,
    )  # fmt: skip


async def add_rental(
    database: Database,
    category_id: CategoryId,
    rental: Rental = ROOM,
    *,
    slug: str = "room",
    capacity: int = 1,
    price: int = 9000,
    days: int = 60,
    zone: str = ZONE,
    first: date = TODAY,
    closed: Sequence[ClosedDays] = (),
    **columns: Value,
) -> Let:
    """Let for so many days from `first` on."""
    values: dict[str, Value] = {
        "kind": "rental",
        "capacity": capacity,
        "duration_minutes": None,
        "closes_minutes_before": 0,
        "time_zone": zone,
        "rules": {"rental": kept_rental(rental)},
    }
    seeded = await add_event(database, category_id, slug, [FareSeed(slug, price)], **(values | columns))
    planned = plans(entry(rental, capacity=capacity, zone=zone, closed=closed), first, first + DAY * (days - 1))

    async def work(connection: Connection) -> dict[date, InventoryId]:
        await slots.add(connection, seeded.id, planned)
        rows = await inventory_views.slots_between(connection, seeded.id, first, first + DAY * days)
        return {row.local_day: row.inventory_id for row in rows}

    return Let(seeded.id, slug, seeded.fares[slug], await database.run(work))
