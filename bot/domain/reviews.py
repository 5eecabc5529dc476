"""What guests say about a visit: a mark from 1 to 5, and a sentence if they like."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.bookings import BookingView
from bot.domain.ids import BookingId
from bot.domain.orders import BookingStatus

WORST, BEST = 1, 5
LOW = 2
"""Up to this mark, a guest was not content."""
ENOUGH = 5
"""So many marks make an average that says something."""
COMMENT_WITHIN = timedelta(days=1)
"""For so long after a mark, what its guest writes is taken for the sentence about it."""
LONGEST_COMMENT = 1000


@dataclass(frozen=True)
class Review:
    """`comment_until`: until when a sentence about it is awaited, if it is."""

    booking_id: BookingId
    stars: int
    comment: str | None
    at: datetime
    comment_until: datetime | None = None

    @property
    def low(self) -> bool:
        return self.stars <= LOW

    def awaits_comment(self, now: datetime) -> bool:
        return self.comment_until is not None and now < self.comment_until


@dataclass(frozen=True)
class Rating:
    """The marks of one resource together."""

    stars: int
    guests: int

    @property
    def telling(self) -> bool:
        return self.guests >= ENOUGH

    @property
    def average(self) -> Decimal:
        """To one decimal."""
        return (Decimal(self.stars) / self.guests).quantize(Decimal("0.1"), ROUND_HALF_UP)


def may_be_rated(booking: BookingView, now: datetime) -> bool:
    """Whoever was there may say how it was, as soon as it is over."""
    ends_at = booking.ordered.ends_at
    return booking.status is BookingStatus.CONFIRMED and ends_at is not None and ends_at <= now
