"""What the rules of an event or a rental change about the slots that exist: nobody with a seat loses it or is moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.catalogue_entries import CatalogueMistake, ResourceEntry
from bot.domain.ids import InventoryId
from bot.domain.rental_plans import plans as planned
from bot.domain.slot_plans import SlotPlan

AHEAD = timedelta(days=3)
"""Slots are made so much earlier than they can be booked, so that a missed day of the worker shows nowhere."""


@dataclass(frozen=True)
class StoredSlot:
    inventory_id: InventoryId
    key: str
    local_day: date
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    closed: bool


@dataclass(frozen=True)
class SlotChange:
    before: StoredSlot
    after: SlotPlan


@dataclass(frozen=True)
class SlotChanges:
    """`closed` have seats taken and stay for those who hold them; `removed` have none."""

    added: tuple[SlotPlan, ...] = ()
    changed: tuple[SlotChange, ...] = ()
    closed: tuple[StoredSlot, ...] = ()
    removed: tuple[StoredSlot, ...] = ()


def slot_changes(entry: ResourceEntry, stored: Iterable[StoredSlot], today: date) -> SlotChanges:
    """From the slots of today and later that exist to those that the rules name; what has been stays as it was."""
    known = {slot.key: slot for slot in stored if slot.local_day >= today}
    last = today + timedelta(days=entry.horizon_days) + AHEAD
    furthest = max([last, *(slot.local_day for slot in known.values())])
    plans = {plan.key: plan for plan in planned(entry, today, furthest)}
    gone = [slot for key, slot in known.items() if key not in plans]
    return SlotChanges(
        added=tuple(plan for key, plan in plans.items() if key not in known and local_day(plan) <= last),
        changed=tuple(
            SlotChange(slot, plans[key]) for key, slot in known.items() if key in plans and _differs(slot, plans[key])
        ),
        closed=tuple(slot for slot in gone if slot.taken and not slot.closed),
        removed=tuple(slot for slot in gone if not slot.taken and not slot.closed),
    )


def slot_mistakes(place: str, changed: Sequence[SlotChange]) -> Iterator[CatalogueMistake]:
    """What cannot be done to slots with seats taken; `place` is where the resource stands in the file."""
    for change in changed:
        taken, path = change.before.taken, f"{place}, slot {change.before.key}"
        if taken > change.after.capacity:
            yield CatalogueMistake(path, f"at least {taken}, the seats taken; not {change.after.capacity}")
        if taken and change.before.starts_at != change.after.start:
            yield CatalogueMistake(path, f"the same start as before, because seats are taken: {taken}")


def local_day(plan: SlotPlan) -> date:
    """A plan's key is its local start, with or without its offset, or its day."""
    return datetime.fromisoformat(plan.key).date()


def _differs(slot: StoredSlot, plan: SlotPlan) -> bool:
    now = (slot.starts_at, slot.ends_at, slot.capacity, slot.closed)
    return now != (plan.start, plan.end, plan.capacity, False)
