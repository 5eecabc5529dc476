"""What an order adds to the shop's daily sales, so that the roll-up and the ledger can never tell two stories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.ids import ResourceId
from bot.domain.orders import Booking, Case, Line, Payment, Refund, Role

WHOLE_SHOP = ResourceId(0)
"""The key under which the shop as a whole is counted: an order of several resources is one order there."""


@dataclass(frozen=True)
class Delta:
    """What is to be added to one day's row; amounts in minor units."""

    day: date
    currency: str
    resource_id: ResourceId
    orders: int = 0
    guests: int = 0
    gross: int = 0
    refunded: int = 0

    @property
    def key(self) -> tuple[date, str, ResourceId]:
        return (self.day, self.currency, self.resource_id)

    @property
    def is_zero(self) -> bool:
        return not (self.orders or self.guests or self.gross or self.refunded)

    def plus(self, other: "Delta", sign: int = 1) -> "Delta":
        """This row with another of the same key added, or taken away with sign -1."""
        return replace(
            self,
            orders=self.orders + sign * other.orders,
            guests=self.guests + sign * other.guests,
            gross=self.gross + sign * other.gross,
            refunded=self.refunded + sign * other.refunded,
        )


@dataclass(frozen=True)
class Entry:
    """What sales depend on of an order; a payment of no order stands alone, without lines and bookings."""

    lines: tuple[Line, ...]
    bookings: tuple[Booking, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]


def contributions(case: Case, zone: ZoneInfo) -> tuple[Delta, ...]:
    """All that one order adds to the roll-up, on the days of the shop's zone on which its money moved."""
    return contributions_of(Entry(case.lines, case.bookings, case.payments, case.refunds), zone)


def contribution_of_stray(payment: Payment, zone: ZoneInfo, refunds: Iterable[Refund] = ()) -> tuple[Delta, ...]:
    """What a payment of no order, and what was given back of it, adds: to the whole shop alone."""
    return contributions_of(Entry((), (), (payment,), tuple(refunds)), zone)


def contributions_of(entry: Entry, zone: ZoneInfo) -> tuple[Delta, ...]:
    lines, weights = entry.lines, _weights(entry)
    rows = [row for payment in entry.payments for row in _paid(payment, lines, weights, zone)]
    rows += [row for refund in entry.refunds for row in _refunded(refund, _concerned(refund, lines, weights), zone)]
    return difference((), rows)


def difference(before: Iterable[Delta], after: Iterable[Delta]) -> tuple[Delta, ...]:
    """What must be added to the roll-up when `before` becomes `after`: a row per key, ordered, none of zeros."""
    rows: dict[tuple[date, str, ResourceId], Delta] = {}
    for sign, deltas in ((-1, before), (1, after)):
        for delta in deltas:
            known = rows.get(delta.key, Delta(*delta.key))
            rows[delta.key] = known.plus(delta, sign)
    return tuple(rows[key] for key in sorted(rows) if not rows[key].is_zero)


def allocate(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount that is not negative in proportion to the weights, to the last unit.

    The largest remainders get what rounding leaves over, the earlier ones first; weights of nothing share evenly.
    """
    shares = list(weights) if any(weights) else [1] * len(weights)
    total = sum(shares)
    parts = [amount * share // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda index: (-(amount * shares[index] % total), index))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def _paid(
    payment: Payment, lines: Sequence[Line], weights: Mapping[ResourceId, int], zone: ZoneInfo
) -> Iterable[Delta]:
    day, booked = _day(payment.captured_at, zone), int(payment.role is Role.BOOKED)
    for resource_id, gross in _split(payment.amount.minor, weights):
        of_it = (line for line in lines if resource_id in {WHOLE_SHOP, line.resource_id})
        guests = booked * sum(line.guests for line in of_it)
        yield Delta(day, payment.amount.currency, resource_id, orders=booked, guests=guests, gross=gross)


def _refunded(refund: Refund, weights: Mapping[ResourceId, int], zone: ZoneInfo) -> Iterable[Delta]:
    if not refund.accepted:
        return
    for resource_id, part in _split(refund.amount.minor, weights):
        yield Delta(_day(refund.created_at, zone), refund.amount.currency, resource_id, refunded=part)


def _concerned(refund: Refund, lines: Sequence[Line], weights: Mapping[ResourceId, int]) -> Mapping[ResourceId, int]:
    """The resources that a refund is of: that of the booking which was cancelled for it, or all of the order's."""
    if refund.inventory_id is None:
        return weights
    return {line.resource_id: 1 for line in lines if line.inventory_id == refund.inventory_id} or weights


def _split(amount: int, weights: Mapping[ResourceId, int]) -> list[tuple[ResourceId, int]]:
    """The whole under the shop's key, then each resource's part of it."""
    parts = allocate(amount, list(weights.values()))
    return [(WHOLE_SHOP, amount), *zip(weights, parts, strict=True)]


def _weights(entry: Entry) -> dict[ResourceId, int]:
    """What was paid for each resource, before that what it costs; in the same order however the rows were read."""
    amounts = [(each.resource_id, each.paid.minor) for each in entry.bookings]
    weights: dict[ResourceId, int] = {}
    for resource_id, minor in sorted(amounts or [(line.resource_id, line.amount.minor) for line in entry.lines]):
        weights[resource_id] = weights.get(resource_id, 0) + minor
    return weights


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
