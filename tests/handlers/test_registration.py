"""Commands are in the menu of whoever may use them; who blocks us is marked; what fails is written down."""

import pytest
from sqlalchemy import select
from telegram import Update
from telegram.error import Forbidden, NetworkError

from bot.domain.ids import TelegramId
from handlers.registration import Menus, customer_handlers
from handlers.texts import Texts
from storage import schema
from tests.handlers.counter import ADA, BLAISE, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def more(texts: Texts) -> list[tuple[str, str]]:
    return [("sales", texts.gettext("How the shop is doing"))]


async def test_the_menu_is_in_the_readers_language(counter: Counter) -> None:
    await Menus(counter.desk.translations, {}).announce(counter.application.bot)
    assert ("start", "What is on offer") in counter.telegram.commands(ADA)
    assert ("start", "Ce que nous proposons") in counter.telegram.commands(BLAISE)


async def test_staff_see_theirs_on_top(counter: Counter) -> None:
    counter.telegram.start(BLAISE)
    staff = {TelegramId(BLAISE): more, TelegramId(4): more}  # the last one has never written
    await Menus(counter.desk.translations, staff).announce(counter.application.bot)
    assert counter.telegram.commands(BLAISE)[0] == ("sales", "Comment va la boutique")
    assert "sales" not in dict(counter.telegram.commands(ADA))


async def test_staff_who_come_later_get_their_menu_with_start(counter: Counter) -> None:
    menus = Menus(counter.desk.translations, {TelegramId(ADA): more})
    await menus.announce(counter.application.bot)
    counter.application.handlers.clear()
    counter.application.add_handlers(customer_handlers(counter.conversation, menus.started))
    for user in (ADA, BLAISE):
        await counter.say(user, "/start")
    assert counter.telegram.commands(ADA)[0] == ("sales", "How the shop is doing")
    assert "sales" not in dict(counter.telegram.commands(BLAISE))


@pytest.mark.fault(25)
async def test_whoever_blocks_us_is_marked(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    counter.telegram.say(ADA, "/start")
    waiting = counter.telegram.next_update()
    assert waiting is not None
    update = Update.de_json(dict(waiting.as_json()), counter.application.bot)
    assert update is not None
    counter.wire.refused["sendPhoto"] = [(403, "Forbidden: bot was blocked by the user")]
    await counter.application.process_update(update)
    async with counter.world.database.read() as connection:
        blocked = await connection.execute(
            select(schema.customer.c.blocked_at).where(schema.customer.c.telegram_id == ADA)
        )
        assert blocked.scalar_one() is not None


@pytest.mark.parametrize("error", [NetworkError("reset"), RuntimeError("planted"), Forbidden("blocked")])
async def test_no_failure_stops_the_bot(counter: Counter, error: Exception) -> None:
    await counter.application.process_error(None, error)
    await counter.say(ADA, "/start")
    assert counter.screen(ADA).text.startswith("Lac")
