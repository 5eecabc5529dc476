"""A shop that asks its guests something."""

from sqlalchemy import update

from bot.domain.file_questions import written_questions
from bot.domain.ids import ResourceId
from bot.domain.questions import Option, Per, Question, QuestionKind
from storage import schema
from storage.database import Connection, Database

NAME = Question("name", QuestionKind.NAME, Per.GUEST, True, {"en": "Your name?", "fr": "Votre nom ?"}, longest=60)
DIET = Question("diet", QuestionKind.TEXT, Per.BOOKING, False, {"en": "Any diet?", "fr": "Un régime ?"}, longest=40)
SIZE = Question(
    "size",
    QuestionKind.CHOICE,
    Per.GUEST,
    True,
    {"en": "Your size?", "fr": "Votre taille ?"},
    (Option("s", {"en": "Small", "fr": "Petit"}), Option("l", {"en": "Large", "fr": "Grand"})),
)
SWIMS = Question("swims", QuestionKind.YES_NO, Per.BOOKING, True, {"en": "Can all swim?", "fr": "Tous nagent ?"})
AGE = Question(
    "age",
    QuestionKind.NUMBER,
    Per.BOOKING,
    False,
    {"en": "Youngest age?", "fr": "Âge du plus jeune ?"},
    least=4,
    most=99,
)


async def ask(database: Database, resource_id: ResourceId, *questions: Question) -> None:
    """From now on the shop wants to know this about whoever books."""
    changed = update(schema.resource).where(schema.resource.c.id == resource_id)

    async def work(connection: Connection) -> None:
        await connection.execute(changed.values(questions=written_questions(questions)))

    await database.run(work)
