"""Reads the questions of a resource, from a catalogue file or from where they are kept, and writes them."""

from collections.abc import Iterable, Sequence

from bot.domain.file_tables import Table
from bot.domain.questions import LONGEST_NAME, LONGEST_TEXT, Answer, Option, Per, Question, QuestionKind

KEY = "question"
MOST_QUESTIONS = 10
MOST_OPTIONS = 20
LONGEST_OPTION = 40
_MOST_NUMBER = 999_999_999

Written = dict[str, object]


def read_questions(table: Table, languages: Sequence[str]) -> tuple[Question, ...]:
    """What stands under `question`, every mistake noted."""
    taken: set[str] = set()
    found = table.tables(KEY)
    if len(found) > MOST_QUESTIONS:
        table.wrong(KEY, f"at most {MOST_QUESTIONS} questions")
    return tuple(_question(each, languages, taken) for each in found)


def written_questions(questions: Iterable[Question]) -> list[Written]:
    """The questions as a file and the database have them."""
    return [_written(each) for each in questions]


def kept_questions(questions: Iterable[Question]) -> list[Written] | None:
    """The same; nothing where nothing is asked."""
    return written_questions(questions) or None


def read_kept(kept: object) -> tuple[Question, ...]:
    """What `kept_questions` made."""
    return read_questions(Table({KEY: kept}, "", []), ()) if kept else ()


def kept_answer(answer: Answer) -> Written:
    """A question, as it was asked, beside its answer."""
    return _written(answer.question)


def read_answer(kept: object, guest: int, value: str) -> Answer:
    """What `kept_answer` made, with what was answered."""
    return Answer(read_kept([kept])[0], guest, value)


def _question(table: Table, languages: Sequence[str], taken: set[str]) -> Question:
    kind = _kind(table)
    lengths = {QuestionKind.NAME: LONGEST_NAME, QuestionKind.TEXT: LONGEST_TEXT}
    question = Question(
        slug=table.slug(taken),
        kind=kind,
        per=Per(table.choice("per", [per.value for per in Per]) or Per.BOOKING) if table.has("per") else Per.BOOKING,
        required=_required(table),
        text=table.texts("text", languages, longest=200),
        options=_options(table, languages) if kind is QuestionKind.CHOICE else (),
        longest=table.integer("longest", most=lengths[kind], default=lengths[kind])
        if kind in lengths
        else LONGEST_TEXT,
        least=table.integer("least", least=0, most=_MOST_NUMBER, default=0) if kind is QuestionKind.NUMBER else 0,
        most=table.integer("most", least=0, most=_MOST_NUMBER, default=999) if kind is QuestionKind.NUMBER else 999,
    )
    if question.least > question.most:
        table.wrong("most", f"a number that is not less than {question.least}")
    table.finish()
    return question


def _kind(table: Table) -> QuestionKind:
    found = table.choice("kind", [kind.value for kind in QuestionKind])
    return QuestionKind(found) if found else QuestionKind.TEXT


def _required(table: Table) -> bool:
    found = table.value("required")
    if found is not None and not isinstance(found, bool):
        table.wrong("required", "true or false")
    return found is True


def _options(table: Table, languages: Sequence[str]) -> tuple[Option, ...]:
    taken: set[str] = set()
    rows = table.tables("option")
    if not 2 <= len(rows) <= MOST_OPTIONS:
        table.wrong("option", f"2 to {MOST_OPTIONS} tables, each with slug and name")
    found = []
    for row in rows:
        found.append(Option(row.slug(taken), row.texts("name", languages, longest=LONGEST_OPTION)))
        row.finish()
    return tuple(found)


def _written(question: Question) -> Written:
    written: Written = {
        "slug": question.slug,
        "kind": question.kind.value,
        "per": question.per.value,
        "required": question.required,
        "text": dict(question.text),
    }
    match question.kind:
        case QuestionKind.CHOICE:
            written["option"] = [{"slug": each.slug, "name": dict(each.name)} for each in question.options]
        case QuestionKind.NUMBER:
            written |= {"least": question.least, "most": question.most}
        case QuestionKind.NAME | QuestionKind.TEXT:
            written["longest"] = question.longest
    return written
