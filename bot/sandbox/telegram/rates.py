"""Telegram's limits on how much a bot may send; off unless a test asks for them."""

from collections import deque
from datetime import datetime
from math import ceil

from bot.sandbox.telegram.wire import ApiError

CHAT_BURST = 3
OVERALL_A_SECOND = 30
GROUP_A_MINUTE = 20


class Rates:
    """About one message a second per chat (a burst of three passes), 20 a minute per group, 30 a second in all."""

    def __init__(self, *, enforced: bool) -> None:
        self._enforced = enforced
        self._chats: dict[int, tuple[float, datetime]] = {}
        self._groups: dict[int, deque[datetime]] = {}
        self._overall: deque[datetime] = deque()

    def take(self, chat_id: int, now: datetime, *, new_message: bool) -> None:
        """Count one call; raises ApiError 429. Edits do not count against the one a second of their chat."""
        if not self._enforced:
            return
        group = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else deque[datetime]()
        waits = [_wait(self._overall, now, 1, OVERALL_A_SECOND), _wait(group, now, 60, GROUP_A_MINUTE)]
        tokens, since = self._chats.get(chat_id, (float(CHAT_BURST), now))
        tokens = min(float(CHAT_BURST), tokens + (now - since).total_seconds())
        if new_message:
            waits.append(1 - tokens)
        if (wait := max(waits)) > 0:
            seconds = max(1, ceil(wait))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        self._chats[chat_id] = (tokens - new_message, now)
        self._overall.append(now)
        group.append(now)


def _wait(past: deque[datetime], now: datetime, window: float, most: int) -> float:
    """Seconds until one more fits into the window; forgets what has left it."""
    while past and (now - past[0]).total_seconds() >= window:
        past.popleft()
    return window - (now - past[0]).total_seconds() if len(past) >= most else 0.0
