"""Rules of what is found without reading everything that the shop has ever sold."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, PrimaryKeyConstraint, Table, UniqueConstraint, event

from bot.services.visits import Visits
from storage.database import Database
from storage.schema import metadata
from tests.clock import NOW, FakeClock

Statement = tuple[str, tuple[object, ...]]

DELETED = {"inventory", "customer"}
"""Tables that others refer to and from which rows are deleted: for each, all that may refer to it is looked at."""


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_reference_to_what_is_deleted_begins_an_index(table: Table) -> None:
    indexed = _first_columns(table)
    for reference in table.foreign_keys:
        assert reference.column.table.name not in DELETED or reference.parent.name in indexed


def _first_columns(table: Table) -> set[str]:
    """With what the indexes of a table begin, also those of its keys."""
    keys = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    return {next(iter(each.columns)).name for each in (*keys, *table.indexes)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_comes_on_a_day_is_found_without_reading_every_booking(database: Database, clock: FakeClock) -> None:
    with _heard(database.engine.sync_engine) as statements:
        await Visits(database, clock, ZoneInfo("Europe/Paris")).on(NOW.date())
    async with database.read() as connection:
        for words, values in statements:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
            assert not [step.detail for step in plan if step.detail.startswith("SCAN")]


@contextmanager
def _heard(engine: Engine) -> Iterator[list[Statement]]:
    """What is asked of a database meanwhile."""
    statements: list[Statement] = []

    def hear(_connection: object, _cursor: object, words: str, values: tuple[object, ...], *_more: object) -> None:
        statements.append((words, values))

    event.listen(engine, "before_cursor_execute", hear)
    yield statements
    event.remove(engine, "before_cursor_execute", hear)
