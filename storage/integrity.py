"""Looks whether a database file is sound, before anything is done with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.domain.errors import GuichetError

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

BEGINNING = b"SQLite format 3\0"


class DamagedFile(GuichetError):
    """The file is no sound database; the text names the file and the way out."""

    def __init__(self, file: Path, found: str) -> None:
        self.found = found
        super().__init__(
            f"the database file {file} is damaged ({found}). Put a backup in its place: python bot.py restore FILE"
        )


class FileOutOfReach(GuichetError):
    """The disk is full, or somebody holds the file."""


def check_database(file: Path) -> None:
    """Raises DamagedFile unless every page of the database is in order. A file of no bytes is a new database.

    Only for whoever has the file to themselves: what a killed process has left in the log is brought in.
    """
    if not begins_well(file):
        raise DamagedFile(file, "it does not begin as a database does")
    with told_about(file), closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as opened:
        found = faults(opened, "quick_check")
    if found:
        raise DamagedFile(file, found)


def begins_well(file: Path) -> bool:
    """Looked at without SQLite, which would take the log beside such a file for an old one and remove it."""
    with file.open("rb") as opened:
        return opened.read(len(BEGINNING)) in {b"", BEGINNING}


def faults(opened: sqlite3.Connection, how: str) -> str:
    """What is not in order, in SQLite's words; empty when all is. `how`: quick_check or integrity_check."""
    (first,) = opened.execute(f"PRAGMA {how}(1)").fetchone()
    return "" if first == "ok" else " ".join(str(first).split())


@contextmanager
def told_about(file: Path) -> Iterator[None]:
    """Says which file it was that SQLite could not work with."""
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedFile(file, str(error)) from error
        raise FileOutOfReach(f"{file}: {error}") from error


def is_damage(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF in DAMAGED
