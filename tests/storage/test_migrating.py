"""Rules of the steps that bring a database to today's form."""

import asyncio
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import DatabaseBusy
from storage import migrating
from storage.database import engine
from storage.migrating import SchemaUnknown, migrate
from storage.schema import metadata
from tests.database import sqlite_url

POSTGRES_SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
UNION SELECT tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
SQLITE_SHAPE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"


@pytest_asyncio.fixture
async def empty(empty_database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = engine(empty_database_url)
    yield opened
    await opened.dispose()


async def test_a_fresh_database_gets_exactly_the_tables_of_the_schema(empty: AsyncEngine) -> None:
    await migrate(empty)
    async with empty.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_the_steps_make_the_same_constraints_and_indexes_as_the_schema(empty: AsyncEngine) -> None:
    await migrate(empty)
    by_steps = await _shape(empty)
    async with empty.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    assert by_steps == await _shape(empty)


async def test_migrating_twice_changes_nothing(empty: AsyncEngine) -> None:
    await migrate(empty)
    before = await _shape(empty)
    await migrate(empty)
    assert await _shape(empty) == before


async def test_the_tables_of_a_newer_version_are_refused(empty: AsyncEngine) -> None:
    await migrate(empty)
    async with empty.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaUnknown, match="9999"):
        await migrate(empty)


@pytest.mark.fault(9)
async def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty: AsyncEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _add_failing_step(tmp_path)
    monkeypatch.setattr(migrating, "LOCATION", str(tmp_path))
    with pytest.raises(ZeroDivisionError):
        await migrate(empty)
    async with empty.connect() as connection:
        assert await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync)) == []


@pytest.mark.fault(35)
async def test_a_database_that_somebody_writes_to_is_busy_and_stays_as_it_is(tmp_path: Path) -> None:
    held = engine(sqlite_url(tmp_path / "shop.db"))
    waiting = engine(sqlite_url(tmp_path / "shop.db"))

    @event.listens_for(waiting.sync_engine, "connect")
    def _impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 1").close()

    async with held.begin():
        with pytest.raises(DatabaseBusy, match="locked"):
            await migrate(waiting)
    await migrate(waiting)
    for opened in (held, waiting):
        await opened.dispose()


@pytest.mark.fault(9)
async def test_a_process_killed_while_migrating_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.halfway", str(tmp_path / "shop.db"), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"halfway\n"
    child.send_signal(signal.SIGKILL)
    await child.wait()
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()
    assert tables == (0,)


def _add_failing_step(folder: Path) -> None:
    """A copy of the migrations with one more step, which makes a table and then breaks off."""
    own = Path(migrating.__file__).with_name("migrations")
    (folder / "versions").mkdir()
    for path in (own / "env.py", *(own / "versions").glob("0*.py")):
        (folder / path.relative_to(own)).write_text(path.read_text())
    last = max(path.name[:4] for path in (own / "versions").glob("0*.py"))
    (folder / "versions" / "fails.py").write_text(
        f"from alembic import op\nrevision, down_revision = 'fails', {last!r}\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id INTEGER)')\n    1 / 0\n"
    )


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def _shape(opened: AsyncEngine) -> set[tuple[str, ...]]:
    """Tables, constraints and indexes as the database itself describes them."""
    query = SQLITE_SHAPE if opened.dialect.name == "sqlite" else POSTGRES_SHAPE
    async with opened.connect() as connection:
        rows = (await connection.execute(text(query))).all()
    return {tuple(_plain(str(value)) for value in row) for row in rows}


def _plain(definition: str) -> str:
    """SQLite keeps the text of a table: its parts in an order that makes no difference, later columns at the end."""
    parts = (part.strip("\t ,)") for part in re.split(r"\n|, ", definition))
    return "\n".join(sorted(filter(None, parts)))
