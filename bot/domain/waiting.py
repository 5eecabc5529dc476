"""Who waits for seats of a date that is full: whose turn it is when some come free, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.catalogue_entries import Texts
from bot.domain.errors import NotFull, Refusal, TooLate, TooMany
from bot.domain.ids import CustomerId, FareId, InventoryId, ResourceId, WaitingId
from bot.domain.reminders import FROM, MORNING, UNTIL, next_at
from bot.domain.selection import Offer, Quote, Selection, quote

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=23)
"""Nobody is offered seats for less, since they could hardly pay in time; payment pages live for at most a day."""
MOST = 5
"""So many lists one customer may be on at the same time: an offer keeps seats from everybody else."""

Counts = Mapping[FareId, int]


@dataclass(frozen=True)
class Entry:
    """A place in the line for one slot. `time_zone` is that of the slot."""

    id: WaitingId
    customer_id: CustomerId
    inventory_id: InventoryId
    counts: Counts
    language: str
    time_zone: str


@dataclass(frozen=True)
class Grant:
    """Whoever gets seats that have come free, at today's price."""

    entry: Entry
    quote: Quote


@dataclass(frozen=True)
class WaitingView:
    """What a customer sees of an entry; `ahead` is how many were there before, `closes_at` when sales end."""

    id: WaitingId
    inventory_id: InventoryId
    resource_id: ResourceId
    name: Texts
    starts_at: datetime
    time_zone: str
    counts: Counts
    ahead: int
    language: str
    closes_at: datetime


def grants(line: Sequence[Entry], offer: Offer, now: datetime) -> tuple[Grant, ...]:
    """First come, first served; whoever's party is larger than what is free stays first in line."""
    found: list[Grant] = []
    left = offer.left
    for entry in line:
        try:
            price = quote(replace(offer, left=left), Selection(offer.inventory_id, entry.counts), now)
        except Refusal:
            continue
        found.append(Grant(entry, price))
        left -= price.units
    return tuple(found)


def offered_until(now: datetime, closes_at: datetime, lasts: timedelta, zone: str) -> datetime | None:
    """When an offer that is made now ends: never after sales do, and not in the night. None: it is too late for one."""
    until = now + lasts
    local = until.astimezone(ZoneInfo(zone))
    if not FROM <= local.time() <= UNTIL:
        until = next_at(local, MORNING)
    until = min(until, now + LONGEST, closes_at)
    return until if until - now >= SHORTEST else None


def admit(offer: Offer, counts: Counts, capacity: int, now: datetime) -> Quote:
    """What somebody wants to wait for, if there is a sense in it.

    Raises the refusals of `quote`, NotFull where there is room for it now, or TooMany where there never will be.
    """
    price = quote(replace(offer, left=max(capacity, offer.max_per_order)), Selection(offer.inventory_id, counts), now)
    if offer.closes_at is None or offer.closes_at - now < SHORTEST:
        raise TooLate(offer.closes_at or now)
    if price.units > capacity:
        raise TooMany(capacity)
    if price.units <= offer.left:
        raise NotFull(offer.left)
    return price
