"""Something to let for tests: a room by the night, boats by the day, or bikes by the hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

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
BIKES = Rental(Step.HOUR, time(9), time(18), shortest=1, longest=4, prices=(PriceRule(1500, weekdays=WEEKEND),))


@dataclass(frozen=True)
class Let:
    """A rental in the database, with its rows by day; by the hour, from opening on."""

    id: ResourceId
    slug: str
    fare: FareId
    rows: dict[date, list[InventoryId]]

    def row(self, days: int, hour: int = 0) -> InventoryId:
        """The row of so many days after today, and so many hours after opening."""
        return self.rows[TODAY + DAY * days][hour]


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

    async def work(connection: Connection) -> dict[date, list[InventoryId]]:
        await slots.add(connection, seeded.id, planned)
        rows = await inventory_views.slots_between(connection, seeded.id, first, first + DAY * days)
        return {day: [row.inventory_id for row in same] for day, same in groupby(rows, key=lambda row: row.local_day)}

    return Let(seeded.id, slug, seeded.fares[slug], await database.run(work))
