"""Inserts that become updates where the row is there already, on both databases."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Connection


async def upsert(connection: Connection, table: Table, keys: Sequence[str], values: Mapping[str, object]) -> int:
    """The id of the row with these keys, which has these values from now on."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    changed = {name: value for name, value in values.items() if name not in keys}
    row = insert(table).values(dict(values)).on_conflict_do_update(index_elements=list(keys), set_=changed)
    found: int = (await connection.execute(row.returning(table.c.id))).scalar_one()
    return found
