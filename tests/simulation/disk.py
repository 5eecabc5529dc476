"""One SQLite database in memory: what was committed survives the application, what was not is gone with it."""

import sqlite3
from typing import Protocol

Row = tuple[object, ...]


class Trouble(Protocol):
    """What may happen to a transaction; each may take time, raise sqlite3.OperationalError, or never return."""

    async def begin(self) -> None: ...

    async def statement(self) -> None: ...

    async def commit(self) -> None: ...

    async def committed(self) -> None: ...


class NoTrouble:
    async def begin(self) -> None:
        """Nothing happens."""

    statement = commit = committed = begin


class Disk:
    """`trouble` belongs to the life that uses it."""

    def __init__(self, content: bytes | None = None) -> None:
        self.raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        if content is not None:
            self.raw.deserialize(content)
        self.trouble: Trouble = NoTrouble()
        self._opened: Opened | None = None

    def open(self) -> "Opened":
        """As a new process does."""
        self._opened = Opened(self.raw)
        return self._opened

    def begin(self) -> None:
        self.raw.execute("BEGIN IMMEDIATE")

    def cut_off(self) -> None:
        """The process that used it is gone."""
        if self._opened is not None:
            self._opened.alive = False
        if self.raw.in_transaction:
            self.raw.rollback()

    def rows(self, query: str, *values: object) -> list[Row]:
        """For those who look at it from outside."""
        return self.raw.execute(query, values).fetchall()


class Opened:
    """The driver's connection of one life; once that is over, what is swept up after it changes nothing."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.alive = True
        self.isolation_level: str | None = None
        self.cursor, self.execute = raw.cursor, raw.execute

    def commit(self) -> None:
        if self.alive and self._raw.in_transaction:
            self._raw.commit()

    def rollback(self) -> None:
        if self.alive and self._raw.in_transaction:
            self._raw.rollback()

    def create_function(self, *_args: object, **_more: object) -> None:
        """Regular expressions are not used here."""

    def close(self) -> None:
        """The disk stays."""
