"""Migrates the SQLite file that is named, says so when all tables are made, and then waits to be killed."""

import asyncio
import sys
import time

from sqlalchemy import event

from storage.database import engine
from storage.migrating import migrate


def main(path: str) -> None:
    opened = engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(opened.sync_engine, "commit")
    def _wait(_: object) -> None:
        sys.stdout.write("halfway\n")
        sys.stdout.flush()
        time.sleep(60)

    asyncio.run(migrate(opened))


if __name__ == "__main__":
    main(sys.argv[1])
