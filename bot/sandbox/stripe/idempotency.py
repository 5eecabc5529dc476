"""Idempotency keys as Stripe keeps them: one saved answer per key, for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.stripe import errors
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.results import Reply

REMEMBERED_FOR = timedelta(hours=24)
LONGEST_KEY = 255


@dataclass(frozen=True)
class Saved:
    at: datetime
    fingerprint: str
    reply: Reply


class Idempotency:
    """Answers are saved once the endpoint has begun, errors and 500s included."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._saved: dict[str, Saved] = {}
        self._in_flight: dict[str, int] = {}

    def replay(self, key: str, fingerprint: str) -> Reply | None:
        """The saved answer, if there is one; refuses other parameters and keys in flight."""
        if len(key) > LONGEST_KEY:
            raise Refusal(f"Idempotency keys can be at most {LONGEST_KEY} characters long.", kind="idempotency_error")
        if key in self._in_flight:
            raise errors.key_in_use(key)
        saved = self._saved.get(key)
        if saved is None or saved.at + REMEMBERED_FOR <= self._now():
            return None
        if saved.fingerprint != fingerprint:
            raise errors.other_parameters(key)
        return saved.reply

    def save(self, key: str, fingerprint: str, reply: Reply) -> None:
        self._saved[key] = Saved(self._now(), fingerprint, reply)

    def hold(self, key: str) -> None:
        self._in_flight[key] = self._in_flight.get(key, 0) + 1

    def release(self, key: str) -> None:
        left = self._in_flight.get(key, 0) - 1
        if left > 0:
            self._in_flight[key] = left
        else:
            self._in_flight.pop(key, None)
