"""All that a database holds, to look in it for what must not be there."""

import re

from sqlalchemy import select

from storage.database import Database
from storage.schema import metadata


async def stored(database: Database) -> dict[str, str]:
    """Every row of every table, in words."""
    async with database.read() as connection:
        return {
            name: "\n".join(" ".join(map(_words, row)) for row in await connection.execute(select(table)))
            for name, table in metadata.tables.items()
        }


async def tables_with(database: Database, *words: object) -> set[str]:
    """The tables in which one of these stands, as a word of its own."""
    wanted = re.compile("|".join(rf"(?<!\w){re.escape(str(word))}(?!\w)" for word in words))
    return {table for table, rows in (await stored(database)).items() if wanted.search(rows)}


def _words(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
