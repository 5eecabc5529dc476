"""The engine of the storage code, run inside the event loop: no thread, no pool, the same queries and transactions."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import CursorResult, Engine, Executable, NullPool, ScalarResult, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import UpdateBase

from storage.database import pragmas
from tests.simulation.disk import Disk, Opened

Parameters = Sequence[Mapping[str, object]] | Mapping[str, object] | None

PATIENCE = 30.0
"""Virtual seconds that a transaction waits for the one connection."""


class Press:
    """Compiles statements for every life of one process. `disk` is what a new connection opens."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.engine: Engine = create_engine("sqlite://", creator=self._open, poolclass=NullPool)
        event.listen(self.engine, "connect", pragmas)

    def _open(self) -> Opened:
        return self.disk.open()


class LoopEngine(AsyncEngine):
    """What `storage.database.Database` asks of an engine, in one life of the application."""

    __slots__ = ("_disk", "_sync", "_turn")

    def __init__(self, press: Press) -> None:
        self._sync = press.engine.connect()
        self._disk = press.disk
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:  # type: ignore[override]  # what is used of it
        await self._my_turn()
        try:
            yield LoopConnection(self._sync, self._disk)
        finally:
            self._sync.rollback()
            self._turn.release()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self.connect() as connection:
            await connection.start()
            yield connection
            await connection.commit()

    async def dispose(self, close: bool = True) -> None:  # noqa: FBT001, FBT002 - as inherited
        """Nothing is kept open."""

    async def _my_turn(self) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError as error:
            raise NoConnection from error


class LoopConnection(AsyncConnection):
    """One transaction, begun with its first statement at the latest; trouble comes between the statements."""

    __slots__ = ("_begun", "_disk", "_sync", "_trouble")

    def __init__(self, sync: Connection, disk: Disk) -> None:
        self.sync_connection = self._sync = sync
        self._disk, self._trouble = disk, disk.trouble
        self._begun = False

    async def start(self, is_ctxmanager: bool = False) -> "LoopConnection":  # noqa: FBT001, FBT002 - as inherited
        self._begun = True
        await _told("BEGIN IMMEDIATE", self._trouble.begin())
        self._disk.begin()
        self._sync.begin()
        return self

    async def execute(  # type: ignore[override]  # the one form that is used
        self, statement: Executable, parameters: Parameters = None
    ) -> CursorResult[object, *tuple[object, ...]]:
        if not self._begun:
            await self.start()
        if isinstance(statement, UpdateBase):
            await self._trouble.statement()
        return self._sync.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Parameters = None) -> object:  # type: ignore[override]
        return (await self.execute(statement, parameters)).scalar()

    async def scalars(  # type: ignore[override]  # as above
        self, statement: Executable, parameters: Parameters = None
    ) -> ScalarResult[object]:
        return (await self.execute(statement, parameters)).scalars()

    async def commit(self) -> None:
        await _told("COMMIT", self._trouble.commit())
        self._sync.commit()
        await self._trouble.committed()


async def _told(statement: str, mishap: Awaitable[None]) -> None:
    """What the driver raises is what SQLAlchemy would make of it."""
    try:
        await mishap
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error
