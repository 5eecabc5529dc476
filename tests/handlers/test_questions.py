"""Questions in the chat: one at a time before anything can be held, with a way back, around and out."""

import pytest

from bot.domain.questions import Question
from handlers.callbacks import Action, pack, packed_counts
from storage import schema
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_guests, to_the_summary
from tests.rentals import add_rental
from tests.services.asking import AGE, DIET, NAME, SIZE, SWIMS, ask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def asking(counter: Counter, *questions: Question, user: int = ADA) -> None:
    """Two adults, and the shop wants to know this."""
    await ask(counter.world.database, counter.world.shop.event.id, *questions)
    await to_the_guests(counter, user)
    await counter.press(user, "+")
    await counter.press(user, "Continuer" if user == BLAISE else "Continue")


def shown(counter: Counter, user: int = ADA) -> str:
    return counter.screen(user).text


def labels(counter: Counter, user: int = ADA) -> list[str]:
    return counter.labels(counter.screen(user))


async def answers(counter: Counter) -> list[tuple[object, object]]:
    return [(row._mapping["guest"], row._mapping["value"]) for row in await counter.world.rows(schema.answer)]


async def test_without_questions_paying_is_one_tap_away(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    assert labels(counter)[:2] == ["Hold and pay", "Add to basket"]
    assert "Change answers" not in labels(counter)


async def test_questions_are_asked_one_by_one_before_anything_can_be_held(counter: Counter) -> None:
    await asking(counter, SWIMS, NAME)
    assert labels(counter) == ["Answer 3 questions", "Back"]
    await counter.press(ADA, "Answer 3 questions")
    assert shown(counter).startswith("Can all swim?")
    assert labels(counter) == ["Yes", "No", "Back"]
    await counter.press(ADA, "Yes")
    assert "Guest 1 of 2" in shown(counter)
    await counter.say(ADA, "Ada")
    assert "Guest 2 of 2" in shown(counter)
    await counter.say(ADA, "Blaise <b>Pascal</b>")
    assert labels(counter) == ["Hold and pay", "Add to basket", "Change answers", "Back"]
    assert "Guest 2 · Your name? Blaise <b>Pascal</b>" in shown(counter)
    await counter.press(ADA, "Hold and pay")
    assert await answers(counter) == [(0, "yes"), (1, "Ada"), (2, "Blaise <b>Pascal</b>")]


async def test_what_is_not_required_can_be_skipped(counter: Counter) -> None:
    await asking(counter, DIET)
    await counter.press(ADA, "Answer 1 question")
    await counter.press(ADA, "Skip")
    await counter.press(ADA, "Hold and pay")
    assert await answers(counter) == []
    assert len(await counter.orders()) == 1


@pytest.mark.parametrize(
    ("question", "written", "said"),
    [
        (NAME, "123", "That is no name"),
        (NAME, "x" * 61, "That is too long: at most 60 characters, please."),
        (AGE, "old", "That does not fit: please write a number from 4 to 99."),
        (AGE, "100", "That does not fit: please write a number from 4 to 99."),
        (SIZE, "Huge", "That is none of the answers"),
        (SWIMS, "perhaps", "That is none of the answers"),
    ],
)
async def test_a_bad_answer_is_told_what_is_possible(
    counter: Counter, question: Question, written: str, said: str
) -> None:
    await asking(counter, question)
    await counter.press(ADA, "Answer")
    await counter.say(ADA, written)
    assert shown(counter).startswith(said)
    assert await counter.world.rows(schema.draft_answer) == []


async def test_an_option_may_also_be_written(counter: Counter) -> None:
    await asking(counter, SIZE, user=BLAISE)
    await counter.press(BLAISE, "Répondre")
    await counter.say(BLAISE, "petit")
    await counter.press(BLAISE, "Grand")
    await counter.press(BLAISE, "Réserver et payer")
    assert await answers(counter) == [(1, "s"), (2, "l")]


async def test_one_can_go_back_and_change_an_answer_before_paying(counter: Counter) -> None:
    await asking(counter, SWIMS, NAME)
    await counter.press(ADA, "Answer")
    await counter.press(ADA, "Yes")
    await counter.press(ADA, "Back")
    assert "Your answer: Yes" in shown(counter)
    assert labels(counter) == ["Yes", "No", "Keep it", "Back"]
    await counter.press(ADA, "Keep it")
    await counter.say(ADA, "Ada")
    await counter.say(ADA, "Blaise")
    await counter.press(ADA, "Change answers")
    assert labels(counter)[:3] == ["Yes · Can all swim?", "Guest 1: Ada · Your name?", "Guest 2: Blaise · Your name?"]
    await counter.press(ADA, "Guest 1")
    await counter.say(ADA, "Augusta")
    await counter.press(ADA, "Hold and pay")
    assert await answers(counter) == [(0, "yes"), (1, "Augusta"), (2, "Blaise")]


async def test_a_command_or_another_tap_leaves_the_questions_without_harm(counter: Counter) -> None:
    await asking(counter, NAME)
    await counter.press(ADA, "Answer")
    await counter.say(ADA, "/help")
    await counter.say(ADA, "sunrise")
    assert shown(counter).startswith("1 result for “sunrise”")
    await to_the_summary(counter, ADA)
    await counter.press(ADA, "Answer")
    await counter.press(ADA, "Back")
    await counter.say(ADA, "sunrise")
    assert shown(counter).startswith("1 result for “sunrise”")
    assert await counter.world.rows(schema.draft_answer) == []


async def test_words_long_after_a_question_are_no_answer(counter: Counter) -> None:
    await asking(counter, NAME)
    await counter.press(ADA, "Answer")
    await counter.world.advance(hours=2)
    await counter.say(ADA, "sunrise")
    assert shown(counter).startswith("1 result for “sunrise”")


@pytest.mark.fault(29)
async def test_an_old_button_does_not_answer_another_question(counter: Counter) -> None:
    await asking(counter, SWIMS)
    await counter.press(ADA, "Answer")
    yes = counter.screen(ADA).keyboard[0][0].value
    await ask(counter.world.database, counter.world.shop.event.id, SIZE)
    await counter.forge(ADA, yes)
    assert shown(counter).startswith("This menu is out of date")
    assert await counter.world.rows(schema.draft_answer) == []


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "fields", [(), ("s",), ("q", "zz"), ("a", "0", "0"), ("a", "0", "99"), ("l",), ("n", "-1"), ("?",)]
)
async def test_a_forged_button_of_the_questions_is_answered_kindly(counter: Counter, fields: tuple[str, ...]) -> None:
    await asking(counter, SWIMS)
    shop = counter.world.shop
    for row in (shop.slots[0], 4711):
        counts = packed_counts({shop.event.fares["adult"]: 2})
        await counter.forge(ADA, pack(Action.ANSWER, row, counts, 0, *fields))
    assert await counter.world.rows(schema.draft_answer) == []


async def test_a_stay_has_its_questions_and_its_nights_all_the_way(counter: Counter) -> None:
    room = await add_rental(counter.world.database, counter.world.shop.category_id)
    await ask(counter.world.database, room.id, SWIMS, DIET)
    await counter.say(ADA, "/start r_room")
    for label in ("Choose your dates", "26", "29", "Continue", "Answer 2 questions", "Yes"):
        await counter.press(ADA, label)
    await counter.say(ADA, "no nuts")
    assert labels(counter)[:3] == ["Hold and pay", "Add to basket", "Change answers"]
    assert "3 nights" in shown(counter).replace("\N{NO-BREAK SPACE}", " ")
    await counter.press(ADA, "Hold and pay")
    assert await answers(counter) == [(0, "yes"), (0, "no nuts")]
    (order,) = await counter.orders()
    assert len((await counter.world.case(order)).claims) == 3
