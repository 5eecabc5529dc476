"""Whoever writes the bot's name in any chat can put something of the catalogue there."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from handlers.inline import MOST
from storage import schema
from tests.builders import add_event
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_card

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_an_empty_query_shows_what_there_is(counter: Counter) -> None:
    proposed = await counter.ask(ADA, "")
    assert [each.title for each in proposed.results] == ["Sunrise", "Lantern"]
    assert proposed.results[0].description.startswith("3 h · from €39 · ")
    assert proposed.next_offset == ""


async def test_words_narrow_it_down_in_the_askers_language(counter: Counter) -> None:
    proposed = await counter.ask(BLAISE, "lant")
    assert [each.title for each in proposed.results] == ["Lantern (fr)"]
    assert (await counter.ask(BLAISE, "volcano")).results == ()


async def test_what_is_sent_leads_into_the_shop(counter: Counter) -> None:
    await counter.ask(ADA, "sunrise")
    posted = counter.telegram.send_proposed(ADA, counter.asked, "sunrise")
    message = counter.telegram.message(ADA, posted.message_id)
    assert message.text.startswith("Sunrise\n")
    assert "from €39" in message.text.replace("\N{NO-BREAK SPACE}", " ")
    link = message.keyboard[0][0].value
    assert urlsplit(link).hostname == "t.me"
    before = len(counter.messages(ADA))
    await counter.turn()
    assert len(counter.messages(ADA)) == before, "what a bot has made is no order to us"
    await counter.say(ADA, f"/start {parse_qs(urlsplit(link).query)['start'][0]}")
    assert "Choose a date" in counter.labels(counter.screen(ADA))


async def test_the_card_is_shared_by_asking_for_it_in_another_chat(counter: Counter) -> None:
    await to_the_card(counter, ADA)
    (share,) = [button for row in counter.screen(ADA).keyboard for button in row if button.text == "Share"]
    assert (share.kind, share.value) == ("inline", "Sunrise")
    assert [each.title for each in (await counter.ask(ADA, share.value)).results] == ["Sunrise"]


async def test_more_than_fifty_come_in_parts(counter: Counter) -> None:
    for number in range(MOST):
        await add_event(counter.world.database, counter.world.shop.category_id, f"tour-{number}", position=9)
    first = await counter.ask(ADA, "")
    rest = await counter.ask(ADA, "", first.next_offset)
    assert (len(first.results), len(rest.results), rest.next_offset) == (MOST, 2, "")
    assert not {each.id for each in first.results} & {each.id for each in rest.results}


@pytest.mark.fault(44)
@pytest.mark.parametrize("query", ["x" * 256, "<b>&", "\u202esun", "😀" * 128, "%' OR 1=1 --", "sun:" * 60])
async def test_odd_queries_are_harmless(counter: Counter, query: str) -> None:
    await counter.ask(ADA, query)


@pytest.mark.fault(43)
@pytest.mark.parametrize("offset", ["-1", "9" * 64, "x", "٣", "1e9", " 1"])
async def test_a_forged_offset_begins_anew_or_ends(counter: Counter, offset: str) -> None:
    assert len((await counter.ask(ADA, "", offset)).results) in {0, 2}


async def test_whoever_only_asks_is_not_stored(counter: Counter) -> None:
    counter.telegram.add_user(77, "Zoé", "fr", started=True)
    assert (await counter.ask(77, "")).results[0].title == "Sunrise (fr)"
    async with counter.world.database.read() as connection:
        assert 77 not in (await connection.scalars(select(schema.customer.c.telegram_id))).all()


async def test_a_query_that_waits_for_nobody_is_let_go(counter: Counter) -> None:
    counter.wire.refused["answerInlineQuery"] = [
        (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    ]
    counter.telegram.ask_inline(ADA, "sunrise")
    await counter.turn()
    assert [each.title for each in (await counter.ask(ADA, "sunrise")).results] == ["Sunrise"]


async def test_what_is_sold_out_says_so(counter: Counter) -> None:
    everything = update(schema.inventory).values(taken=schema.inventory.c.capacity)
    await counter.world.database.run(lambda connection: connection.execute(everything))
    proposed = await counter.ask(ADA, "lantern")
    assert proposed.results[0].description.startswith("sold out")
    await counter.world.remember_unclaimed()
