"""The pictures of tickets that Telegram has already: its name for each, by booking and language."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.ids import BookingId
from storage.database import Connection
from storage.schema import ticket_picture

FILE_ID = select(ticket_picture.c.telegram_file_id).where(
    ticket_picture.c.booking_id == bindparam("this"),
    ticket_picture.c.language == bindparam("spoken"),
    ticket_picture.c.digest == bindparam("shown"),
)


async def file_id(connection: Connection, booking_id: BookingId, language: str, digest: str) -> str | None:
    """Telegram's name for the picture, if that is the one which shows just this."""
    values = {"this": booking_id, "spoken": language, "shown": digest}
    found: str | None = await connection.scalar(FILE_ID, values)
    return found


async def remember(connection: Connection, booking_id: BookingId, language: str, digest: str, file: str) -> None:
    """From now on this picture stands for the ticket in that language."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    shown = {"digest": digest, "telegram_file_id": file}
    row = insert(ticket_picture).values(booking_id=booking_id, language=language, **shown)
    keys = [ticket_picture.c.booking_id, ticket_picture.c.language]
    await connection.execute(row.on_conflict_do_update(index_elements=keys, set_=shown))
