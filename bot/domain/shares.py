"""Splits what was paid over what was bought: a promotion code takes its part off everything alike."""

from collections.abc import Sequence

from bot.domain.currencies import step
from bot.domain.money import Money
from bot.domain.orders import Booking, Case, Reason
from bot.domain.reports import allocate


def split(paid: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """An amount in proportion to the weights, in steps that the currency can pay."""
    unit = step(paid.currency)
    unit = 1 if paid.minor % unit else unit
    return tuple(Money(part * unit, paid.currency) for part in allocate(paid.minor // unit, weights))


def kept(case: Case, booking: Booking) -> Money:
    """What of an order's payment is for a booking still: less what went back when it was moved."""
    return booking.paid - moved_back(case, booking)


def moved_back(case: Case, booking: Booking) -> Money:
    mine = (
        refund.amount
        for refund in case.refunds
        if refund.reason is Reason.MOVED and refund.inventory_id == booking.inventory_id
    )
    return sum(mine, start=booking.paid * 0)
