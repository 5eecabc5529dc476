"""Sees to it that only one process works on a database."""

import fcntl
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import GuichetError

PRIVATE = 0o600
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


@asynccontextmanager
async def only_instance(url: str) -> AsyncIterator[None]:
    """Keep every other process away from the database; a process that dies lets go of it. Raises AlreadyRunning.

    A database file that is not there is created, readable by its owner alone.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with _only_on_file(address.database or ""):
            yield
    else:
        async with _only_on_server(address):
            yield


@contextmanager
def _only_on_file(name: str) -> Iterator[None]:
    """The lock file stays where it is: removing it would let two processes lock two files of one name."""
    database = Path(name).resolve()
    lock = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        _lock(lock)
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, PRIVATE))
        yield
    finally:
        os.close(lock)


def _lock(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise AlreadyRunning(os.pread(lock, 100, 0).decode(errors="replace").strip()) from held
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()}\n".encode(), 0)


@asynccontextmanager
async def _only_on_server(address: URL) -> AsyncIterator[None]:
    """The lock belongs to a connection of its own, whose name says who we are."""
    name = f"guichet process {os.getpid()} on {socket.gethostname()}"[:63]
    engine = create_async_engine(
        address, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"application_name": name}
    )
    try:
        async with engine.connect() as connection:
            await _lock_server(connection)
            yield
    finally:
        await engine.dispose()


async def _lock_server(connection: AsyncConnection) -> None:
    if await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
        return
    holder = await connection.scalar(text(HOLDER), {"key": KEY})
    raise AlreadyRunning(holder or "its name is not shown to this user")
