"""What will happen by itself at the simulated Stripe, and when."""

import heapq
from datetime import datetime
from enum import StrEnum
from itertools import count


class Due(StrEnum):
    SESSION_EXPIRES = "session_expires"
    PAYMENT_ENDS = "payment_ends"
    REFUND_ENDS = "refund_ends"


class Agenda:
    """Entries in order of time; whoever takes one checks whether it still holds."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Due, str]] = []
        self._numbers = count()

    def add(self, when: datetime, what: Due, object_id: str) -> None:
        heapq.heappush(self._entries, (when, next(self._numbers), what, object_id))

    def take(self, now: datetime) -> tuple[Due, str] | None:
        """The next entry that is due."""
        if not self._entries or self._entries[0][0] > now:
            return None
        _, _, what, object_id = heapq.heappop(self._entries)
        return what, object_id

    def next(self) -> datetime | None:
        return self._entries[0][0] if self._entries else None
