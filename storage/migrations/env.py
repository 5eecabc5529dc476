"""Alembic runs this for every command; the connection is always handed over, with its transaction open."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from storage.schema import Instant, metadata


def plain_instants(sort: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """A revision stays as it was written when our own column types change."""
    return "sa.DateTime(timezone=True)" if sort == "type" and isinstance(item, Instant) else False


connection = context.config.attributes["connection"]
if not isinstance(connection, Connection):
    raise TypeError("migrations run through storage.migrating")
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_item=plain_instants,
    render_as_batch=bool(context.script.get_heads()),  # SQLite changes a table by copying it; a new one needs no copy
)
with context.begin_transaction():
    context.run_migrations()
