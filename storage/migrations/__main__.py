"""Writes the next revision: `python -m storage.migrations NAME "What it does."`; read the file, then `make format`.

It holds the difference between what the revisions so far lead to and `storage.schema`. Changed CHECK
constraints are not noticed: write those by hand.
"""

import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.migrating import config


def write_revision(name: str, sentence: str) -> None:
    with create_engine("sqlite://").connect() as connection:
        settings = config(connection)
        head = ScriptDirectory.from_config(settings).get_current_head()
        if head is not None:
            command.upgrade(settings, "head")
        number = f"{int(head or 0) + 1:04}"
        settings.set_main_option("file_template", f"{number}_{name}")
        command.revision(settings, sentence, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    write_revision(*sys.argv[1:])
