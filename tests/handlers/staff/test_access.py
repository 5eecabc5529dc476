"""Rules of who gets through: role by role, origin by origin, command by command."""

import pytest
from telegram import Bot, Update

from bot.domain.catalogue_changes import Change, ChangeKind
from bot.domain.errors import DatabaseBusy
from bot.domain.ids import TelegramId
from bot.domain.staff import StaffRole
from handlers.staff_desk import staff_commands
from handlers.staff_origins import Origin
from handlers.texts import Translations
from tests.handlers.staff.shop import DOOR, MANAGER, OWNER, STRANGER, StaffShop, buttons
from tests.handlers.staff.telegram import NOW, Json, RecordedTelegram, command, document, group, person, tap

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMMANDS = {"/today": {OWNER, MANAGER, DOOR}, "/sales": {OWNER, MANAGER}, "/attention": {OWNER, MANAGER}}
PEOPLE = (OWNER, MANAGER, DOOR, STRANGER)
CHANNEL: Json = {"id": -1009, "type": "channel", "title": "News"}
FORWARDED: Json = {"type": "user", "date": NOW, "sender_user": person(STRANGER)}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
VIA: Json = {"id": 43, "is_bot": True, "first_name": "Inline", "username": "inline_bot"}
ORIGINS: dict[str, tuple[Origin, str, Json]] = {
    "edited": (Origin.EDITED, "edited_message", {"edit_date": NOW}),
    "forwarded": (Origin.FORWARDED, "message", {"forward_origin": FORWARDED}),
    "via a bot": (Origin.VIA_BOT, "message", {"via_bot": VIA}),
    "in a group": (Origin.GROUP, "message", {"chat": group()}),
    "in somebody else's name": (Origin.BUSINESS, "business_message", {"business_connection_id": "b1"}),
    "edited in a group": (Origin.EDITED, "edited_message", {"chat": group(), "edit_date": NOW}),
}
NOBODY: dict[str, tuple[Origin, str, Json]] = {
    "an anonymous admin": (Origin.ANONYMOUS, "message", {"chat": group(), "sender_chat": group(), "from": ANONYMOUS}),
    "a channel in a group": (Origin.ANONYMOUS, "message", {"chat": group(), "sender_chat": CHANNEL}),
    "a channel": (Origin.CHANNEL, "channel_post", {"chat": CHANNEL, "sender_chat": CHANNEL, "from": None}),
    "an edited channel post": (Origin.CHANNEL, "edited_channel_post", {"chat": CHANNEL, "sender_chat": CHANNEL}),
    "a bot": (Origin.ANONYMOUS, "message", {"from": VIA, "chat": {"id": 43, "type": "private"}}),
}


def everything(bot: Bot, who: TelegramId, field: str, fields: Json) -> list[tuple[Update, bool]]:
    """Each command and a catalogue file, and whether this person may give it."""
    commands = [(command(bot, who, text, field, **fields), who in may) for text, may in COMMANDS.items()]
    return [*commands, (document(bot, who, "shop.toml", field, **fields), who == OWNER)]


@pytest.mark.parametrize("who", PEOPLE)
async def test_in_person_staff_get_what_is_theirs_and_strangers_what_an_unknown_command_gets(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, who: TelegramId
) -> None:
    telegram.files["file-1"] = b""
    for update, may in everything(bot, who, "message", {}):
        telegram.calls.clear()
        shop.unknown.clear()
        assert await shop.feed(update)
        assert bool(telegram.made("sendMessage")) is may
        assert shop.unknown == ([] if may else [update])


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("who", PEOPLE)
async def test_what_was_not_said_in_person_does_nothing_and_is_written_down(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, who: TelegramId, origin: str
) -> None:
    expected, field, fields = ORIGINS[origin]
    for update, may in everything(bot, who, field, fields):
        shop.unknown.clear()
        assert await shop.feed(update)
        assert shop.unknown == ([] if may else [update])
    assert telegram.calls == []
    noted = await shop.audit()
    assert [(actor, action, data["origin"]) for actor, action, data in noted] == [
        (who, "command.refused", expected)
    ] * 4


@pytest.mark.parametrize("origin", NOBODY)
async def test_who_is_nobody_in_particular_is_told_nothing(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, origin: str
) -> None:
    expected, field, fields = NOBODY[origin]
    for update, _ in everything(bot, OWNER, field, fields):
        assert await shop.feed(update)
    assert (telegram.calls, shop.unknown) == ([], [])
    assert [(actor, data["origin"]) for actor, _, data in await shop.audit()] == [(None, expected)] * 4


