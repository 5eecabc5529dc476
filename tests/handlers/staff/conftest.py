"""Fixtures for what staff see: a recorded Telegram, a bot that speaks to it, a shop with staff."""

import pytest
from telegram.ext import ExtBot

from storage.database import Database
from tests.clock import FakeClock
from tests.handlers.staff.shop import StaffShop, open_staff_shop
from tests.handlers.staff.telegram import RecordedTelegram


@pytest.fixture
def telegram() -> RecordedTelegram:
    return RecordedTelegram()


@pytest.fixture
async def bot(telegram: RecordedTelegram) -> ExtBot[None]:
    return await telegram.bot()


@pytest.fixture
def shop(database: Database, clock: FakeClock, bot: ExtBot[None]) -> StaffShop:
    return open_staff_shop(database, clock, bot)
