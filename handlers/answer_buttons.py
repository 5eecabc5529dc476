"""What the buttons of the questions carry behind a selection, and whether that fits."""

from zlib import crc32

from bot.domain.file_questions import MOST_OPTIONS
from bot.domain.questions import Asked, Questionnaire
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.callbacks import Action, DoesNotFit
from handlers.selections import leading

BEGIN, LIST = "s", "l"
"""What a button asks for: the first question that is open, or all answers."""
SHOW, TAKE, KEEP, SKIP, BACK = "q", "a", "n", "x", "b"
"""What else one of a question asks for."""
MARKS = 36 * 36


def place_field(place: int, asked: Asked) -> int:
    """A place, with a mark of what is asked there: an old button must not answer another question."""
    question = asked.question
    words = f"{question.slug}:{asked.guest}:{question.kind}:{','.join(question.values)}"
    return place * MARKS + crc32(words.encode()) % MARKS


def fit(found: Questionnaire, selection: Selection) -> bool:
    """Whether each of these questions could be answered by a tap; the longest button says it of all."""
    try:
        callbacks.pack(Action.ANSWER, *leading(selection), TAKE, len(found.asked) * MARKS, MOST_OPTIONS - 1)
    except DoesNotFit:
        return False
    return True
