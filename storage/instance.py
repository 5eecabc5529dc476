"""Sees to it that only one process works on a database."""

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import GuichetError

PRIVATE = 0o600
LOOK_EVERY = 5.0  # seconds
KEY = 0x6775696368657400  # "guichet" in ASCII: advisory locks are numbers
HOLDER = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND datname = current_database()
AND (classid::bigint << 32) + objid::bigint = :key
"""


class AlreadyRunning(GuichetError):
    """Another process works on this database; `holder` says which, as far as that is known."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"another process works on this database already: {holder}. Stop that one first")


class OutOfReach(GuichetError):
    """The database cannot be opened at all: its folder, its file or its server is not there for us."""


def database_file(url: str) -> Path | None:
    """The file of an SQLite database, wherever links lead; None for a server's."""
    address = make_url(url)
    return Path(address.database or "").resolve() if address.get_backend_name() == "sqlite" else None


def server_address(url: str) -> str:
    """The address of a server's database as its own programs want it, without the password."""
    at = make_url(url)
    query = {name: value for name, value in at.query.items() if "pass" not in name}
    address = URL.create("postgresql", at.username, None, at.host, at.port, at.database, query)
    return address.render_as_string(hide_password=False)


@asynccontextmanager
async def only_instance(url: str, look_every: float = LOOK_EVERY) -> AsyncIterator[None]:
    """Keep every other process away from the database; a process that dies lets go of it. Raises AlreadyRunning.

    A database file that is not there is created, readable by its owner alone. On a server the body is cancelled, and
    this raises AlreadyRunning, when another process was quicker after a restart.
    """
    file = database_file(url)
    if file is None:
        async with _only_on_server(make_url(url), look_every):
            yield
    else:
        with only_on_file(file):
            _create(file)
            yield


@contextmanager
def only_on_file(database: Path) -> Iterator[None]:
    """The same for the work on a file as such, which need not be there.

    The lock file stays where it is: removing it would let two processes lock two files of one name.
    """
    lock = _opened(database.with_name(f"{database.name}.lock"))
    try:
        _lock(lock)
        yield
    finally:
        os.close(lock)


def _create(database: Path) -> None:
    os.close(_opened(database))


def _opened(file: Path) -> int:
    """A folder that is missing is not made: it is mostly a slip in the settings, and an empty shop would open there."""
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE)
    except FileNotFoundError as missing:
        raise OutOfReach(f"storage.url names a folder that is not there: {file.parent}") from missing
    except OSError as error:
        raise OutOfReach(f"the database file {file} cannot be opened: {error.strerror}") from error


def _lock(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise AlreadyRunning(os.pread(lock, 100, 0).decode(errors="replace").strip()) from held
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()}\n".encode(), 0)


@asynccontextmanager
async def _only_on_server(address: URL, look_every: float) -> AsyncIterator[None]:
    """The lock belongs to a connection of its own, whose name says who we are."""
    name = f"guichet process {os.getpid()} on {socket.gethostname()}"[:63]
    lock = _ServerLock(
        create_async_engine(
            address, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"application_name": name}
        )
    )
    await lock.take()
    keeping = asyncio.create_task(lock.keep(asyncio.current_task(), look_every))
    try:
        yield
    except asyncio.CancelledError:
        if lock.lost_to is not None:
            raise lock.lost_to from None
        raise
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await lock.let_go()


class _ServerLock:
    """A lock that a restart of the server takes away, and that is taken again as soon as the server is back."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self.lost_to: AlreadyRunning | None = None

    async def take(self) -> None:
        """Raises AlreadyRunning and OutOfReach."""
        connection = await _connected(self._engine)
        try:
            if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
                holder = await connection.scalar(text(HOLDER), {"key": KEY})
                raise AlreadyRunning(holder or "its name is not shown to this user")
            self._connection = connection
        finally:
            if self._connection is not connection:
                await connection.close()

    async def keep(self, owner: asyncio.Task[object] | None, look_every: float) -> None:
        """Look again and again; if another process was quicker after a restart, end the task that relies on us."""
        while True:
            await asyncio.sleep(look_every)
            try:
                if not await self._held():
                    await self.take()
            except AlreadyRunning as taken:
                self.lost_to = taken
                if owner is not None:
                    owner.cancel()
                return
            except (DBAPIError, OutOfReach):
                continue

    async def let_go(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()

    async def _held(self) -> bool:
        """A connection that answers still has its lock."""
        if self._connection is None:
            return False
        try:
            await self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            await self._connection.close()
            self._connection = None
        return self._connection is not None


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    """What the driver says names host and user, never the password."""
    try:
        return await engine.connect()
    except OperationalError as error:
        raise OutOfReach(f"the database server cannot be reached: {' '.join(str(error.orig).split())}") from error
