"""A damaged database file is refused at the start, whatever has happened to it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.integrity import DamagedFile, FileOutOfReach, check_database

pytestmark = pytest.mark.fault(35)

PAGE = 4096
MAGIC = 16


@pytest.fixture
def file(tmp_path: Path, sqlite_file: Path) -> Path:
    """A database of some hundred pages."""
    copied = tmp_path / "guichet.db"
    copied.write_bytes(sqlite_file.read_bytes())
    with closing(sqlite3.connect(copied)) as opened:
        rows = ((number, "2030-01-01 00:00:00.000000", "note", '{"text": "%s"}' % ("x" * 300)) for number in range(900))
        opened.executemany("INSERT INTO audit (id, at, action, data) VALUES (?, ?, ?, ?)", rows)
        opened.commit()
        opened.execute("PRAGMA journal_mode=WAL").close()
    return copied


def shortened(to: Callable[[int], int]) -> Callable[[Path], None]:
    def shorten(file: Path) -> None:
        with file.open("r+b") as opened:
            opened.truncate(to(file.stat().st_size))

    return shorten


def overwritten(start: int, text: bytes) -> Callable[[Path], None]:
    def overwrite(file: Path) -> None:
        with file.open("r+b") as opened:
            opened.seek(start, 0 if start >= 0 else 2)
            opened.write(text)

    return overwrite


def flipped(file: Path) -> None:
    """Every bit of a page in the middle."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // PAGE // 2 * PAGE)
        page = opened.read(PAGE)
        opened.seek(-PAGE, 1)
        opened.write(bytes(255 - byte for byte in page))


DAMAGE = {
    "cut to half": shortened(lambda size: size // 2),
    "cut by a page": shortened(lambda size: size - PAGE),
    "cut within a page": shortened(lambda size: size - 1000),
    "cut within the header": shortened(lambda _: 50),
    "a page of zeros first": overwritten(0, bytes(PAGE)),
    "another header": overwritten(0, b"Dear diary, today"),
    "a wrong size of pages": overwritten(MAGIC, b"\x00\x03"),
    "the first table's root": overwritten(100, b"\xff" * 8),
    "zeros in the middle": overwritten(PAGE * 40, bytes(PAGE * 3)),
    "zeros at the end": overwritten(-PAGE, bytes(PAGE)),
    "bits flipped": flipped,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_told_in_one_line_with_the_way_out(file: Path, damage: Callable[[Path], None]) -> None:
    damage(file)
    with pytest.raises(DamagedFile) as refused:
        check_database(file)
    said = str(refused.value)
    assert str(file) in said
    assert "python bot.py restore FILE" in said
    assert len(said.splitlines()) == 1


def test_a_sound_database_and_an_empty_file_are_fine(file: Path, tmp_path: Path) -> None:
    check_database(file)
    empty = tmp_path / "new.db"
    empty.touch()
    check_database(empty)
    assert empty.stat().st_size == 0


def test_the_log_of_a_database_without_its_beginning_is_not_touched(file: Path) -> None:
    log = file.with_name("guichet.db-wal")
    log.write_bytes(b"the last sales")
    overwritten(0, bytes(MAGIC))(file)
    with pytest.raises(DamagedFile):
        check_database(file)
    assert log.read_bytes() == b"the last sales"


def test_what_a_killed_process_left_in_its_log_counts(file: Path, tmp_path: Path) -> None:
    dead = tmp_path / "dead.db"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("DELETE FROM audit WHERE id > 10")
        opened.commit()
        for name in ("", "-wal"):
            Path(f"{dead}{name}").write_bytes(Path(f"{file}{name}").read_bytes())
    check_database(dead)
    with closing(sqlite3.connect(dead)) as opened:
        assert opened.execute("SELECT count(*) FROM audit").fetchone() == (11,)


def test_a_file_that_somebody_holds_is_not_called_damaged(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr("storage.integrity.sqlite3.connect", lambda name, *, uri: connect(name, uri=uri, timeout=0))
    with closing(connect(file, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE").close()
        holder.execute("BEGIN EXCLUSIVE").close()
        with pytest.raises(FileOutOfReach, match="locked"):
            check_database(file)
