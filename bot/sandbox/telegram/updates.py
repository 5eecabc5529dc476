"""What a bot has not been told yet: the queue behind getUpdates and behind a webhook."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from bot.sandbox.telegram.wire import Json, JsonObject

KEPT_FOR = timedelta(hours=24)
REMEMBERED = 5_000
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Update:
    """`again`: delivered once more although its id may be confirmed."""

    id: int
    kind: str
    payload: JsonObject
    made: datetime
    again: bool = False

    def as_json(self) -> JsonObject:
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """In order; kept for 24 hours; gone once confirmed by a higher offset."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(1001)
        self._waiting: list[Update] = []
        self._past: deque[Update] = deque(maxlen=REMEMBERED)
        self.allowed: tuple[str, ...] = ()

    def __len__(self) -> int:
        self._expire()
        return len(self._waiting)

    def add(self, kind: str, payload: JsonObject) -> int | None:
        """Queue an update; None if the bot did not ask for its kind."""
        if kind not in self.allowed if self.allowed else kind in ASKED_FOR_ONLY:
            return None
        update = Update(next(self._ids), kind, payload, self._now())
        self._waiting.append(update)
        self._past.append(update)
        return update.id

    def allow(self, kinds: Sequence[Json]) -> None:
        """Which kinds are queued from now on; an empty list means the usual ones."""
        self.allowed = tuple(str(kind) for kind in kinds)

    def again(self, update_id: int) -> bool:
        """Queue an update once more, first in line; False for one that nobody remembers."""
        for update in self._past:
            if update.id == update_id:
                self._waiting.insert(0, replace(update, made=self._now(), again=True))
                return True
        return False

    def fetch(self, offset: int, limit: int) -> list[JsonObject]:
        """Confirm what is below `offset`, then give the oldest; a negative offset counts from the end."""
        self._expire()
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [update for update in self._waiting if update.again or update.id >= offset]
        batch = self._waiting[:limit]
        self._waiting = [update for update in batch if not update.again] + self._waiting[limit:]
        return [update.as_json() for update in batch]

    def head(self) -> Update | None:
        """The next one for a webhook."""
        self._expire()
        return self._waiting[0] if self._waiting else None

    def confirm(self, delivered: Update) -> None:
        """A webhook has taken this one."""
        self._waiting = [update for update in self._waiting if update is not delivered]

    def drop(self) -> None:
        self._waiting.clear()

    def _expire(self) -> None:
        oldest = self._now() - KEPT_FOR
        self._waiting = [update for update in self._waiting if update.made > oldest]
