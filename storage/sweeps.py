"""Remembers until when Stripe's own list of events has been read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import sweep


async def events_until(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = (await connection.execute(select(sweep.c.events_until))).scalar_one_or_none()
    return found


async def remember(connection: AsyncConnection, until: datetime) -> None:
    make = insert_postgres if connection.dialect.name == "postgresql" else insert_sqlite
    await connection.execute(
        make(sweep)
        .values(id=1, events_until=until)
        .on_conflict_do_update(index_elements=["id"], set_={"events_until": until})
    )
