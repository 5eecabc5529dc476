"""Every call that a bot made, so that tests can look at all of them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.telegram.wire import Json, JsonObject

REMEMBERED = 5_000


@dataclass(frozen=True)
class JournalEntry:
    """`params` are the decoded values; an upload stands as `attach://name`, its name in `files`.

    A call that could not be decoded has its parameters as they came.
    """

    number: int
    date: datetime
    method: str
    params: JsonObject
    files: tuple[str, ...]
    status: int
    description: str
    result: Json


class Journal:
    """The newest calls, oldest first. Polls that brought nothing are left out."""

    def __init__(self) -> None:
        self._entries: deque[JournalEntry] = deque(maxlen=REMEMBERED)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: JournalEntry) -> None:
        self._entries.append(entry)

    def of(self, method: str) -> list[JournalEntry]:
        """All calls of one method."""
        return [entry for entry in self if entry.method == method]

    def clear(self) -> None:
        self._entries.clear()
