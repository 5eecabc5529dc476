"""The catalogue's pictures: kept once by their content, known to Telegram by a name of its own."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from sqlalchemy import bindparam, insert, select, update

from bot.domain.catalogue import Picture
from bot.domain.ids import MediaId
from storage.database import Connection
from storage.schema import media

FILE_ID = select(media.c.telegram_file_id).where(media.c.id == bindparam("this"))


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


async def picture(connection: Connection, media_id: MediaId) -> Picture | None:
    row = (await connection.execute(select(media).where(media.c.id == media_id))).one_or_none()
    if row is None:
        return None
    return Picture(media_id, row.content_type, bytes(row.content), row.telegram_file_id)


async def file_id(connection: Connection, media_id: MediaId) -> str | None:
    """Telegram's name for the picture, without loading the picture."""
    found: str | None = await connection.scalar(FILE_ID, {"this": media_id})
    return found


async def remember_file_id(connection: Connection, media_id: MediaId, telegram_file_id: str) -> None:
    named = update(media).where(media.c.id == media_id)
    await connection.execute(named.values(telegram_file_id=telegram_file_id))


async def keep(connection: Connection, content_type: str, content: bytes) -> MediaId:
    """The picture with this content, stored if it is new."""
    digest = digest_of(content)
    found: int | None = await connection.scalar(select(media.c.id).where(media.c.digest == digest))
    if found is not None:
        return MediaId(found)
    row = insert(media).values(digest=digest, content_type=content_type, content=content)
    return MediaId((await connection.execute(row.returning(media.c.id))).scalar_one())


async def keep_all(connection: Connection, pictures: Iterable[tuple[str, bytes]]) -> None:
    """Pictures, each with its type; those that are known stay."""
    for content_type, content in pictures:
        await keep(connection, content_type, content)


async def by_digest(connection: Connection, digests: Iterable[str]) -> Mapping[str, Picture]:
    rows = await connection.execute(select(media).where(media.c.digest.in_(list(digests))))
    return {
        row.digest: Picture(MediaId(row.id), row.content_type, bytes(row.content), row.telegram_file_id) for row in rows
    }


async def ids_by_digest(connection: Connection) -> Mapping[str, MediaId]:
    rows = await connection.execute(select(media.c.id, media.c.digest))
    return {row.digest: MediaId(row.id) for row in rows}
