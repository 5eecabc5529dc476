"""Turns the rules of a rental into its rows of inventory: one for each night, day or hour that it is let."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import Rental, ResourceEntry, Step
from bot.domain.rentals import DAY, departure
from bot.domain.slot_plans import SlotPlan, existing, slots

HOUR = timedelta(hours=1)
MIDNIGHT = time(0)


def plans(entry: ResourceEntry, first: date, last: date) -> list[SlotPlan]:
    """The rows that should exist of these local days, both included: slots of an event, or those of a rental."""
    return slots(entry, first, last) if entry.rental is None else _let(entry, entry.rental, first, last)


def _let(entry: ResourceEntry, rental: Rental, first: date, last: date) -> list[SlotPlan]:
    zone = ZoneInfo(entry.time_zone)
    days = (first + DAY * offset for offset in range((last - first).days + 1))
    opened = (day for day in days if not any(closed.since <= day <= closed.until for closed in entry.closed))
    if rental.step is Step.HOUR:
        return [plan for day in opened for plan in _hours(rental, day, zone, entry.capacity)]
    return [_day(rental, day, zone, entry.capacity) for day in opened]


def _day(rental: Rental, day: date, zone: ZoneInfo, capacity: int) -> SlotPlan:
    """The key is the day: a rental that is handed over at another hour is the same one."""
    start = _instant(day, rental.check_in, zone)
    end = _instant(departure(rental, day), rental.check_out, zone)
    return SlotPlan(day.isoformat(), start, end, capacity)


def _hours(rental: Rental, day: date, zone: ZoneInfo, capacity: int) -> Iterator[SlotPlan]:
    """As many as pass between opening and closing on that day. The key has the offset: autumn has an hour twice."""
    start = _instant(day, rental.check_in, zone)
    end = _instant(day + DAY if rental.check_out == MIDNIGHT else day, rental.check_out, zone)
    while start + HOUR <= end:
        yield SlotPlan(start.astimezone(zone).isoformat(timespec="minutes"), start, start + HOUR, capacity)
        start += HOUR


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """An hour that the spring night leaves out becomes the next one; of two in autumn, the first is meant."""
    return existing(datetime.combine(day, at), zone).replace(tzinfo=zone, fold=0).astimezone(UTC)
