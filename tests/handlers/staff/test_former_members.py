"""Who has left the staff is a stranger from the next word and the next tap on: roles are looked up each time."""

import pytest
from telegram import Bot

from bot.domain.ids import TelegramId
from bot.services.staff import Staff
from tests.clock import FakeClock
from tests.handlers.staff.shop import DOOR, MANAGER, OWNER, STRANGER, StaffShop
from tests.handlers.staff.telegram import NOW, RecordedTelegram, command, document, person, tap

pytestmark = [pytest.mark.fault(42), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
COMMANDS = ("/today", "/sales", "/attention")
TAPS = ("1:xs:0:kglz:kglz", "1:xc:1:0", "1:xt:kglz:1", "1:xo:1", "1:xi:abc", "1:xa:1", "1:xw:1:0")
LEFT = (OWNER, MANAGER, DOOR)


@pytest.fixture
def left(shop: StaffShop, clock: FakeClock) -> StaffShop:
    """The shop after everybody of the old staff has gone, and a stranger has taken over."""
    shop.desk._access._staff = Staff(shop.database, clock, owners=[STRANGER], managers=[], door=[])
    return shop


@pytest.mark.parametrize("who", LEFT)
async def test_a_former_members_words_get_what_an_unknown_command_gets(
    left: StaffShop, telegram: RecordedTelegram, bot: Bot, who: TelegramId
) -> None:
    updates = [*(command(bot, who, text) for text in COMMANDS), document(bot, who, "shop.toml")]
    for update in updates:
        assert await left.feed(update)
    assert left.unknown == updates
    assert telegram.calls == []
    assert [(actor, action) for actor, action, _ in await left.audit()] == [(who, "command.refused")] * len(updates)


@pytest.mark.parametrize("who", LEFT)
async def test_a_former_members_old_buttons_are_answered_with_nothing(
    left: StaffShop, telegram: RecordedTelegram, bot: Bot, who: TelegramId
) -> None:
    for data in TAPS:
        assert await left.feed(tap(bot, who, data))
    assert {method for method, _ in telegram.calls} == {"answerCallbackQuery"}
    assert [(actor, action) for actor, action, _ in await left.audit()] == [(who, "tap.refused")] * len(TAPS)


@pytest.mark.parametrize("who", LEFT)
async def test_what_a_former_member_once_wrote_does_nothing_when_it_is_passed_on(
    left: StaffShop, telegram: RecordedTelegram, bot: Bot, who: TelegramId
) -> None:
    passed_on = {"type": "user", "date": NOW, "sender_user": person(who)}
    for text in COMMANDS:
        assert await left.feed(command(bot, STRANGER, text, forward_origin=passed_on))
    assert telegram.calls == []
    assert [(actor, data["origin"]) for actor, _, data in await left.audit()] == [(STRANGER, "forwarded")] * 3
