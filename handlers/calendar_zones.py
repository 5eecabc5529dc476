"""Tells a calendar how the clocks of a place change around a moment, since it may know the place by another name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=400)
"""So far before and after, which holds at least one change of each sort where clocks change every year."""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def zone_rules(zone: ZoneInfo, start: datetime, end: datetime) -> Timezone:
    """Every change of the clocks from well before the start until well after the end."""
    first = _minute(start.astimezone(UTC) - AROUND)
    rules = Timezone()
    rules.add("tzid", zone.key)
    for moment in (first, *_changes(zone, first, end.astimezone(UTC) + AROUND)):
        before, after = _offset(zone, moment - MINUTE), _offset(zone, moment)
        part = TimezoneDaylight() if moment.astimezone(zone).dst() else TimezoneStandard()
        part.add("dtstart", (moment + before).replace(tzinfo=None))  # as the clocks showed that were to change
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", moment.astimezone(zone).tzname())
        rules.add_component(part)
    return rules


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The first minutes of another time, in UTC. Clocks change at most once a day."""
    day = first
    while day < last:
        if _offset(zone, day) != _offset(zone, day + DAY):
            yield _change_within(zone, day, day + DAY)
        day += DAY


def _change_within(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = _offset(zone, early)
    while late - early > MINUTE:
        middle = _minute(early + (late - early) / 2)
        if _offset(zone, middle) == before:
            early = middle
        else:
            late = middle
    return late


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
