"""Bugs in whose turn it is when seats come free."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.selection import Offer
from bot.domain.waiting import Entry, Grant, grants
from bot.services import offering, outcomes
from storage import open_orders, waiting
from tests.simulation.bugs.planting import Bug, nothing, swap

_GRANTS = grants


def _last_come(line: Sequence[Entry], offer: Offer, now: datetime) -> tuple[Grant, ...]:
    return _GRANTS(line[::-1], offer, now)


def _first_or_nobody(line: Sequence[Entry], offer: Offer, now: datetime) -> tuple[Grant, ...]:
    return _GRANTS(line[:1], offer, now)


WAITING: Mapping[str, Bug] = {
    "freed_seats_are_for_all": swap(outcomes, "_freed", lambda _: set()),
    "last_in_line_first": swap(offering, "grants", _last_come),
    "too_large_a_party_stops_the_line": swap(offering, "grants", _first_or_nobody),
    "offered_and_still_in_line": swap(waiting, "remove", nothing),
    "waits_for_what_they_hold": swap(open_orders, "on_slot", nothing),
}