async def test_a_command_in_the_words_of_a_customer_is_none_of_ours(shop: StaffShop, bot: Bot) -> None:
    assert not await shop.feed(command(bot, OWNER, "/start"))
    assert not await shop.feed(document(bot, OWNER, "holiday.pdf"))
    assert not await shop.feed(tap(bot, OWNER, "1:h"))


TAPS = {
    "1:xs:0:1fw3:1fw3": {OWNER, MANAGER},
    "1:xc:1:0": {OWNER, MANAGER},
    "1:xt:1:1": {OWNER, MANAGER, DOOR},
    "1:xw:1:1": {OWNER, MANAGER, DOOR},
}


@pytest.mark.parametrize("data", [*TAPS, "1:xi:abc", "1:xo:1"])
@pytest.mark.parametrize("chat", ["private", "group"])
async def test_a_tap_of_a_stranger_is_answered_with_nothing(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, data: str, chat: str
) -> None:
    assert await shop.feed(tap(bot, STRANGER, data, group() if chat == "group" else None))
    assert telegram.calls == [("answerCallbackQuery", {"callback_query_id": "q1"})]
    assert [(actor, action) for actor, action, _ in await shop.audit()] == [(STRANGER, "tap.refused")]


@pytest.mark.parametrize("data", ["1:xs:0:kglz:kglz", "1:xt:kglz:1", "1:xa:1", "1:xi:abc"])
async def test_figures_and_names_are_not_brought_up_in_a_group(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, data: str
) -> None:
    assert await shop.feed(tap(bot, OWNER, data, group()))
    assert [method for method, _ in telegram.calls] == ["answerCallbackQuery"]


@pytest.mark.parametrize(
    "data",
    ["1:xs", "1:xs:0:1", "1:xs:9:kglz:kglz", "1:xs:1:kglz:kglz", "1:xs:0:0:0", "1:xs:3:2:1", "1:xs:0:zzzzzz:zzzzzz",
     "1:xt:1:1", "1:xt:!:1", "1:xc:9:0", "1:xo:9", "1:xi:abc", "1:xd:", "1:xw:1", "1:xw:9:1"],
)  # fmt: skip
async def test_a_forged_or_old_button_says_that_it_is_out_of_date(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, data: str
) -> None:
    assert await shop.feed(tap(bot, OWNER, data))
    (said,) = telegram.made("editMessageText")
    assert "out of date" in str(said["text"])


@pytest.mark.parametrize("data", ["1:xq:1", "1:xz", "1:x" + "a" * 70])
async def test_a_button_without_meaning_is_answered_and_nothing_else(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, data: str
) -> None:
    assert await shop.feed(tap(bot, OWNER, data))
    assert [method for method, _ in telegram.calls] == ["answerCallbackQuery"]


async def test_staff_are_told_when_the_database_is_busy(shop: StaffShop, telegram: RecordedTelegram, bot: Bot) -> None:
    shop.catalogue.refusal = DatabaseBusy("locked")
    telegram.files["file-1"] = b""
    await shop.feed(document(bot, OWNER, "shop.toml"))
    assert "nothing was changed" in str(telegram.made("sendMessage")[0]["text"])


async def test_a_button_is_told_of_a_busy_database_too(shop: StaffShop, telegram: RecordedTelegram, bot: Bot) -> None:
    shop.catalogue.changes = [Change(ChangeKind.ADDED, "resource", "sunrise")]
    telegram.files["file-1"] = b""
    await shop.feed(document(bot, OWNER, "shop.toml"))
    shop.catalogue.refusal = DatabaseBusy("locked")
    await shop.feed(tap(bot, OWNER, buttons(telegram.made("sendMessage")[0])["Apply"]))
    assert "nothing was changed" in str(telegram.made("sendMessage")[1]["text"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_role_sees_its_own_commands(database_url: str, language: str) -> None:
    texts = Translations(("en", "fr")).for_(language)
    names = {role: [name for name, _ in staff_commands(role, texts)] for role in StaffRole}
    assert names == {
        StaffRole.OWNER: ["today", "sales", "attention"],
        StaffRole.MANAGER: ["today", "sales", "attention"],
        StaffRole.DOOR: ["today"],
    }
