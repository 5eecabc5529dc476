"""How long things about people are kept, and what must be over before somebody is forgotten."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.orders import State

EVENT_BODIES = timedelta(days=90)
"""What Stripe has told us, word for word, with names and addresses; counted from its arrival."""
ENDED_MESSAGES = timedelta(days=90)
"""Messages that were sent, or will never be."""
UNSEEN_MONTHS = 13
"""Customers who have never paid for anything; counted from when they were last seen."""
AUDIT_MONTHS = 13
COMMENT_MONTHS = 13
"""What guests wrote about a visit; counted from when they marked it."""
PUT_ASIDE = timedelta(days=14)
"""What stands in a basket, and what was answered without an order."""
ANSWERS = timedelta(days=30)
"""What guests answered before a visit, of which they may have said more than they would tell anybody; counted from
its end, or from the end of an order that came to nothing."""
COPY_PAUSE = timedelta(minutes=1)
"""Between two copies of what is stored about one customer."""
SEEN_AGAIN = timedelta(days=1)
"""Somebody who was seen less long ago need not be noted down again."""


class Obstacle(StrEnum):
    """Why somebody cannot be forgotten yet."""

    UNPAID = "unpaid"  # an order waits for its payment
    UNDER_WAY = "under_way"  # a payment or a refund is not settled
    AHEAD = "ahead"  # a booking is still to be used
    LOOKED_AT = "looked_at"  # staff have an open item about an order


@dataclass(frozen=True)
class OpenEnds:
    """What is not over of one customer: states of unpaid orders, and whether money moves, visits come, staff look."""

    unpaid: Collection[State] = ()
    money_moves: bool = False
    visits_ahead: bool = False
    looked_at: bool = False

    def obstacles(self) -> tuple[Obstacle, ...]:
        payable = {State.HELD, State.AWAITING_PAYMENT}
        found = {
            Obstacle.UNPAID: not payable.isdisjoint(self.unpaid),
            Obstacle.UNDER_WAY: self.money_moves or not payable.issuperset(self.unpaid),
            Obstacle.AHEAD: self.visits_ahead,
            Obstacle.LOOKED_AT: self.looked_at,
        }
        return tuple(obstacle for obstacle, stands in found.items() if stands)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last one of a shorter month."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))
