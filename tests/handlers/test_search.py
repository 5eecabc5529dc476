"""Any words are a question for the catalogue: what they find, and what is said when they find nothing."""

import pytest
from sqlalchemy import update

from storage import schema
from tests.builders import add_event
from tests.handlers.counter import ADA, BLAISE, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ODD = [
    "x" * 4096,
    "<b>&amp;" * 400,
    "\u202esunrise\u202c",
    "😀" * 2000,
    "sun " * 1000,
    "a:b:c::" * 50,
    "%' OR 1=1 --",
    "é" * 4000,
    "1:0:sunrise:1",
    "मराठी 日本語 عربى",
]


async def many(counter: Counter, count: int = 8) -> None:
    category = counter.world.shop.category_id
    for number in range(count):
        await add_event(counter.world.database, category, f"tour-{number}", position=number + 5)


async def test_words_find_things_and_the_way_back_leads_to_the_results(counter: Counter) -> None:
    await counter.say(ADA, "SUNR")
    found = counter.screen(ADA)
    assert found.text.startswith("1 result for “SUNR”\nSunrise, 3 h, from €39")
    await counter.press(ADA, "Sunrise")
    card = counter.screen(ADA)
    assert card.id == found.id
    assert "Choose a date" in counter.labels(card)
    await counter.press(ADA, "Back")
    assert counter.screen(ADA).text == found.text


async def test_words_are_read_in_french_too(counter: Counter) -> None:
    await counter.say(BLAISE, "sunrise")
    nbsp = "\N{NO-BREAK SPACE}"
    assert counter.screen(BLAISE).text.startswith(f"1 résultat pour «{nbsp}sunrise{nbsp}»")
    await counter.say(BLAISE, "volcan")
    assert counter.screen(BLAISE).text.startswith(f"Rien trouvé pour «{nbsp}volcan{nbsp}»")


async def test_search_without_words_asks_for_them(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    await counter.press(ADA, "Search")
    assert counter.screen(ADA).text.startswith("Search\nWhat are you looking for?")
    await counter.press(ADA, "Back")
    assert counter.screen(ADA).text.startswith("Lac & Sentiers")
    await counter.say(ADA, "/search")
    assert counter.screen(ADA).text.startswith("Search\n")
    await counter.say(ADA, "/search \n lantern ")
    assert counter.screen(ADA).text.startswith("1 result for “lantern”")


async def test_nothing_found_offers_the_categories(counter: Counter) -> None:
    await counter.say(ADA, "volcano")
    shown = counter.screen(ADA)
    assert shown.text.startswith("Nothing found for “volcano”")
    assert counter.labels(shown) == ["🥾 Walks", "Back"]


async def test_many_results_come_in_pages_that_survive_a_restart(counter: Counter) -> None:
    await many(counter)
    await counter.say(ADA, "tour")
    assert "1/2" in counter.labels(counter.screen(ADA))
    await counter.press(ADA, "›")
    second = counter.screen(ADA)
    assert second.text.startswith("8 results for “tour”")
    await counter.press(ADA, "Tour-7")
    await counter.press(ADA, "Back")
    assert counter.screen(ADA).text == second.text


async def test_results_that_are_gone_since_are_told(counter: Counter) -> None:
    await counter.say(ADA, "sunrise")
    closing = update(schema.resource).values(active=False)
    await counter.world.database.run(lambda connection: connection.execute(closing))
    await counter.press(ADA, "Sunrise")
    assert "no longer on offer" in counter.screen(ADA).text


async def test_a_shop_with_nothing_on_offer_finds_nothing_kindly(counter: Counter) -> None:
    closing = update(schema.resource).values(active=False)
    await counter.world.database.run(lambda connection: connection.execute(closing))
    await counter.say(ADA, "sunrise")
    assert counter.screen(ADA).text.startswith("Nothing found for “sunrise”")


@pytest.mark.parametrize("text", ["👍", "???", "…"])
async def test_what_holds_no_word_gets_a_hint(counter: Counter, text: str) -> None:
    await counter.say(ADA, text)
    assert counter.screen(ADA).text.startswith("I understand buttons best")
    await counter.say(ADA, f"/search {text}")
    assert counter.screen(ADA).text.startswith("Search\n")


@pytest.mark.fault(44)
@pytest.mark.parametrize("text", ODD)
async def test_odd_words_are_harmless(counter: Counter, text: str) -> None:
    await counter.say(ADA, text)
    shown = counter.screen(ADA)
    assert "“" in shown.text or shown.text.startswith("I understand buttons best")
    assert "\u202e" not in shown.text
    await counter.say(ADA, f"/search {text}"[:4096])


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "data",
    [
        "1:0:",
        "1:0:sunrise",
        "1:0:sunrise:",
        "1:0:sunrise:1:",
        "1:0:sunrise:1:zz:1",
        "1:0:sunrise:x!",
        "1:0:<b>:1:zzzz",
    ],
)
async def test_forged_searches_are_refused(counter: Counter, data: str) -> None:
    await counter.say(ADA, "/start")
    await counter.forge(ADA, data)
    assert counter.screen(ADA).text.startswith(("This menu is out of date", "This is no longer on offer"))


@pytest.mark.fault(43)
@pytest.mark.parametrize("data", ["1:0:sunrise:zzzzzzzzzzzz", "1:0:sunrise:0", "1:0: <b>SUN</b>  :1", "1:0::1"])
async def test_a_forged_page_or_question_is_a_search_like_any_other(counter: Counter, data: str) -> None:
    await counter.say(ADA, "/start")
    await counter.forge(ADA, data)
    assert "“" in counter.screen(ADA).text
