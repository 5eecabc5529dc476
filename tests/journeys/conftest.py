"""Fixtures of the journeys: a stocked database, and a shop that is open on it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url

from tests.database import PostgresServer, sqlite_url
from tests.journeys.shop import Shop, open_shop, stock


@pytest.fixture
def sort() -> str:
    """The database that a test runs on; `@pytest.mark.parametrize("sort", SORTS)` for both."""
    return "sqlite"


@pytest.fixture(scope="session")
def stocked_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stocked")
    asyncio.run(stock(sqlite_url(folder / "guichet.db"), folder))
    return folder / "guichet.db"


@pytest.fixture(scope="session")
def stocked_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.copy() as url:
        asyncio.run(stock(url, tmp_path_factory.mktemp("stocked")))
        yield str(make_url(url).database)


@pytest.fixture
def stocked_url(sort: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with today's tables and the journeys' catalogue."""
    if sort == "sqlite":
        yield sqlite_url(Path(shutil.copy(request.getfixturevalue("stocked_file"), tmp_path / "guichet.db")))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.copy(request.getfixturevalue("stocked_template")) as url:
        yield url


@pytest_asyncio.fixture
async def shop(stocked_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(stocked_url, tmp_path) as opened:
        yield opened
