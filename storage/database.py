"""Opens the database and runs transactions that happen whole or not at all."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event, make_url
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import DatabaseBusy
from storage.integrity import is_damage

Connection = AsyncConnection
"""What queries run on: one open transaction."""

Result = TypeVar("Result")
Work = Callable[[AsyncConnection], Awaitable[Result]]

SERIALIZATION_FAILURE, DEADLOCK, CONNECTION, READ_ONLY = "40001", "40P01", "08", "25006"
TRIES = 5
POOL = 10


def engine(url: str, *, dbapi: AsyncAdapt_aiosqlite_dbapi | None = None) -> AsyncEngine:
    """The engine for one of the two databases; `dbapi` replaces the driver in a simulation."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, dbapi)
    return create_async_engine(
        address, pool_size=POOL, max_overflow=0, pool_pre_ping=True, isolation_level="READ COMMITTED"
    )


def _sqlite(address: URL, dbapi: AsyncAdapt_aiosqlite_dbapi | None) -> AsyncEngine:
    """One connection (several would need SQLite 3.51.3 or newer), durable, with real transactions."""
    more = {} if dbapi is None else {"module": dbapi}
    made = create_async_engine(
        address, pool_size=1, max_overflow=0, pool_timeout=30, connect_args={"timeout": 5}, **more
    )
    _prepare(made.sync_engine)
    return made


def _prepare(sync: Engine) -> None:
    event.listen(sync, "connect", pragmas)
    event.listen(sync, "begin", _begin)


def pragmas(connection: sqlite3.Connection, _record: object) -> None:
    """How every connection to SQLite is set up: durable, with its constraints, without transactions of the driver's."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: SyncConnection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Database:
    """Hands out transactions; a cancelled caller never leaves half of one behind."""

    def __init__(self, opened: AsyncEngine) -> None:
        self._engine = opened
        self._running: set[asyncio.Task[object]] = set()

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    async def run(self, work: Work[Result]) -> Result:
        """Do `work` in one transaction and return its result once that is durable.

        The transaction is a task of its own: cancelling the caller does not cut it in two. On a serialization
        failure, a deadlock or a lost connection it is repeated whole, so `work` must not touch anything but
        the connection. Raises DatabaseBusy when it stays impossible, or the disk or the server fails.
        """
        task: asyncio.Task[Result] = asyncio.ensure_future(self._attempts(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _attempts(self, work: Work[Result]) -> Result:
        for left in reversed(range(TRIES)):
            try:
                async with self._engine.begin() as connection:
                    return await work(connection)
            except DBAPIError as error:
                if _passing(error) and left:
                    continue
                if _passing(error) or _from_outside(error):
                    raise DatabaseBusy(str(error.orig)) from error
                raise
            except PoolTimeout as error:
                raise DatabaseBusy("no connection became free") from error
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries that change nothing. Raises DatabaseBusy when there is none."""
        try:
            with busy_if_outside():
                async with self._engine.connect() as connection:
                    yield connection
        except PoolTimeout as error:
            raise DatabaseBusy("no connection became free") from error

    async def close(self) -> None:
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()


@contextmanager
def busy_if_outside() -> Iterator[None]:
    """Raises DatabaseBusy for what is not the statement's fault."""
    try:
        yield
    except DBAPIError as error:
        if _passing(error) or _from_outside(error):
            raise DatabaseBusy(str(error.orig)) from error
        raise


def _passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is repeated."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in {SERIALIZATION_FAILURE, DEADLOCK} or state.startswith(CONNECTION) or error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and "locked" in str(error.orig)


def _from_outside(error: DBAPIError) -> bool:
    """Whether the disk, the file, the server or the way to it has failed, and not the statement."""
    if is_damage(error.orig) or getattr(error.orig, "sqlstate", None) == READ_ONLY:
        return True
    wrong_sql = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError) and not wrong_sql
