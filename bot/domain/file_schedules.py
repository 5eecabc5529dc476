"""Reads when an event takes place: rules in local time, and the days on which it does not."""

import re
from datetime import date, time

from bot.domain.catalogue_entries import ClosedDays, ScheduleRule, Weekday
from bot.domain.file_tables import Table, as_day, nearest
from bot.domain.slot_plans import fullest_day

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_TIMES = 96
"""A quarter of an hour apart, all day. Each has a button, and a message has room for a hundred of them."""
_WEEKDAYS = {day.name.lower(): day for day in Weekday}


def read_schedule(table: Table) -> tuple[ScheduleRule, ...]:
    """When an event takes place, every mistake noted."""
    rules = tuple(read_rule(row) for row in table.tables("schedule", least=1))
    count, weekday = fullest_day(rules)
    if count > MOST_TIMES:
        table.wrong(
            "schedule",
            f'at most {MOST_TIMES} times on one day, not {count} as on a "{weekday.name.lower()}": all of them stand '
            "under one message; what takes place more often can be two events, such as morning and afternoon",
        )
    return rules


def read_rule(table: Table) -> ScheduleRule:
    weekly, dated = table.has("weekdays"), table.has("dates")
    if weekly == dated:
        table.wrong("weekdays", 'either weekdays such as ["sat", "sun"] or dates such as ["2026-12-24"]')
    since, until = read_span(table)
    rule = ScheduleRule(
        weekdays=read_weekdays(table, "weekdays") if weekly else frozenset(),
        dates=_dates(table) if dated else frozenset(),
        times=_times(table),
        since=since,
        until=until,
        capacity=table.integer("capacity") if table.has("capacity") else None,
    )
    table.finish()
    return rule


def read_closed(table: Table) -> ClosedDays:
    since, until = read_span(table)
    for key in ("from", "until"):
        if not table.has(key):
            table.wrong(key, "a date such as 2026-12-25")
    table.finish()
    return ClosedDays(since or date.min, until or date.max)


def read_span(table: Table) -> tuple[date | None, date | None]:
    since, until = table.day("from"), table.day("until")
    if since and until and until < since:
        table.wrong("until", f"a date not before {since}")
    return since, until


def read_weekdays(table: Table, key: str) -> frozenset[Weekday]:
    names = table.strings(key, 'weekdays such as ["sat", "sun"]')
    for name in names:
        if name not in _WEEKDAYS:
            table.wrong(key, f'weekdays, not "{name}"; {nearest(name, _WEEKDAYS)}')
    return frozenset(_WEEKDAYS[name] for name in names if name in _WEEKDAYS)


def _dates(table: Table) -> frozenset[date]:
    found = table.value("dates")
    days = [as_day(each) for each in found] if isinstance(found, list) else []
    if not days or None in days:
        table.wrong("dates", 'dates such as ["2026-12-24"]')
    return frozenset(day for day in days if day)


def _times(table: Table) -> tuple[time, ...]:
    names = table.strings("times", 'local times such as ["06:00", "18:30"]')
    for name in names:
        if not _TIME.fullmatch(name):
            table.wrong("times", f'local times such as "06:00", not "{name}"')
    if len(set(names)) < len(names):
        table.wrong("times", "each time once")
    return tuple(time.fromisoformat(name) for name in names if _TIME.fullmatch(name))
