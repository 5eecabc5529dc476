"""Staff hear of another program that polls the bot, and do not hear of it with every poll."""

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.effects import Concern
from bot.domain.ids import ChatId
from bot.services.attention import AttentionList
from bot.services.bells import Bells
from bot.services.outcomes import Outcomes
from bot.services.rivals import Rivals
from storage import outbox
from storage.database import Database
from tests.clock import FakeClock

pytestmark = pytest.mark.fault(47)

CHATS = [ChatId(-100), ChatId(42)]


@pytest.fixture
def rivals(database: Database, clock: FakeClock) -> Rivals:
    return Rivals(database, clock, Outcomes(Random(1), ZoneInfo("Europe/Paris"), CHATS), Bells())


async def test_every_staff_chat_is_told_once_however_often_the_other_one_is_met(
    database: Database, clock: FakeClock, rivals: Rivals
) -> None:
    for _ in range(20):
        await rivals.met()
    async with database.read() as connection:
        due = await outbox.due(connection, clock.now(), 10)
    assert sorted(message.chat_id for message in due) == sorted(CHATS)
    (item,) = (await AttentionList(database, clock).list_open()).items
    assert item.concern is Concern.TWO_POLLERS


async def test_half_a_day_later_they_are_told_again(database: Database, clock: FakeClock, rivals: Rivals) -> None:
    await rivals.met()
    clock.advance(timedelta(hours=12))
    await rivals.met()
    assert (await AttentionList(database, clock).list_open()).total == 2
