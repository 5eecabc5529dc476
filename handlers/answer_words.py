"""How questions and their answers read: to the guest who gives them, and to the staff who need them."""

from collections.abc import Sequence

from bot.domain.errors import BadAnswer
from bot.domain.questions import NO, YES, Answer, Fault, Question, QuestionKind
from handlers import markup
from handlers.texts import Texts

MOST_OF_A_QUESTION, MOST_ON_A_LINE = 80, 160


def answer_lines(answers: Sequence[Answer], texts: Texts) -> tuple[str, ...]:
    """A line for each: "Guest 1 · What is your name? Ada". A long question gives way, an answer never."""
    return tuple(markup.line(_line(each, texts)) for each in answers)


def short_lines(answers: Sequence[Answer], texts: Texts) -> tuple[str, ...]:
    """The same for whoever has given the answers, and needs but to recognise them."""
    return tuple(markup.cut(line, MOST_ON_A_LINE) for line in answer_lines(answers, texts))


def _line(answer: Answer, texts: Texts) -> str:
    question = markup.cut(texts.own(answer.question.text), MOST_OF_A_QUESTION)
    said = {"question": question, "answer": value(answer, texts)}
    if answer.guest:
        return texts.gettext("Guest {number} · {question} {answer}", number=answer.guest, **said)
    return texts.gettext("{question} {answer}", **said)


def value(answer: Answer, texts: Texts) -> str:
    """What was answered, in the reader's language where the shop knows the words."""
    return label(answer.question, answer.value, texts)


def label(question: Question, kept: str, texts: Texts) -> str:
    """How an answer that can be tapped is called; any other is what was written."""
    if question.kind is QuestionKind.YES_NO:
        return {YES: texts.gettext("Yes"), NO: texts.gettext("No")}.get(kept, kept)
    return texts.own(Answer(question, 0, kept).words) or kept


def understood(question: Question, written: str, texts: Texts) -> str:
    """What was written, or the answer that is called so."""
    wanted = written.strip().casefold()
    found = (kept for kept in question.values if label(question, kept, texts).casefold() == wanted)
    return next(found, written)


def kept_or_dash(question: Question, kept: str | None, texts: Texts) -> str:
    """The answer, or a dash where there is none."""
    return label(question, kept, texts) if kept else "–"


def how_to_answer(question: Question, texts: Texts) -> str:
    """What to do now."""
    match question.kind:
        case QuestionKind.NAME:
            return texts.gettext("Please write the name here.")
        case QuestionKind.TEXT:
            return texts.gettext("Please write it here, in a few words.")
        case QuestionKind.NUMBER:
            least, most = texts.number(question.least), texts.number(question.most)
            return texts.gettext("Please write a number from {least} to {most}.", least=least, most=most)
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            return texts.gettext("Please choose.")


def bad_answer(refusal: BadAnswer, texts: Texts) -> str:
    """What is possible instead."""
    match refusal.why:
        case Fault.TOO_LONG:
            return texts.ngettext(
                "That is too long: at most {count} character, please.",
                "That is too long: at most {count} characters, please.",
                refusal.most,
            )
        case Fault.NO_NAME:
            return texts.gettext("That is no name: please write one with letters.")
        case Fault.NO_NUMBER:
            least, most = texts.number(refusal.least), texts.number(refusal.most)
            return texts.gettext(
                "That does not fit: please write a number from {least} to {most}.", least=least, most=most
            )
        case Fault.NO_OPTION:
            return texts.gettext("That is none of the answers: please tap one of them.")
        case _:
            return texts.gettext("The shop needs an answer to this.")
