"""Fixtures that all tests share; `tests/database.py` says how to use them."""

import gc
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser
from sqlalchemy import Engine

from bot.metrics import Metrics
from bot.services.backlog import Backlog
from storage.database import Database, engine
from tests import browser, canaries
from tests.clock import FakeClock
from tests.database import SORTS, PostgresServer, postgres_server, quick, sharing, sqlite_template, sqlite_url

# No test depends on the speed of the machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What all tests share stays to the end; looking through it for rubbish takes a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=SORTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(Path(shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "guichet.db")))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(params=SORTS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.copy() as url:
        yield url


@pytest.fixture(scope="session")
def first_engines() -> dict[str, Engine]:
    return {}


@pytest_asyncio.fixture
async def database(database_url: str, first_engines: dict[str, Engine]) -> AsyncIterator[Database]:
    opened = Database(sharing(quick(engine(database_url)), first_engines))
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests; those that use it run in the session's loop."""
    async with browser.launched() as opened:
        yield opened


@pytest.fixture(autouse=True, scope="session")
def numbers_hold_no_secret() -> Iterator[None]:
    """Wherever a test shows the numbers for operators, they are looked through."""
    show = Metrics.show

    def shown(metrics: Metrics, backlog: Backlog) -> bytes:
        numbers = show(metrics, backlog)
        assert canaries.seen_in(numbers.decode()) is None
        return numbers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Metrics, "show", shown)
        yield


@pytest.fixture(autouse=True)
def log_lines_show_no_variables() -> None:
    """As in a running shop; the elaborate tracebacks of the library's own defaults would."""
    shared = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level]
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*shared, renderer])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that has passed fails if a secret stands in what was written meanwhile: output, log lines, files.

    How to install the browser is said in one line, and not for every test that is skipped without it.
    """
    report = yield
    if isinstance(report.longrepr, tuple) and browser.HOW_TO_INSTALL in report.longrepr[2]:
        report.longrepr = (browser.__file__, 1, report.longrepr[2])
    if report.passed and (found := [*_said(report), *_kept(item, report)]):
        report.outcome, report.longrepr = "failed", f"a secret was written down: {', '.join(found)}"
    return report


def _said(report: pytest.TestReport) -> list[str]:
    return [f"{mark} in {name}" for name, text in report.sections if (mark := canaries.seen_in(text)) is not None]


def _kept(item: pytest.Item, report: pytest.TestReport) -> list[str]:
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    return list(canaries.leaks(folder)) if report.when == "call" and isinstance(folder, Path) else []
