"""Who comes on a day, as the people at the door read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import Texts
from bot.domain.ids import BookingId, InventoryId
from bot.domain.questions import Answer


@dataclass(frozen=True)
class VisitFare:
    """So many of one fare; a family ticket counts as several guests."""

    counted: Mapping[str, tuple[str, str]]
    quantity: int
    seats: int


@dataclass(frozen=True)
class Visit:
    """One confirmed booking: the name from the payment page, or else the one in Telegram; `until`: a stay's end."""

    booking_id: BookingId
    code: str
    name: str
    phone: str | None
    fares: tuple[VisitFare, ...]
    until: datetime | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def guests(self) -> int:
        return sum(fare.quantity * fare.seats for fare in self.fares)


@dataclass(frozen=True)
class SlotVisits:
    """All who come to one slot, by name. `stays`: they take something that is let, and nobody counts heads.

    `leaving`: they bring it back, at `starts_at`. `waiting`: how many people would like to come.
    """

    inventory_id: InventoryId
    resource_name: Texts
    starts_at: datetime
    time_zone: str
    visits: tuple[Visit, ...]
    waiting: int = 0
    stays: bool = False
    leaving: bool = False

    @property
    def local(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def guests(self) -> int:
        return 0 if self.stays else sum(visit.guests for visit in self.visits)


@dataclass(frozen=True)
class VisitDay:
    """The slots of a day to which somebody comes, the earliest first."""

    day: date
    slots: tuple[SlotVisits, ...]

    @property
    def guests(self) -> int:
        return sum(slot.guests for slot in self.slots)
