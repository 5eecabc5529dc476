"""/mydata and /forgetme as customers see them."""

import json
from datetime import timedelta

import pytest

from handlers.callbacks import Action, pack
from handlers.personal_data import EPOCH, MINUTE
from storage import schema
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_link, to_the_ticket
from tests.stored import tables_with

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_mydata_is_a_file_with_a_few_words(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/mydata")
    sent = counter.screen(ADA)
    assert sent.document is not None
    assert (sent.document.name, sent.document.mime_type) == ("my-data.json", "application/json")
    assert sent.text.startswith("What I know about you")
    content = counter.telegram.file(sent.document.file_id)
    assert content is not None
    assert json.loads(content.content)["customer"][0]["name"] == "Ada"


async def test_mydata_twice_in_a_minute_asks_for_patience(counter: Counter) -> None:
    for _ in range(2):
        await counter.say(ADA, "/mydata")
    assert counter.screen(ADA).text.startswith("I sent it a moment ago.")
    assert counter.calls("sendDocument") == 1


async def test_forgetme_asks_first_and_keeping_changes_nothing(counter: Counter) -> None:
    await counter.say(BLAISE, "/forgetme")
    assert counter.screen(BLAISE).text.startswith("Faut-il vous oublier")
    assert counter.labels(counter.screen(BLAISE)) == ["Tout effacer", "Garder"]
    await counter.press(BLAISE, "Garder")
    assert "customer" in await tables_with(counter.world.database, "Blaise")


async def test_forgetme_erases_whoever_confirms(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.world.advance(days=2)
    await counter.say(ADA, "/forgetme")
    await counter.press(ADA, "Erase everything")
    assert counter.screen(ADA).text.startswith("Forgotten")
    assert await tables_with(counter.world.database, "Ada", ADA) == set()
    await counter.say(ADA, "/bookings")
    assert "You have not booked anything yet." in counter.screen(ADA).text


@pytest.mark.fault(28)
async def test_two_taps_leave_as_little_as_one(counter: Counter) -> None:
    await counter.say(BLAISE, "/forgetme")
    button = counter.screen(BLAISE)
    for _ in range(2):
        counter.telegram.press(BLAISE, button.id, text="Tout effacer")
    await counter.turn()
    assert counter.screen(BLAISE).text.startswith("C’est oublié")
    assert await tables_with(counter.world.database, "Blaise", BLAISE) == set()


@pytest.mark.fault(29)
async def test_a_question_of_long_ago_erases_nothing(counter: Counter) -> None:
    await counter.say(ADA, "/forgetme")
    await counter.world.advance(minutes=11)
    await counter.press(ADA, "Erase everything")
    assert counter.screen(ADA).text.startswith("This menu is out of date")
    assert "customer" in await tables_with(counter.world.database, "Ada")


@pytest.mark.fault(43)
@pytest.mark.parametrize("fields", [(), (0,), ("zzzzzzzzzzzz",), ("x",)])
async def test_forged_confirmations_erase_nothing(counter: Counter, fields: tuple[int | str, ...]) -> None:
    await counter.say(ADA, "/start")
    tomorrow = (counter.world.clock.now() + timedelta(days=1) - EPOCH) // MINUTE
    for data in (pack(Action.FORGET_ME, *fields), pack(Action.FORGET_ME, tomorrow)):
        await counter.forge(ADA, data)
    assert "customer" in await tables_with(counter.world.database, "Ada")


async def test_an_order_that_is_held_comes_first(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.say(ADA, "/forgetme")
    assert "please pay or cancel it first" in counter.screen(ADA).text
    assert counter.labels(counter.screen(ADA)) == ["My bookings"]


async def test_what_has_opened_since_the_question_still_stands_in_the_way(counter: Counter) -> None:
    await counter.say(ADA, "/forgetme")
    question = counter.screen(ADA)
    await to_the_link(counter, ADA)
    await counter.press(ADA, "Erase everything", question.id)
    assert [row._mapping["telegram_id"] for row in await counter.world.rows(schema.customer)] == [ADA]
    assert any(message.text.startswith("Not yet") for message in counter.messages(ADA))
