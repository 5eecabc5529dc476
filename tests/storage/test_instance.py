"""Rules of one process per database."""

import asyncio
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, engine
from storage.instance import HOLDER, KEY, AlreadyRunning, OutOfReach, only_instance, server_address
from storage.schema import metadata
from tests.database import sqlite_url

pytestmark = pytest.mark.fault(35)


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that holds the database until it is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.holder", url, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"holding\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_second_process_is_refused_and_told_who_holds_the_database(empty_database_url: str) -> None:
    async with another_process(empty_database_url) as holder:
        with pytest.raises(AlreadyRunning, match=rf"process {holder.pid}\b"):
            async with only_instance(empty_database_url):
                pytest.fail("two processes on one database")


async def test_a_process_that_was_killed_holds_nothing(empty_database_url: str) -> None:
    async with another_process(empty_database_url) as holder:
        holder.kill()
        await holder.wait()
        for _ in range(100):  # a server may notice the death a moment later
            try:
                async with only_instance(empty_database_url):
                    return
            except AlreadyRunning:
                await asyncio.sleep(0.05)
    pytest.fail("still held")


async def test_whoever_ends_lets_the_next_one_in(empty_database_url: str) -> None:
    for _ in range(2):
        async with only_instance(empty_database_url):
            with pytest.raises(AlreadyRunning):
                async with only_instance(empty_database_url):
                    pytest.fail("held twice")


async def test_a_database_file_that_is_reached_by_another_path_is_the_same_one(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "shop.db")
    async with only_instance(sqlite_url(tmp_path / "shop.db")):
        with pytest.raises(AlreadyRunning):
            async with only_instance(sqlite_url(link)):
                pytest.fail("two locks for one file")


async def test_a_new_database_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "shop.db")
    async with only_instance(url):
        database = Database(engine(url))
        await database.run(lambda connection: connection.run_sync(metadata.create_all))
        files = _modes(tmp_path)
        await database.close()
    assert set(files) >= {"shop.db", "shop.db.lock", "shop.db-wal"}
    assert set(files.values()) == {0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(OutOfReach, match=f"not there: {tmp_path}/missing$"):
        async with only_instance(sqlite_url(tmp_path / "missing" / "shop.db")):
            pytest.fail("an empty shop at the wrong place")
    assert _modes(tmp_path) == {}


async def test_what_is_no_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "shop.db").mkdir()
    with pytest.raises(OutOfReach, match=r"shop\.db cannot be opened: Is a directory"):
        async with only_instance(sqlite_url(tmp_path / "shop.db")):
            pytest.fail("a folder is no database")


async def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(OutOfReach, match="server cannot be reached") as refused:
        async with only_instance("postgresql+psycopg://guichet:a-password@127.0.0.1:9/guichet"):
            pytest.fail("nobody listens there")
    assert "a-password" not in str(refused.value)


QUICKLY = 0.02
CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def restarted(url: str) -> None:
    """Everybody loses the connection, as when the server starts again."""
    opened = engine(url)
    async with opened.begin() as connection:
        await connection.execute(text(CUT_OFF))
    await opened.dispose()


@pytest.mark.fault(37)
@pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True)
async def test_after_a_restart_of_the_server_the_database_is_ours_again(empty_database_url: str) -> None:
    async with only_instance(empty_database_url, QUICKLY):
        await restarted(empty_database_url)
        await locked(empty_database_url)
        with pytest.raises(AlreadyRunning):
            async with only_instance(empty_database_url):
                pytest.fail("two processes on one database")


async def locked(url: str) -> None:
    """Return once somebody holds the lock."""
    opened = engine(url)
    async with asyncio.timeout(20), opened.connect() as connection:
        while not await connection.scalar(text(HOLDER), {"key": KEY}):
            await connection.rollback()  # within one transaction the server shows one state of things
            await asyncio.sleep(QUICKLY)
    await opened.dispose()


@pytest.mark.fault(37)
@pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True)
async def test_who_finds_the_database_taken_after_a_restart_ends(empty_database_url: str) -> None:
    async def work(look_every: float, begun: asyncio.Event) -> None:
        async with only_instance(empty_database_url, look_every):
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    working = asyncio.create_task(work(1.0, begun))
    await begun.wait()
    await restarted(empty_database_url)
    async with only_instance(empty_database_url):
        with pytest.raises(AlreadyRunning):
            await asyncio.wait_for(working, 20)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql+psycopg://noe:pa%2Fss@db.example:5433/shop", "postgresql://noe@db.example:5433/shop"),
        ("postgresql+psycopg://noe@db/shop?password=word&sslmode=require", "postgresql://noe@db/shop?sslmode=require"),
    ],
)
def test_a_servers_address_is_shown_without_its_password(url: str, address: str) -> None:
    assert server_address(url) == address


async def test_the_refusal_names_no_password(empty_database_url: str) -> None:
    async with only_instance(empty_database_url):
        with pytest.raises(AlreadyRunning) as refused:
            async with only_instance(empty_database_url):
                pytest.fail("held twice")
    assert "://" not in str(refused.value)
