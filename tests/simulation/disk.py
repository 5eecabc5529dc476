"""SQLite inside the event loop: what was committed survives the application, what was not is gone with it."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Protocol, Self

from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi

Row = tuple[object, ...]
WRITES = ("INSERT", "UPDATE", "DELETE")


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
    """One database. `trouble` belongs to the life that uses it."""

    def __init__(self, content: bytes | None = None) -> None:
        self.raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        if content is not None:
            self.raw.deserialize(content)
        self.trouble: Trouble = NoTrouble()

    def cut_off(self) -> None:
        """The process that used it is gone."""
        if self.raw.in_transaction:
            self.raw.rollback()

    def rows(self, query: str, *values: object) -> list[Row]:
        """For those who look at it from outside."""
        return self.raw.execute(query, values).fetchall()


class Cursor:
    """What SQLAlchemy's adapter needs of a cursor of aiosqlite."""

    def __init__(self, disk: Disk, connection: "Connection") -> None:
        self._disk, self._connection = disk, connection
        self._cursor = disk.raw.cursor()
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> object:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def execute(self, statement: str, values: Sequence[object] = ()) -> Self:
        if statement == "BEGIN IMMEDIATE":
            await self._disk.trouble.begin()
        elif statement.startswith(WRITES):
            await self._disk.trouble.statement()
        self._cursor.execute(statement, values)
        return self

    async def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> Self:
        await self._disk.trouble.statement()
        self._cursor.executemany(statement, rows)
        return self

    async def fetchall(self) -> list[Row]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class Connection:
    """What the adapter needs of a connection of aiosqlite."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._conn = self._connection = disk.raw
        self._thread = SimpleNamespace(daemon=True)
        self._tx = self

    def __await__(self) -> Iterable[None]:
        return _nothing(self).__await__()

    def put_nowait(self, order: tuple[asyncio.Future[object], Callable[[], object]]) -> None:
        future, work = order
        future.set_result(work())

    @property
    def isolation_level(self) -> str | None:
        return self._conn.isolation_level

    def cursor(self) -> Cursor:
        return Cursor(self._disk, self)

    async def create_function(self, *args: object, **more: object) -> None:
        """Regular expressions are not used here."""

    async def commit(self) -> None:
        if self._conn.in_transaction:
            await self._disk.trouble.commit()
            self._conn.commit()
            await self._disk.trouble.committed()

    async def rollback(self) -> None:
        if self._conn.in_transaction:
            self._conn.rollback()

    async def close(self) -> None:
        await self.rollback()

    def stop(self) -> None:
        """There is no thread."""


async def _nothing(connection: Connection) -> Connection:
    return connection


class Driver:
    """Stands in for the module aiosqlite; `disk` is what connections open."""

    def __init__(self) -> None:
        self.disk = Disk()

    def adapted(self) -> AsyncAdapt_aiosqlite_dbapi:
        module = ModuleType("in_loop")
        names = ("DatabaseError", "Error", "IntegrityError", "NotSupportedError", "OperationalError")
        for name in (*names, "ProgrammingError", "sqlite_version", "sqlite_version_info"):
            setattr(module, name, getattr(sqlite3, name))
        module.__dict__.update(Connection=Connection, connect=self._connect)
        return AsyncAdapt_aiosqlite_dbapi(module, sqlite3)

    def _connect(self, *_args: object, **_more: object) -> Connection:
        return Connection(self.disk)
