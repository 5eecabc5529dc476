"""What was decided about an order, and what follows from it: whom to tell, and what a human must look at."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.orders import Case


class Concern(StrEnum):
    """What a human must look at."""

    AMOUNT_MISMATCH = "amount_mismatch"
    UNMATCHED_PAYMENT = "unmatched_payment"
    WRONG_MODE = "wrong_mode"
    DASHBOARD_REFUND = "dashboard_refund"
    FAILED_REFUND = "failed_refund"
    DISPUTE = "dispute"
    DEAD_MESSAGE = "dead_message"
    BAD_EVENT = "bad_event"
    REFUSED_CHECKOUT = "refused_checkout"
    TWO_POLLERS = "two_pollers"


class Notice(StrEnum):
    """What is told, and of what; the texts are chosen when it is sent."""

    CARD = "card"  # the order's own message takes the look of its present state
    SLOW = "slow"  # the same, if there is still no link
    BOOKED = "booked"
    BOOKED_LATE = "booked_late"
    PROCESSING = "processing"
    RELEASED = "released"
    BANK_FAILED = "bank_failed"
    REFUNDED = "refunded"
    REFUNDED_PART = "refunded_part"
    REFUNDED_LATE = "refunded_late"
    REFUNDED_SURPLUS = "refunded_surplus"
    REFUND_FAILED = "refund_failed"
    STAFF_SALE = "staff_sale"
    STAFF_REFUND = "staff_refund"
    STAFF_CANCELLED = "staff_cancelled"
    STAFF_MOVED = "staff_moved"


TO_STAFF = frozenset({Notice.STAFF_SALE, Notice.STAFF_REFUND, Notice.STAFF_CANCELLED, Notice.STAFF_MOVED})
"""What customers never get as a message; some of it is told them by letter."""


@dataclass(frozen=True)
class Tell:
    """One message to send. `about` tells it from others of its kind: an order has one message of each.

    `part` is what it is about of an order of several things; None: all of it. `amount` is what goes back; of a move
    that was paid for it is less than nothing.
    """

    notice: Notice
    about: str = ""
    amount: Money | None = None
    part: InventoryId | None = None


@dataclass(frozen=True)
class Alert:
    """One item for the attention list; an item with a known key is opened only once."""

    concern: Concern
    key: str
    amount: Money | None = None
    detail: str = ""


Effect = Tell | Alert


@dataclass(frozen=True)
class Outcome:
    case: Case
    effects: tuple[Effect, ...] = ()

    def then(self, step: Callable[[Case], "Outcome"]) -> "Outcome":
        following = step(self.case)
        return Outcome(following.case, self.effects + following.effects)


def part_of(case: Case, inventory_id: InventoryId | None) -> InventoryId | None:
    """What a message is about, where the order has several things that it could be about."""
    return inventory_id if len(case.bookings) > 1 else None
