"""What was asked of the simulated Stripe, so that tests can hold every body against Stripe's description."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """One API call. `status` is None where a fault left it without an answer."""

    at: datetime
    method: str
    path: str
    raw: str
    params: Mapping[str, object]
    status: int | None
    idempotency_key: str | None = None
    replayed: bool = False


class Journal:
    """The latest calls, oldest first."""

    def __init__(self, limit: int = 20_000) -> None:
        self._calls: deque[Call] = deque(maxlen=limit)

    def record(self, call: Call) -> None:
        self._calls.append(call)

    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls)

    def clear(self) -> None:
        self._calls.clear()
