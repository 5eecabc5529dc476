"""Copies a database file while it is in use, and puts such a copy in the database's place."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from bot.domain.errors import GuichetError
from storage.instance import only_on_file
from storage.integrity import DamagedFile, begins_well, faults, told_about

LOGS = ("-wal", "-journal")
"""Files beside a database that hold a part of what is stored."""
BESIDE = (*LOGS, "-shm")


class NotReplaced(GuichetError):
    """Something is there already that must not be lost."""


class BadBackup(GuichetError):
    """The file cannot take the place of the shop's database."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} is no backup that can be restored: {why}")


def back_up(database: Path, target: Path, *, force: bool = False) -> None:
    """Copy the database into `target`, which appears whole or not at all; the shop may run meanwhile.

    Raises NotReplaced when `target` is there, unless it may be replaced by `force`, and DamagedFile.
    """
    if not database.is_file():
        raise NotReplaced(f"there is no database to copy: {database} is not there")
    if target.exists() and (not force or target.is_dir() or target.samefile(database)):
        raise NotReplaced(f"{target} is there already; take another name" + ("" if force else ", or --force"))
    with _part_of(target) as part:
        _copy(database, part)
        _appear(part, target)


def restore(database: Path, backup: Path, known: Collection[str], now: datetime) -> Path | None:
    """Put a copy of the backup in the database's place; what was there is kept beside, under the name returned.

    Raises AlreadyRunning while a shop runs on the database, and BadBackup; then nothing has changed.
    """
    if not backup.is_file() or (database.exists() and backup.samefile(database)):
        raise BadBackup(backup, "no file but the database itself" if backup.exists() else "it is not there")
    with only_on_file(database), _part_of(database) as part:
        _take(backup, part, known)
        _hand_over(part, database if database.exists() else database.parent)
        kept = _keep(database, now)
        _appear(part, database)
    return kept


def _take(backup: Path, part: Path, known: Collection[str]) -> None:
    """Copy a backup, if it is sound and of a form that this version knows."""
    try:
        _copy(backup, part)
    except DamagedFile as damaged:
        raise BadBackup(backup, damaged.found) from damaged
    with closing(sqlite3.connect(part)) as opened:
        revision = _revision(opened)
    if revision is None:
        raise BadBackup(backup, "it holds no shop")
    if revision not in known:
        raise BadBackup(backup, f"its form {revision} is not known here; a newer version of the program has made it")


def _revision(opened: sqlite3.Connection) -> str | None:
    with suppress(sqlite3.OperationalError):  # there is no such table
        row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])
    return None


def _copy(source: Path, part: Path) -> None:
    """One consistent state, in one file without a log, checked and on the disk."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        told_about(source),
        closing(sqlite3.connect(address, uri=True)) as opened,
        closing(sqlite3.connect(part)) as copy,
    ):
        opened.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()
        found = faults(copy, "integrity_check")
    if found:
        raise DamagedFile(source, found)
    _to_disk(part)


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """A file beside the target, for its owner alone, that is gone afterwards unless it has become the target."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise NotReplaced(f"nothing can be written into {target.parent.absolute()}: {error.strerror}") from error
    os.close(number)
    part = Path(name)
    try:
        yield part
    finally:
        for file in (part, *_beside(part, BESIDE)):
            file.unlink(missing_ok=True)


def _appear(part: Path, target: Path) -> None:
    part.replace(target)
    _to_disk(target.parent)


def _keep(database: Path, now: datetime) -> Path | None:
    """Give all that belongs to the database a second name, and take its logs away.

    A log beside another database would be written into that. The file itself keeps its name until the new one takes
    its place, so that there is a database at every moment.
    """
    if not database.exists() or not database.stat().st_size:
        return None
    _fold(database)
    kept = _free(database.with_name(f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}"))
    for file, second in zip((database, *_beside(database, LOGS)), (kept, *_beside(kept, LOGS)), strict=True):
        if file.exists():
            _second_name(file, second)
    _to_disk(database.parent)
    for file in _beside(database, BESIDE):
        file.unlink(missing_ok=True)
    _to_disk(database.parent)
    return kept


def _hand_over(part: Path, like: Path) -> None:
    """What the machine's root puts in place still belongs to whoever runs the shop."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(part, owner.st_uid, owner.st_gid)


def _free(wished: Path) -> Path:
    """A name that nothing has: a restore that broke off may be tried again within the same second."""
    names = chain((wished,), (wished.with_name(f"{wished.name}-{number}") for number in count(2)))
    return next(name for name in names if not any(file.exists() for file in (name, *_beside(name, LOGS))))


def _fold(database: Path) -> None:
    """Bring the log into the database, if it is sound enough for that: then one rename replaces all of it."""
    if not begins_well(database):
        return
    try:
        with told_about(database), closing(sqlite3.connect(database)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE").close()
    except DamagedFile:
        return


def _second_name(file: Path, second: Path) -> None:
    try:
        second.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:  # not every file system can
        shutil.copy2(file, second)
        _to_disk(second)


def _beside(file: Path, suffixes: Collection[str]) -> tuple[Path, ...]:
    return tuple(file.with_name(file.name + suffix) for suffix in suffixes)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
