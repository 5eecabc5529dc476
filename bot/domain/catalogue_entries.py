"""What a catalogue file says once it is known to be free of mistakes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum, StrEnum

from bot.domain.questions import Question
from bot.domain.refund_rules import Rules

Texts = Mapping[str, str]


class EntryKind(StrEnum):
    EVENT = "event"
    ITEM = "item"
    RENTAL = "rental"


class Weekday(IntEnum):
    """Counted as `date.weekday()` counts."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


@dataclass(frozen=True)
class ShopTexts:
    """The shop's own words. `banner` is relative to the file; optional texts are empty when absent."""

    banner: str
    name: Texts
    welcome: Texts
    terms: Texts
    privacy_note: Texts


@dataclass(frozen=True)
class CategoryEntry:
    slug: str
    emoji: str
    name: Texts


@dataclass(frozen=True)
class FareEntry:
    """`counted` is singular and plural, `price` in minor units, `seats` the units of capacity one takes."""

    slug: str
    name: Texts
    counted: Mapping[str, tuple[str, str]]
    price: int
    seats: int


@dataclass(frozen=True)
class ScheduleRule:
    """Starts in local wall-clock time, on weekdays or on given dates, `since` and `until` included."""

    weekdays: frozenset[Weekday]
    dates: frozenset[date]
    times: tuple[time, ...]
    since: date | None
    until: date | None
    capacity: int | None


@dataclass(frozen=True)
class ClosedDays:
    """Local days without a slot, both ends included."""

    since: date
    until: date


class Step(StrEnum):
    """What a rental is let by: a night belongs to the day on which it begins. Of hours, a stay lies within one day."""

    NIGHT = "night"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True)
class PriceRule:
    """What a step costs on some days, in minor units; no weekdays: on all, `since` and `until` included.

    `season` are two days as month and day, both included: every year from the one until the next other.
    """

    price: int
    weekdays: frozenset[Weekday] = frozenset()
    since: date | None = None
    until: date | None = None
    season: tuple[tuple[int, int], tuple[int, int]] | None = None


@dataclass(frozen=True)
class Rental:
    """How something is let from a day to a day: from `check_in` on the first until `check_out` on the last.

    By the hour, these are when each day opens and closes, in whole hours; 00:00 closes it at midnight.
    A stay has from `shortest` to `longest` steps, and begins and ends on `changeover` days (none named: on any).
    The first rule of `prices` that holds for a day says what it costs, else the fare's own price.
    """

    step: Step
    check_in: time
    check_out: time
    shortest: int
    longest: int
    changeover: frozenset[Weekday] = frozenset()
    prices: tuple[PriceRule, ...] = ()


@dataclass(frozen=True)
class Spot:
    """Where a place is on the map, in degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class ResourceEntry:
    """`capacity` is per slot, the units of a rental, or the stock of an item, for which what concerns dates is empty.

    `cancellation` says what goes back when it is cancelled; None: as the settings say.
    `spot` and `address` tell where `place` is, for maps and calendars; a shop need not say it.
    """

    slug: str
    category: str
    kind: EntryKind
    photo: str
    name: Texts
    description: Texts
    place: Texts
    time_zone: str
    capacity: int
    max_per_order: int
    duration_minutes: int
    closes_minutes_before: int
    horizon_days: int
    fares: tuple[FareEntry, ...]
    schedule: tuple[ScheduleRule, ...]
    closed: tuple[ClosedDays, ...]
    spot: Spot | None = None
    address: str = ""
    cancellation: Rules | None = None
    rental: Rental | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class CatalogueFile:
    """A whole catalogue, in the order of its file; prices are in minor units of `currency`."""

    currency: str
    shop: ShopTexts
    categories: tuple[CategoryEntry, ...]
    resources: tuple[ResourceEntry, ...]


@dataclass(frozen=True)
class CatalogueMistake:
    """Where in the file (`resource[3].fare[0].price`, counted from 0) and what is expected there."""

    path: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: {self.expected}"


class CatalogueMistakes(Exception):
    """The file cannot be taken as it is: all that is wrong with it, at once."""

    def __init__(self, mistakes: Iterable[CatalogueMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
