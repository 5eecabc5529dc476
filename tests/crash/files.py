"""A backup and its return that die: the files are whole at every moment, and a second try gets there."""

import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.crash.cases import Case
from tests.crash.plan import Plan
from tests.crash.points import Where
from tests.crash.scene import DATABASE, Books, Scene
from tests.crash.verdict import sound

ENTRY = "INSERT INTO audit (at, action, data) VALUES ('2030-06-03 08:00:00', ?, '{}')"
ENTRIES = "SELECT action FROM audit WHERE action IN ('early', 'late') ORDER BY id"
EARLY, LATE = ("early",), ("early", "late")
"""What the database holds when the backup is made that is put back, and what it holds afterwards."""


async def file_command(scene: Scene, case: Case) -> list[str]:
    folder = Path(scene.config).parent
    database, copy = folder / DATABASE, folder / "copy.db"
    scene.house.disk.raw.close()
    with _written(database, "early"):
        if case.point.where is Where.BACKUP:
            return await _back_up(scene, case, copy)
    shutil.copy(database, copy)
    _left_behind(database)
    return await _restore(scene, case, copy)


async def _back_up(scene: Scene, case: Case, copy: Path) -> list[str]:
    """While somebody else has the database open and has written to it."""
    words = ("backup", str(copy), "--config", scene.config)
    broken = await _killed(scene, case, words)
    database = copy.with_name(DATABASE)
    broken += [*_holds(database, EARLY), *_nothing_or(copy, EARLY)]
    broken += await _again(scene, (*words, "--force"))
    return [*broken, *_holds(database, EARLY), *_holds(copy, EARLY)]


async def _restore(scene: Scene, case: Case, copy: Path) -> list[str]:
    words = ("restore", str(copy), "--config", scene.config)
    broken = await _killed(scene, case, words)
    database = copy.with_name(DATABASE)
    broken += _holds(database, EARLY, LATE)
    broken += await _again(scene, words)
    kept = [file for file in copy.parent.glob(f"{DATABASE}.replaced-*") if not file.name.endswith(("-wal", "-shm"))]
    if not any(_entries(file) == LATE for file in kept):
        broken.append(f"what was replaced is not kept: {[file.name for file in kept]}")
    return [*broken, *_holds(database, EARLY)]


async def _killed(scene: Scene, case: Case, words: tuple[str, ...]) -> list[str]:
    life = scene.start(case.plans[0], *words)
    return [] if await life.end() == -signal.SIGKILL else [f"not killed: {life.output}"]


async def _again(scene: Scene, words: tuple[str, ...]) -> list[str]:
    life = scene.start(Plan(), *words)
    return [] if await life.end() == 0 else [f"not possible a second time: {life.output}"]


@contextmanager
def _written(database: Path, action: str) -> Iterator[None]:
    """Written to, and still open; what was written is in the log beside the file."""
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute(ENTRY, (action,))
        yield


def _left_behind(database: Path) -> None:
    """As a killed shop leaves it: the last that was written is in the log alone."""
    aside = database.with_name("aside.db")
    shutil.copy(database, aside)
    with _written(aside, "late"):
        for end in ("", "-wal"):
            shutil.copy(f"{aside}{end}", f"{database}{end}")


def _holds(file: Path, *fine: tuple[str, ...]) -> list[str]:
    if not file.exists():
        return [f"{file.name} is not there"]
    books = Books(file)
    try:
        found = tuple(str(action) for (action,) in books.rows(ENTRIES))
        wrong = [] if found in fine else [f"{file.name} holds {found}"]
        return [f"{file.name}: {fault}" for fault in sound(books)] + wrong
    finally:
        books.close()


def _nothing_or(file: Path, *fine: tuple[str, ...]) -> list[str]:
    return _holds(file, *fine) if file.exists() else []


def _entries(file: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        return tuple(str(action) for (action,) in opened.execute(ENTRIES))
