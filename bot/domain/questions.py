"""What a shop asks its guests before they pay, and which answers it takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import AnswersMissing, BadAnswer
from bot.domain.ids import FareId, InventoryId
from bot.domain.words import storable

LONGEST_NAME, LONGEST_TEXT = 60, 500
SKIPPED = ""
"""Kept where somebody was asked and did not want to say."""
YES, NO = "yes", "no"
AWAITED_FOR = timedelta(hours=1)
"""For so long after a question, what its customer writes is taken for the answer."""

Texts = Mapping[str, str]


class QuestionKind(StrEnum):
    NAME = "name"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"


class Per(StrEnum):
    GUEST = "guest"
    BOOKING = "booking"


class Fault(StrEnum):
    """What is wrong with an answer."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_NAME = "no_name"
    NO_NUMBER = "no_number"
    NO_OPTION = "no_option"


@dataclass(frozen=True)
class Option:
    slug: str
    name: Texts


@dataclass(frozen=True)
class Question:
    """`longest` bounds what is written, in characters; `least` and `most` bound a number."""

    slug: str
    kind: QuestionKind
    per: Per
    required: bool
    text: Texts
    options: tuple[Option, ...] = ()
    longest: int = LONGEST_TEXT
    least: int = 0
    most: int = 999

    @property
    def values(self) -> tuple[str, ...]:
        """All answers there are, where one of a few is to be tapped."""
        match self.kind:
            case QuestionKind.CHOICE:
                return tuple(option.slug for option in self.options)
            case QuestionKind.YES_NO:
                return (YES, NO)
            case _:
                return ()


@dataclass(frozen=True)
class Asked:
    """One question to one guest; guests count from 1, and 0 is the whole booking."""

    question: Question
    guest: int

    @property
    def key(self) -> "Key":
        return self.question.slug, self.guest


Key = tuple[str, int]
"""A question's slug, and the guest."""
Drafts = Mapping[Key, str]


@dataclass(frozen=True)
class Answer:
    """What a guest said, with the question as it was asked."""

    question: Question
    guest: int
    value: str

    @property
    def words(self) -> Texts:
        """The answer in the words of the question, where it has some."""
        return next((option.name for option in self.question.options if option.slug == self.value), {"": self.value})


@dataclass(frozen=True)
class Awaited:
    """The question whose answer a customer may write until then, for this selection."""

    inventory_id: InventoryId
    counts: Mapping[FareId, int]
    question: str
    guest: int
    until: datetime
    steps: int = 0

    @property
    def key(self) -> Key:
        return self.question, self.guest


def all_asked(questions: Sequence[Question], guests: int) -> tuple[Asked, ...]:
    """Every question in its turn: first about the booking, then guest by guest."""
    whole = (Asked(question, 0) for question in questions if question.per is Per.BOOKING)
    each = [question for question in questions if question.per is Per.GUEST]
    return (*whole, *(Asked(question, guest) for guest in range(1, guests + 1) for question in each))


def checked(question: Question, written: str) -> str:
    """An answer as it is kept; raises BadAnswer. Nothing at all is a skip, where that is allowed."""
    words = storable(written, len(written)).strip()
    if not words:
        if question.required:
            raise BadAnswer(Fault.EMPTY)
        return SKIPPED
    match question.kind:
        case QuestionKind.NAME:
            return _name(question, " ".join(words.split()))
        case QuestionKind.TEXT:
            return _short(question, words)
        case QuestionKind.NUMBER:
            return _number(question, words)
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            if words not in question.values:
                raise BadAnswer(Fault.NO_OPTION)
            return words


def unanswered(asked: Sequence[Asked], drafts: Drafts) -> Iterator[int]:
    """The places of those that have no answer which can stand today."""
    return (place for place, each in enumerate(asked) if not _stands(each.question, drafts.get(each.key)))


def collected(inventory_id: InventoryId, asked: Sequence[Asked], drafts: Drafts) -> tuple[Answer, ...]:
    """The answers that go with an order; what was skipped is left out. Raises AnswersMissing."""
    if any(True for _ in unanswered(asked, drafts)):
        raise AnswersMissing(inventory_id)
    return standing(asked, drafts)


def standing(asked: Sequence[Asked], drafts: Drafts) -> tuple[Answer, ...]:
    """What was answered and can stand today; some of it may be missing."""
    said = ((each, drafts.get(each.key, SKIPPED)) for each in asked)
    return tuple(
        Answer(each.question, each.guest, value)
        for each, value in said
        if value != SKIPPED and _stands(each.question, value)
    )


@dataclass(frozen=True)
class Questionnaire:
    """All that is asked about a selection, in its order, and what is answered of it."""

    asked: tuple[Asked, ...]
    drafts: Drafts

    @property
    def open(self) -> tuple[int, ...]:
        """The places of what has no answer yet."""
        return tuple(unanswered(self.asked, self.drafts))

    def stands(self, place: int) -> bool:
        return place not in self.open

    def said(self) -> tuple[Answer, ...]:
        """All answers so far, without what was skipped."""
        given = (Answer(each.question, each.guest, self.drafts.get(each.key, SKIPPED)) for each in self.asked)
        return tuple(answer for answer in given if answer.value != SKIPPED)

    def after(self, place: int) -> int | None:
        """Where to go on from a place: the next that is open, then any; None: all is answered."""
        waiting = self.open
        return next((each for each in waiting if each > place), waiting[0] if waiting else None)


def _stands(question: Question, value: str | None) -> bool:
    if value is None:
        return False
    try:
        return checked(question, value) == value
    except BadAnswer:
        return False


def _short(question: Question, words: str) -> str:
    if len(words) > question.longest:
        raise BadAnswer(Fault.TOO_LONG, most=question.longest)
    return words


def _name(question: Question, words: str) -> str:
    if not any(sign.isalpha() for sign in words):
        raise BadAnswer(Fault.NO_NAME)
    return _short(question, words)


def _number(question: Question, words: str) -> str:
    digits = words if words.isascii() and words.isdigit() and len(words) <= 9 else ""
    if not digits or not question.least <= int(digits) <= question.most:
        raise BadAnswer(Fault.NO_NUMBER, question.least, question.most)
    return str(int(digits))
