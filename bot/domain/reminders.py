"""When people hear of a visit ahead, of a payment that is still open, and of a visit that was: at hours fit for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FROM, UNTIL = time(8), time(21)
"""Nobody is reminded earlier or later in the day, on the clock of the place."""
EVENING, MORNING = time(20), time(10)
SOON = timedelta(minutes=30)
"""Who has booked so lately needs no reminder."""
PAY_BEFORE = timedelta(minutes=5)
SHORTEST_HOLD = timedelta(minutes=10)
"""In a shorter hold, word of its end would come on the heels of its beginning."""
ASKED_WITHIN = timedelta(days=7)
"""A question about a visit that was longer ago is not asked any more."""


@dataclass(frozen=True)
class ReminderRules:
    """Reminders come so many `hours` before a start; `follow_up`: whether guests are asked how it was."""

    hours: tuple[int, ...] = ()
    follow_up: bool = False


@dataclass(frozen=True)
class Reminder:
    hours: int
    due_at: datetime


def reminders(starts_at: datetime, zone: str, now: datetime, hours: Iterable[int]) -> tuple[Reminder, ...]:
    """Those that are still to come for something booked now, the first one first; of two on one day only the later.

    "Tomorrow at 09:00" is news once: in the evening, when it was moved there, rather than in the morning before.
    """
    wanted = [Reminder(before, _by_day(starts_at - timedelta(hours=before), zone)) for before in hours]
    wanted.sort(key=lambda reminder: (reminder.due_at, -reminder.hours))
    coming = [reminder for reminder in wanted if reminder.due_at - now > SOON]
    return tuple({_day(reminder.due_at, zone): reminder for reminder in coming}.values())


def overtaken(hours: int, starts_at: datetime, zone: str, now: datetime, all_hours: Iterable[int]) -> bool:
    """Whether a later reminder of the same start would say the same: it is due too, or will be on the same day.

    Of the same day only if this one comes on another day than its own: else it was planned knowing of all.
    """
    mine, today = _by_day(starts_at - timedelta(hours=hours), zone), _day(now, zone)
    others = [_by_day(starts_at - timedelta(hours=other), zone) for other in all_hours]
    late = _day(mine, zone) != today
    return any(mine < other and (other <= now or (late and _day(other, zone) == today)) for other in others)


def question_at(ends_at: datetime, zone: str) -> datetime:
    """When guests are asked how it was: on the morning after the day on which it ended there."""
    local = ends_at.astimezone(ZoneInfo(zone))
    return _at(local, MORNING, days=1)


def worth_asking(ends_at: datetime, now: datetime) -> bool:
    return ends_at <= now < ends_at + ASKED_WITHIN


def last_call_at(placed_at: datetime, hold_until: datetime) -> datetime | None:
    """When somebody who has not paid yet hears that the hold is about to end; None where that is pointless."""
    return hold_until - PAY_BEFORE if hold_until - placed_at >= SHORTEST_HOLD else None


def minutes_left(hold_until: datetime, now: datetime) -> int:
    """Whole minutes, begun ones counted, until a hold ends; zero afterwards."""
    return max(0, -((now - hold_until) // timedelta(minutes=1)))


def next_at(local: datetime, hour: time) -> datetime:
    """The next time that a local clock shows that hour, as an instant."""
    return _at(local, hour, days=0 if local.time() < hour else 1)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _by_day(moment: datetime, zone: str) -> datetime:
    """The moment itself, or the evening before the night that it falls into."""
    local = moment.astimezone(ZoneInfo(zone))
    if FROM <= local.time() <= UNTIL:
        return moment
    return _at(local, EVENING, days=0 if local.time() > UNTIL else -1)


def _at(local: datetime, hour: time, days: int) -> datetime:
    """That hour so many days away on the same clock, as an instant."""
    return datetime.combine(local.date() + timedelta(days=days), hour, local.tzinfo).astimezone(UTC)
