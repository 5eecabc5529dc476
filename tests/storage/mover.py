"""Copies a database or puts a copy back, says so where the new file takes its name, and then waits to be killed."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from storage import backup
from storage.migrating import revisions


def main(moment: str, what: str, first: str, second: str) -> None:
    appear = backup._appear

    def waiting(part: Path, target: Path) -> None:
        if moment == "after":
            appear(part, target)
        sys.stdout.write("here\n")
        sys.stdout.flush()
        time.sleep(60)

    setattr(backup, "_appear", waiting)  # noqa: B010 - a plain assignment is refused by the type checker
    if what == "restore":
        backup.restore(Path(first), Path(second), revisions(), datetime.now(UTC))
    else:
        backup.back_up(Path(first), Path(second))


if __name__ == "__main__":
    main(*sys.argv[1:])
