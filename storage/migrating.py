"""Brings the tables of a database to the form that this version of the program needs."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import GuichetError
from storage.database import busy_if_outside

LOCATION = "storage:migrations"


class SchemaUnknown(GuichetError):
    """The tables are of a form that this version does not know: a newer version has changed them."""


async def migrate(engine: AsyncEngine) -> None:
    """Bring the tables to the newest form in one transaction, if they do not have it yet.

    Raises SchemaUnknown, and DatabaseBusy when somebody else holds the tables or the disk is full.
    """
    with busy_if_outside():
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no alembic.ini."""
    made = Config()
    made.set_main_option("script_location", LOCATION)
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _upgrade(connection: Connection) -> None:
    if not _at_head(connection):
        command.upgrade(config(connection), "head")


def revisions() -> frozenset[str]:
    """Every form of the tables that this version can bring to the newest."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def _at_head(connection: Connection) -> bool:
    scripts = ScriptDirectory.from_config(config())
    known = revisions()
    present = set(MigrationContext.configure(connection).get_current_heads())
    if not present <= known:
        raise SchemaUnknown(f"the database is at {', '.join(sorted(present))}, which this version does not know")
    return present == set(scripts.get_heads())
