"""The figures of a period beside those of the period before, as staff read them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.ids import ResourceId
from bot.domain.periods import Period
from bot.domain.reports import WHOLE_SHOP, Delta

Names = Mapping[ResourceId, Mapping[str, str]]
"""What resources are called, by language code."""


@dataclass(frozen=True)
class Totals:
    """Sums in minor units of one currency."""

    orders: int = 0
    guests: int = 0
    gross: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.gross - self.refunded


@dataclass(frozen=True)
class ResourceSales:
    resource_id: ResourceId
    name: Mapping[str, str]
    net: int


@dataclass(frozen=True)
class CurrencySales:
    """One currency's totals, and its resources with the most earned first."""

    currency: str
    now: Totals
    before: Totals
    resources: tuple[ResourceSales, ...]


@dataclass(frozen=True)
class Report:
    period: Period
    compared: Period
    currencies: tuple[CurrencySales, ...]


def change(now: int, before: int) -> int | None:
    """The change in percent, rounded half away from zero; None where there is nothing to compare with."""
    if before <= 0:
        return None
    doubled = 200 * (now - before)
    rounded = (abs(doubled) + before) // (2 * before)
    return rounded if doubled >= 0 else -rounded


def report(
    period: Period,
    compared: Period,
    rows: Iterable[Delta],
    earlier: Iterable[Delta],
    *,
    names: Names,
    currency: str,
) -> Report:
    """Sum the rows of two periods per currency; the shop's own comes first, and is there without a sale too."""
    now, before = list(rows), list(earlier)
    others = sorted({row.currency for row in (*now, *before)} - {currency})
    sales = tuple(
        CurrencySales(code, _totals(now, code), _totals(before, code), _resources(now, code, names))
        for code in (currency, *others)
    )
    return Report(period, compared, sales)


def _totals(rows: list[Delta], currency: str) -> Totals:
    whole = [row for row in rows if row.currency == currency and row.resource_id == WHOLE_SHOP]
    return Totals(
        sum(row.orders for row in whole),
        sum(row.guests for row in whole),
        sum(row.gross for row in whole),
        sum(row.refunded for row in whole),
    )


def _resources(rows: list[Delta], currency: str, names: Names) -> tuple[ResourceSales, ...]:
    net: Counter[ResourceId] = Counter()
    for row in rows:
        if row.currency == currency and row.resource_id != WHOLE_SHOP:
            net[row.resource_id] += row.gross - row.refunded
    ranked = sorted(net.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ResourceSales(resource_id, names.get(resource_id, {}), sum_) for resource_id, sum_ in ranked)
