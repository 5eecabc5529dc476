"""When something can be booked: the rules for a slot, a day and a month, from what the inventory says."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.catalogue import DayState, MonthView, SlotState, SlotView
from bot.domain.ids import InventoryId

FEW = 3
"""So many units left, or fewer, are worth saying."""

Month = tuple[int, int]


@dataclass(frozen=True)
class Slot:
    """A dated inventory row. Instants are aware; `local_day` is the day at the place."""

    inventory_id: InventoryId
    local_day: date
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    closed: bool

    @property
    def left(self) -> int:
        return max(self.capacity - self.taken, 0)


@dataclass(frozen=True)
class Terms:
    """How a resource is booked: the clock of its place, when booking ends, how far ahead it begins."""

    time_zone: str
    closes_minutes_before: int
    horizon_days: int

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def last_day(self, now: datetime) -> date:
        """The last day that can be booked."""
        return self.today(now) + timedelta(days=self.horizon_days)

    def closes_at(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.closes_minutes_before)

    def earliest_start(self, now: datetime) -> datetime:
        """Slots that start later than this can still be booked."""
        return now + timedelta(minutes=self.closes_minutes_before)


def slot_state(slot: Slot, terms: Terms, now: datetime) -> SlotState:
    if slot.closed:
        return SlotState.CLOSED
    if now >= terms.closes_at(slot.starts_at):
        return SlotState.PAST
    if slot.left == 0:
        return SlotState.FULL
    return SlotState.FEW if slot.left <= FEW else SlotState.OPEN


def slot_view(slot: Slot, terms: Terms, now: datetime) -> SlotView:
    return SlotView(
        inventory_id=slot.inventory_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local=slot.starts_at.astimezone(ZoneInfo(terms.time_zone)),
        closes_at=terms.closes_at(slot.starts_at),
        left=slot.left,
        capacity=slot.capacity,
        state=slot_state(slot, terms, now),
    )


def shown_slots(slots: Iterable[Slot], terms: Terms, now: datetime) -> tuple[SlotView, ...]:
    """What a customer may see of a day, in order of time: neither closed, nor past, nor beyond the horizon."""
    last = terms.last_day(now)
    views = (slot_view(slot, terms, now) for slot in slots if slot.local_day <= last)
    shown = (view for view in views if view.state not in {SlotState.CLOSED, SlotState.PAST})
    return tuple(sorted(shown, key=lambda view: view.starts_at))


def day_state(day: date, slots: Sequence[Slot], terms: Terms, now: datetime) -> DayState:
    """What the calendar shows of a day whose slots these are."""
    if day < terms.today(now):
        return DayState.PAST
    if day > terms.last_day(now):
        return DayState.BEYOND
    states = {slot_state(slot, terms, now) for slot in slots}
    if states & {SlotState.OPEN, SlotState.FEW}:
        left = sum(slot.left for slot in slots if slot_state(slot, terms, now) in {SlotState.OPEN, SlotState.FEW})
        return DayState.FEW if left <= FEW else DayState.OPEN
    if SlotState.FULL in states:
        return DayState.FULL
    return DayState.PAST if SlotState.PAST in states else DayState.CLOSED


def month_shown(wanted: Month | None, first_open: date | None, last_slot: date | None, today: date) -> Month:
    """The month to show: the wanted one if it lies between today and the last slot, else the nearest that does.

    Without a wish, the first month in which something can be booked.
    """
    if wanted is None:
        wanted = _month(first_open or today)
    return min(max(wanted, _month(today)), _last(last_slot, today))


def month_view(shown: Month, slots: Iterable[Slot], last_slot: date | None, terms: Terms, now: datetime) -> MonthView:
    today = terms.today(now)
    return MonthView(
        *shown,
        days=_days(shown, slots, terms, now),
        earlier=shown > _month(today),
        later=shown < _last(last_slot, today),
    )


def month_bounds(month: Month) -> tuple[date, date]:
    """Its first and its last day."""
    return date(*month, 1), date(*month, monthrange(*month)[1])


def _days(month: Month, slots: Iterable[Slot], terms: Terms, now: datetime) -> Mapping[int, DayState]:
    by_day: defaultdict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_day[slot.local_day].append(slot)
    first, last = month_bounds(month)
    days = (first.replace(day=number) for number in range(1, last.day + 1))
    return {day.day: day_state(day, by_day[day], terms, now) for day in days}


def _month(day: date) -> Month:
    return day.year, day.month


def _last(last_slot: date | None, today: date) -> Month:
    return max(_month(last_slot or today), _month(today))
