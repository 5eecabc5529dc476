"""Rules of what guests are asked, and of which answers are taken."""

import pytest

from bot.domain.errors import AnswersMissing, BadAnswer
from bot.domain.ids import InventoryId
from bot.domain.questions import (
    LONGEST_NAME,
    SKIPPED,
    Answer,
    Fault,
    Option,
    Per,
    Question,
    QuestionKind,
    Questionnaire,
    all_asked,
    checked,
    collected,
)

ROW = InventoryId(7)


def question(
    kind: QuestionKind = QuestionKind.TEXT, *, slug: str = "q", per: Per = Per.BOOKING, required: bool = True
) -> Question:
    options = (Option("s", {"en": "Small"}), Option("m", {"en": "Medium"})) if kind is QuestionKind.CHOICE else ()
    longest = LONGEST_NAME if kind is QuestionKind.NAME else 20
    return Question(slug, kind, per, required, {"en": "?"}, options, longest, 1, 12)


NAME, DIET = question(QuestionKind.NAME, slug="name", per=Per.GUEST), question(slug="diet", required=False)


def test_the_booking_is_asked_about_first_and_then_each_guest() -> None:
    asked = all_asked((NAME, DIET), 2)
    assert [each.key for each in asked] == [("diet", 0), ("name", 1), ("name", 2)]


def test_an_answer_is_kept_without_the_space_around_it() -> None:
    assert checked(question(), "  no nuts \n") == "no nuts"
    assert checked(question(QuestionKind.NAME), " Ada \n Lovelace") == "Ada Lovelace"


@pytest.mark.parametrize(
    ("kind", "written", "fault"),
    [
        (QuestionKind.TEXT, "x" * 21, Fault.TOO_LONG),
        (QuestionKind.TEXT, " \n ", Fault.EMPTY),
        (QuestionKind.TEXT, "\0", Fault.EMPTY),
        (QuestionKind.NAME, "x" * 61, Fault.TOO_LONG),
        (QuestionKind.NAME, "12 34", Fault.NO_NAME),
        (QuestionKind.NUMBER, "many", Fault.NO_NUMBER),
        (QuestionKind.NUMBER, "-3", Fault.NO_NUMBER),
        (QuestionKind.NUMBER, "13", Fault.NO_NUMBER),
        (QuestionKind.NUMBER, "0", Fault.NO_NUMBER),
        (QuestionKind.NUMBER, "٣", Fault.NO_NUMBER),
        (QuestionKind.NUMBER, "9" * 5000, Fault.NO_NUMBER),
        (QuestionKind.CHOICE, "xl", Fault.NO_OPTION),
        (QuestionKind.YES_NO, "perhaps", Fault.NO_OPTION),
    ],
)
def test_an_answer_of_the_wrong_sort_is_refused_with_its_fault(kind: QuestionKind, written: str, fault: Fault) -> None:
    with pytest.raises(BadAnswer) as refused:
        checked(question(kind), written)
    assert refused.value.why == fault


def test_a_number_is_kept_without_leading_zeros() -> None:
    assert checked(question(QuestionKind.NUMBER), "007") == "7"


def test_only_what_is_not_required_can_be_skipped() -> None:
    assert checked(question(required=False), "") == SKIPPED
    with pytest.raises(BadAnswer):
        checked(question(), "")


def test_nothing_is_ordered_before_all_is_answered_or_skipped() -> None:
    asked = all_asked((NAME, DIET), 1)
    with pytest.raises(AnswersMissing) as missing:
        collected(ROW, asked, {("name", 1): "Ada"})
    assert missing.value.inventory_id == ROW
    assert collected(ROW, asked, {("name", 1): "Ada", ("diet", 0): SKIPPED}) == (Answer(NAME, 1, "Ada"),)


def test_an_answer_that_todays_question_does_not_take_is_asked_for_again() -> None:
    size = question(QuestionKind.CHOICE, slug="size")
    for drafts in ({("size", 0): "xl"}, {("size", 0): SKIPPED}, {}):
        assert Questionnaire(all_asked((size,), 1), drafts).open == (0,)


def test_answers_of_guests_who_do_not_come_are_left_out() -> None:
    said = collected(ROW, all_asked((NAME,), 1), {("name", 1): "Ada", ("name", 2): "Blaise"})
    assert [answer.value for answer in said] == ["Ada"]


def test_the_way_goes_on_behind_a_question_and_comes_back_to_what_is_open() -> None:
    asked = all_asked((NAME,), 3)
    assert Questionnaire(asked, {("name", 2): "B"}).after(0) == 2
    assert Questionnaire(asked, {("name", 2): "B", ("name", 3): "C"}).after(2) == 0
    assert Questionnaire(asked, {("name", guest): "X" for guest in (1, 2, 3)}).after(1) is None
