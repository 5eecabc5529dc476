"""Turns the rules of a rental into its days: one row of inventory for each, from check-in to check-out."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import Rental, ResourceEntry
from bot.domain.rentals import DAY, departure
from bot.domain.slot_plans import SlotPlan, existing, slots


def plans(entry: ResourceEntry, first: date, last: date) -> list[SlotPlan]:
    """The rows that should exist of these local days, both included: slots of an event, or days of a rental."""
    return slots(entry, first, last) if entry.rental is None else _days(entry, entry.rental, first, last)


def _days(entry: ResourceEntry, rental: Rental, first: date, last: date) -> list[SlotPlan]:
    """The key is the day: a rental that is handed over at another hour is the same one."""
    zone = ZoneInfo(entry.time_zone)
    days = (first + DAY * offset for offset in range((last - first).days + 1))
    return [
        SlotPlan(
            key=day.isoformat(),
            start=_instant(day, rental.check_in, zone),
            end=_instant(departure(rental, day), rental.check_out, zone),
            capacity=entry.capacity,
        )
        for day in days
        if not any(closed.since <= day <= closed.until for closed in entry.closed)
    ]


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """An hour that the spring night leaves out becomes the next one; of two in autumn, the first is meant."""
    return existing(datetime.combine(day, at), zone).replace(tzinfo=zone, fold=0).astimezone(UTC)
