"""Remembers what staff did and what was refused to them."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.ids import TelegramId
from storage.database import Connection
from storage.schema import audit


async def append(
    connection: Connection, at: datetime, actor: TelegramId | None, action: str, data: Mapping[str, object]
) -> None:
    """Write one line; nothing is ever changed or taken out."""
    await connection.execute(audit.insert().values(at=at, actor=actor, action=action, data=dict(data)))
