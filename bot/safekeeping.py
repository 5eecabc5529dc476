"""Copies a shop's database and puts a copy back, or says which commands of the database's own do that."""

import shlex
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Settings
from bot.domain.errors import GuichetError
from storage import backup
from storage.instance import database_file, server_address
from storage.migrating import revisions


class ServersOwn(GuichetError):
    """A server's database is copied and put back with the server's own programs."""


def back_up(settings: Settings, file: Path, *, force: bool) -> None:
    """Copy the database into a file, also while the shop runs. Raises what `storage.backup` raises, and ServersOwn."""
    url = settings.storage.url.get_secret_value()
    database = database_file(url)
    if database is None:
        raise ServersOwn(_advice("pg_dump", "--format=custom", f"--file={file}", f"--dbname={server_address(url)}"))
    backup.back_up(database, file, force=force)


def restore(settings: Settings, file: Path) -> Path | None:
    """Put a backup in the database's place; where the former database is kept, if there was one."""
    url = settings.storage.url.get_secret_value()
    database = database_file(url)
    if database is None:
        dump = ("--clean", "--if-exists", "--single-transaction", f"--dbname={server_address(url)}", str(file))
        raise ServersOwn(_advice("pg_restore", *dump))
    return backup.restore(database, file, revisions(), datetime.now(UTC))


def _advice(*command: str) -> str:
    said = shlex.join(command)
    return f"nothing was done: PostgreSQL has its own program for that, which asks for the password:\n    {said}"
