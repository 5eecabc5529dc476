"""Remembers what staff did and what was refused to them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import TelegramId
from storage.schema import audit


async def append(
    connection: AsyncConnection, at: datetime, actor: TelegramId | None, action: str, data: Mapping[str, object]
) -> None:
    """Write one line; nothing is ever changed or taken out."""
    await connection.execute(audit.insert().values(at=at, actor=actor, action=action, data=dict(data)))
