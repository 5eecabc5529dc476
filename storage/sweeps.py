"""Remembers until when Stripe's own list of events has been read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import sweep

EVENTS_UNTIL = select(sweep.c.events_until)
LITE, POSTGRES = insert_sqlite(sweep), insert_postgres(sweep)
REMEMBER = {
    "sqlite": LITE.on_conflict_do_update(index_elements=["id"], set_={"events_until": LITE.excluded.events_until}),
    "postgresql": POSTGRES.on_conflict_do_update(
        index_elements=["id"], set_={"events_until": POSTGRES.excluded.events_until}
    ),
}


async def events_until(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = (await connection.execute(EVENTS_UNTIL)).scalar_one_or_none()
    return found


async def remember(connection: AsyncConnection, until: datetime) -> None:
    await connection.execute(REMEMBER[connection.dialect.name], {"id": 1, "events_until": until})
