"""Turns the schedule of an event into dated slots, through both nights of the clock change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import ResourceEntry, ScheduleRule, Weekday

_MINUTE = timedelta(minutes=1)
_WEEK = 7


@dataclass(frozen=True)
class SlotPlan:
    """A session that should exist. `key` is its local start, unique within the resource; instants are UTC."""

    key: str
    start: datetime
    end: datetime
    capacity: int


def slots(entry: ResourceEntry, first: date, last: date) -> list[SlotPlan]:
    """The slots that start on the local days from `first` to `last`, both included, in order of time.

    Where several rules name the same start, the last rule decides its capacity. A local time that the spring
    night leaves out becomes the next one that exists (02:30 becomes 03:00); if a slot stands there already,
    that one is kept. A local time that the autumn night has twice is taken once, at its first occurrence.
    """
    zone = ZoneInfo(entry.time_zone)
    planned: dict[datetime, int] = {}
    moved: dict[datetime, int] = {}
    for day in _days(first, last):
        for at, capacity in _starts(entry, day).items():
            local = existing(datetime.combine(day, at), zone)
            (planned if local.time() == at else moved)[local] = capacity
    merged = sorted((moved | planned).items())
    return [_plan(local, capacity, zone, entry.duration_minutes) for local, capacity in merged]


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _starts(entry: ResourceEntry, day: date) -> dict[time, int]:
    if any(closed.since <= day <= closed.until for closed in entry.closed):
        return {}
    return {at: rule.capacity or entry.capacity for rule in entry.schedule if _holds(rule, day) for at in rule.times}


def _holds(rule: ScheduleRule, day: date) -> bool:
    if (rule.since and day < rule.since) or (rule.until and day > rule.until):
        return False
    return day in rule.dates or Weekday(day.weekday()) in rule.weekdays


def fullest_day(schedule: Sequence[ScheduleRule]) -> tuple[int, Weekday]:
    """How many starts there can be on one day, and a weekday on which there are; closed days count as well."""
    days = sorted({day for rule in schedule for day in _telling_days(rule)})
    starts = {day: {at for rule in schedule if _holds(rule, day) for at in rule.times} for day in days}
    fullest = max(days, key=lambda day: len(starts[day]), default=date.min)
    return len(starts.get(fullest, ())), Weekday(fullest.weekday())


def _telling_days(rule: ScheduleRule) -> Iterator[date]:
    """The dates, or the first week: whatever holds together later, with this rule beginning last, does so here."""
    if rule.dates:
        yield from rule.dates
        return
    first = rule.since or date.min
    yield from _days(first, first + timedelta(days=min(_WEEK - 1, (date.max - first).days)))


def existing(local: datetime, zone: ZoneInfo) -> datetime:
    """The local time itself, or the first one after it that clocks show on that night."""
    while local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        local += _MINUTE
    return local


def _plan(local: datetime, capacity: int, zone: ZoneInfo, minutes: int) -> SlotPlan:
    start = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    key = local.isoformat(timespec="minutes")
    return SlotPlan(key, start, start + timedelta(minutes=minutes), capacity)
