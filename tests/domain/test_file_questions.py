"""Rules of how a catalogue file asks its questions."""

import tomllib

from bot.domain.catalogue_entries import CatalogueMistake
from bot.domain.file_questions import kept_answer, kept_questions, read_answer, read_kept, read_questions
from bot.domain.file_tables import Table
from bot.domain.questions import Answer, Per, Question, QuestionKind

GOOD = """
[[question]]
slug = "name"
kind = "name"
per = "guest"
required = true
text = { en = "Your name?", fr = "Votre nom ?" }

[[question]]
slug = "size"
kind = "choice"
text = { en = "Your size?", fr = "Votre taille ?" }
option = [
  { slug = "s", name = { en = "Small", fr = "Petit" } },
  { slug = "l", name = { en = "Large", fr = "Grand" } },
]

[[question]]
slug = "age"
kind = "number"
least = 6
most = 99
text = { en = "Your age?", fr = "Votre âge ?" }
"""


def read(written: str) -> tuple[tuple[Question, ...], list[CatalogueMistake]]:
    mistakes: list[CatalogueMistake] = []
    return read_questions(Table(tomllib.loads(written), "", mistakes), ("en", "fr")), mistakes


def wrong(line: str) -> list[str]:
    """Where a question with one more or another line is wrong."""
    usual = {"slug": '"a"', "kind": '"text"', "text": '{ en = "A?", fr = "A ?" }'}
    key, _, value = line.partition(" = ")
    rows = "\n".join(f"{name} = {each}" for name, each in {**usual, key: value}.items())
    return [mistake.path for mistake in read(f"[[question]]\n{rows}")[1]]


def test_questions_are_read_in_their_order() -> None:
    (name, size, age), mistakes = read(GOOD)
    assert mistakes == []
    assert (name.kind, name.per, name.required) == (QuestionKind.NAME, Per.GUEST, True)
    assert (size.per, size.required, size.values) == (Per.BOOKING, False, ("s", "l"))
    assert (age.least, age.most) == (6, 99)


def test_what_is_kept_is_read_back_as_it_was() -> None:
    questions, _ = read(GOOD)
    assert read_kept(kept_questions(questions)) == questions
    assert read_kept(kept_questions(())) == ()
    for question in questions:
        said = Answer(question, 2, "l")
        assert read_answer(kept_answer(said), 2, "l") == said


def test_every_mistake_is_told_with_its_place() -> None:
    assert wrong('kind = "riddle"') == ["question[0].kind"]
    assert wrong('kind = "choice"') == ["question[0].option"]
    assert wrong('per = "dog"') == ["question[0].per"]
    assert wrong('required = "yes"') == ["question[0].required"]
    assert wrong("longest = 100000") == ["question[0].longest"]
    assert wrong('text = { en = "A?" }') == ["question[0].text.fr"]
    assert wrong('option = [{ slug = "s" }]') == ["question[0].option"]
    assert wrong("least = 3") == ["question[0].least"]


def test_there_is_an_end_to_questions() -> None:
    rows = "".join(f'[[question]]\nslug = "q{n}"\nkind = "text"\ntext = {{ en = "?", fr = "?" }}\n' for n in range(11))
    assert [mistake.path for mistake in read(rows)[1]] == ["question"]
