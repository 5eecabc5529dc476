"""Whoever still waits when sales end hears that nothing came of it."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.ids import WaitingId
from bot.domain.keeping import ENDED_MESSAGES
from bot.domain.outbox import Lane
from storage import outbox, waiting
from storage.database import Connection
from storage.outbox import NewMessage
from storage.waiting import End

IN_VAIN = "waiting_in_vain"


async def plan(connection: Connection, now: datetime, entry: WaitingId | None = None) -> None:
    """A message for the end of each waiting list, of this entry or of all, once; part of the caller's transaction.

    Each names the instant that it is about: when sales end at another time now, the message for the old one is
    skipped. Ends of so long ago that the message may have been deleted since are not told again.
    """
    ends = (end for end in await waiting.ends(connection, entry) if end.closes_at > now - ENDED_MESSAGES)
    await outbox.add(connection, list(_messages(ends)), now)


def _messages(ends: Iterable[End]) -> Iterable[NewMessage]:
    for end in ends:
        key = f"{IN_VAIN}:{end.id}:{end.closes_at.timestamp():.0f}"
        about = {"waiting_id": end.id, "closes_at": end.closes_at.isoformat()}
        yield NewMessage(key, end.chat_id, IN_VAIN, about, Lane.CUSTOMER, end.closes_at)
