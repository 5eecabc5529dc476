"""The port through which everything asks what time it is and waits for an instant."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """A source of time; instants are aware and in UTC."""

    def now(self) -> datetime: ...

    async def sleep_until(self, instant: datetime) -> None:
        """Return once `now()` has reached the instant, at once if it has already."""
