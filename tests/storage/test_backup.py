"""Rules of copying a database that is in use, and of putting a copy back."""

import asyncio
import os
import signal
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select

from storage import schema
from storage.backup import BadBackup, NotReplaced, back_up, restore
from storage.database import Database, engine
from storage.instance import AlreadyRunning, only_instance
from storage.integrity import DamagedFile, FileOutOfReach
from storage.migrating import migrate, revisions
from tests.clock import NOW
from tests.database import sqlite_url

LATER = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
PAGE = 4096
NOTE = {"at": NOW, "actor": None, "action": "note", "data": {"text": "x" * 200}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the shop's database is."""
    return tmp_path / "guichet.db"


@pytest_asyncio.fixture
async def running(file: Path) -> AsyncIterator[Database]:
    """A database in use, with one note in it."""
    opened = Database(engine(sqlite_url(file)))
    await migrate(opened.engine)
    await note(opened)
    yield opened
    await opened.close()


async def note(database: Database, times: int = 1) -> None:
    await database.run(lambda connection: connection.execute(insert(schema.audit), [NOTE] * times))


def notes(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        return int(opened.execute("SELECT count(*) FROM audit").fetchone()[0])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def damage(file: Path) -> None:
    """The first bytes of every page after the first say nothing any more."""
    with file.open("r+b") as opened:
        for start in range(PAGE, file.stat().st_size, PAGE):
            opened.seek(start)
            opened.write(b"\xff" * 16)


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as opened:
        opened.execute(statement)
        opened.commit()


# Backup


async def test_a_backup_of_a_database_in_use_is_one_sound_file_for_its_owner_alone(
    running: Database, file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "monday.db"
    copy.parent.mkdir()
    back_up(file, copy)
    assert names(copy.parent) == {"monday.db"}
    assert notes(copy) == 1
    assert mode(copy) == 0o600


async def test_a_backup_holds_nothing_of_an_open_transaction_and_does_not_hinder_it(
    running: Database, file: Path, tmp_path: Path
) -> None:
    async with running.engine.begin() as connection:
        await connection.execute(insert(schema.audit), NOTE)
        await asyncio.to_thread(back_up, file, tmp_path / "copy.db")
    assert notes(tmp_path / "copy.db") == 1
    async with running.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(schema.audit))).scalar_one() == 2


async def test_a_backup_is_one_moment_although_writing_goes_on(running: Database, file: Path, tmp_path: Path) -> None:
    """Every transaction writes ten notes: a copy with another number would be a copy of no moment."""
    await note(running, 9)
    writing = asyncio.create_task(_write_tens(running))
    found = []
    for number in range(5):
        await asyncio.to_thread(back_up, file, tmp_path / f"{number}.db")
        found.append(notes(tmp_path / f"{number}.db"))
    writing.cancel()
    assert [count % 10 for count in found] == [0] * 5
    assert found == sorted(found)


async def _write_tens(database: Database) -> None:
    while True:
        await note(database, 10)


async def test_the_backup_of_a_shop_that_is_not_running_needs_no_log_beside(file: Path, tmp_path: Path) -> None:
    opened = Database(engine(sqlite_url(file)))
    await migrate(opened.engine)
    await opened.close()
    back_up(file, tmp_path / "copy.db")
    assert notes(tmp_path / "copy.db") == 0


async def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(
    running: Database, file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    target.write_text("last year's only copy")
    with pytest.raises(NotReplaced, match="--force"):
        back_up(file, target)
    assert target.read_text() == "last year's only copy"
    back_up(file, target, force=True)
    assert notes(target) == 1


@pytest.mark.parametrize("force", [False, True])
async def test_a_backup_never_takes_the_place_of_the_database_itself(
    running: Database, file: Path, tmp_path: Path, *, force: bool
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(file)
    for target in (file, link, tmp_path):
        with pytest.raises(NotReplaced):
            back_up(file, target, force=force)
    await note(running)
    assert notes(file) == 2


async def test_where_nothing_can_be_written_the_folder_is_named(running: Database, file: Path, tmp_path: Path) -> None:
    with pytest.raises(NotReplaced, match="missing"):
        back_up(file, tmp_path / "missing" / "copy.db")
    with pytest.raises(NotReplaced, match="no database"):
        back_up(tmp_path / "other.db", tmp_path / "copy.db")


@pytest.mark.fault(35)
async def test_a_damaged_database_gives_no_backup_and_leaves_the_last_one_alone(
    running: Database, file: Path, tmp_path: Path
) -> None:
    await note(running, 200)
    await running.close()
    copy = tmp_path / "copy.db"
    copy.write_text("the last good one")
    damage(file)
    with pytest.raises(DamagedFile, match="restore"):
        back_up(file, copy, force=True)
    assert copy.read_text() == "the last good one"
    assert not [name for name in names(tmp_path) if name.endswith(".part")]


@pytest.mark.fault(35)
async def test_a_full_disk_gives_no_backup(
    running: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(name: str, *, uri: bool = False) -> sqlite3.Connection:
        opened = connect(name, uri=uri)
        if not uri:
            opened.execute("PRAGMA max_page_count = 3").close()
        return opened

    monkeypatch.setattr("storage.backup.sqlite3.connect", small)
    with pytest.raises(FileOutOfReach, match="full"):
        back_up(file, tmp_path / "copy.db")
    assert not [name for name in names(tmp_path) if "copy" in name]


@pytest.mark.fault(9)
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_backup_that_is_killed_leaves_all_of_it_or_nothing(
    running: Database, file: Path, tmp_path: Path, moment: str
) -> None:
    await killed(moment, "back_up", file, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").exists() == (moment == "after")
    assert moment == "before" or notes(tmp_path / "copy.db") == 1
    back_up(file, tmp_path / "copy.db", force=True)


async def killed(moment: str, what: str, *arguments: Path) -> None:
    """A process that is killed where the new file takes its name, before that or after."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.mover", moment, what, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGKILL)
    await child.wait()


# Restore


@pytest_asyncio.fixture
async def copy(running: Database, file: Path, tmp_path: Path) -> Path:
    """A backup from when there was one note; now there are two, and the shop is closed."""
    back_up(file, tmp_path / "copy.db")
    await note(running)
    await running.close()
    return tmp_path / "copy.db"


async def test_a_backup_takes_the_databases_place_and_the_former_one_is_kept(file: Path, copy: Path) -> None:
    kept = restore(file, copy, revisions(), LATER)
    assert kept == file.with_name("guichet.db.replaced-20300102T030405Z")
    assert (notes(file), notes(kept), notes(copy)) == (1, 2, 1)
    assert mode(file) == 0o600
    opened = Database(engine(sqlite_url(file)))
    await note(opened)
    await opened.close()
    assert (notes(file), notes(kept)) == (2, 2)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_what_root_restores_belongs_to_who_runs_the_shop(file: Path, copy: Path) -> None:
    os.chown(file, 4711, 4712)
    restore(file, copy, revisions(), LATER)
    assert (owner(file), mode(file)) == ((4711, 4712), 0o600)


def owner(file: Path) -> tuple[int, int]:
    return file.stat().st_uid, file.stat().st_gid


async def test_a_backup_makes_a_database_where_there_is_none(copy: Path, tmp_path: Path) -> None:
    assert restore(tmp_path / "new.db", copy, revisions(), LATER) is None
    assert notes(tmp_path / "new.db") == 1


@pytest.mark.fault(9)
async def test_what_a_killed_shop_left_in_its_log_is_kept_and_never_written_into_the_backup(
    running: Database, file: Path, tmp_path: Path
) -> None:
    back_up(file, tmp_path / "copy.db")
    await note(running)
    dead = tmp_path / "dead"
    dead.mkdir()
    for name in ("guichet.db", "guichet.db-wal"):
        (dead / name).write_bytes((tmp_path / name).read_bytes())
    kept = restore(dead / "guichet.db", tmp_path / "copy.db", revisions(), LATER)
    assert kept is not None
    assert (notes(dead / "guichet.db"), notes(kept)) == (1, 2)


@pytest.mark.fault(35)
def test_a_damaged_database_is_replaced_and_kept_with_its_log(file: Path, copy: Path) -> None:
    file.write_bytes(b"no database" * 1000)
    file.with_name("guichet.db-wal").write_bytes(b"its log")
    kept = restore(file, copy, revisions(), LATER)
    assert kept is not None
    assert kept.read_bytes() == b"no database" * 1000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"its log"
    assert notes(file) == 1
    assert not file.with_name("guichet.db-wal").exists()


@pytest.mark.fault(35)
async def test_a_running_shop_is_not_replaced(file: Path, copy: Path) -> None:
    async with only_instance(sqlite_url(file)):
        with pytest.raises(AlreadyRunning):
            restore(file, copy, revisions(), LATER)
    assert notes(file) == 2


async def test_somebody_who_reads_the_database_is_not_cut_off(file: Path, copy: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode=WAL").close()
        reader.execute("BEGIN").close()
        reader.execute("SELECT count(*) FROM audit").fetchone()
        with pytest.raises(FileOutOfReach, match="locked"):
            restore(file, copy, revisions(), LATER)
    assert notes(file) == 2


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda copy: copy.unlink(), "not there"),
        (lambda copy: copy.write_text("Dear diary, today it rained." * 9), "not a database"),
        (lambda copy: copy.write_bytes(b""), "no shop"),
        (damage, "malformed|Tree|btree|page"),
        (lambda copy: change(copy, "UPDATE alembic_version SET version_num = '9999'"), "9999"),
        (lambda copy: change(copy, "DROP TABLE alembic_version"), "no shop"),
    ],
)
async def test_a_file_that_is_no_sound_backup_changes_nothing(
    file: Path, copy: Path, spoil: Callable[[Path], object], why: str
) -> None:
    spoil(copy)
    before = names(file.parent)
    with pytest.raises(BadBackup, match=why):
        restore(file, copy, revisions(), LATER)
    assert names(file.parent) <= {*before, "guichet.db.lock"}
    assert notes(file) == 2


@pytest.mark.fault(9)
@pytest.mark.parametrize(("moment", "found"), [("before", 2), ("after", 1)])
async def test_restoring_that_is_killed_leaves_the_old_database_or_the_new_one(
    file: Path, copy: Path, moment: str, found: int
) -> None:
    await killed(moment, "restore", file, copy)
    assert notes(file) == found
    assert [notes(path) for path in file.parent.glob("*.replaced-*")] == [2]
