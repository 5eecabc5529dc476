"""Splits what was paid over what was bought: a promotion code takes its part off everything alike."""

from collections.abc import Mapping

from bot.domain.currencies import step
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.orders import Case, Reason
from bot.domain.reports import allocate


def shares(paid: Money, prices: Mapping[InventoryId, Money]) -> dict[InventoryId, Money]:
    """What was paid for each, in proportion to the prices and in steps that the currency can pay."""
    unit = step(paid.currency)
    unit = 1 if paid.minor % unit else unit
    rows = sorted(prices)
    parts = allocate(paid.minor // unit, [prices[row].minor for row in rows])
    return {row: Money(part * unit, paid.currency) for row, part in zip(rows, parts, strict=True)}


def paid_for(case: Case, row: InventoryId) -> Money:
    """What of an order's payment is for the booking of this row, less what went back when bookings were moved."""
    nothing = case.paid * 0
    prices: dict[InventoryId, Money] = {}
    for line in case.lines:
        prices[line.booked_as] = prices.get(line.booked_as, nothing) + line.amount
    back = sum((refund.amount for refund in case.refunds if refund.reason is Reason.MOVED), start=nothing)
    return shares(case.paid - back, prices)[row]
