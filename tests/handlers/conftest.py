"""A ticket window with a world behind it, for each test that asks for one."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handlers.texts import Texts, Translations
from storage.database import Database
from tests.clock import FakeClock
from tests.handlers.counter import Counter, open_counter
from tests.world import open_world


@pytest_asyncio.fixture
async def counter(database: Database, clock: FakeClock) -> AsyncIterator[Counter]:
    async with open_world(database, clock) as world, open_counter(world) as opened:
        yield opened


@pytest.fixture(scope="session")
def translations() -> Translations:
    return Translations(("en", "fr"))


@pytest.fixture(params=["en", "fr"])
def texts(request: pytest.FixtureRequest, translations: Translations) -> Texts:
    language: str = request.param
    return translations.for_(language)
