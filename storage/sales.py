"""Keeps the daily roll-up of sales, and can write it anew from the ledger."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.ids import ResourceId
from bot.domain.reports import Delta, Entry, contributions_of, difference
from bot.domain.sales_report import Names
from storage import ledger
from storage.database import Connection
from storage.schema import daily_sales, resource

MEASURES = ("orders", "guests", "gross", "refunded")


def _add(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    sums = {measure: daily_sales.c[measure] + insert.excluded[measure] for measure in MEASURES}
    keys = [column.name for column in daily_sales.primary_key]
    return insert.on_conflict_do_update(index_elements=keys, set_=sums)


ADD = {"sqlite": _add(sqlite.insert(daily_sales)), "postgresql": _add(postgresql.insert(daily_sales))}


async def add(connection: Connection, deltas: Iterable[Delta]) -> None:
    """Add to the rows of each day; rows are always touched in the same order, so that writers cannot lock in a ring."""
    rows = [asdict(delta) for delta in difference((), deltas)]
    if rows:
        await connection.execute(ADD[connection.dialect.name], rows)


async def between(connection: Connection, first: date, last: date) -> tuple[Delta, ...]:
    """The rows of the days from first to last, both included."""
    statement = (
        select(daily_sales)
        .where(daily_sales.c.day.between(first, last))
        .order_by(daily_sales.c.day, daily_sales.c.currency, daily_sales.c.resource_id)
    )
    return tuple(_delta(row) for row in await connection.execute(statement))


async def names(connection: Connection, resource_ids: Iterable[ResourceId]) -> Names:
    statement = select(resource.c.id, resource.c.name).where(resource.c.id.in_(sorted(set(resource_ids))))
    return {ResourceId(row.id): row.name for row in await connection.execute(statement)}


async def rebuild(connection: Connection, zone: ZoneInfo) -> int:
    """Replace the roll-up by what the ledger says; returns the number of rows.

    On PostgreSQL settlements wait meanwhile: what they add afterwards belongs to what this did not see.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE daily_sales IN EXCLUSIVE MODE"))
    sums = await _summed(ledger.entries(connection), zone)
    await connection.execute(delete(daily_sales))
    rows = difference((), sums)
    await add(connection, rows)
    return len(rows)


async def _summed(entries: AsyncIterator[Entry], zone: ZoneInfo) -> list[Delta]:
    sums: dict[tuple[date, str, ResourceId], Delta] = {}
    async for entry in entries:
        for delta in contributions_of(entry, zone):
            sums[delta.key] = sums[delta.key].plus(delta) if delta.key in sums else delta
    return list(sums.values())


def _delta(row: Row[Any]) -> Delta:
    return Delta(row.day, row.currency, ResourceId(row.resource_id), row.orders, row.guests, row.gross, row.refunded)
