"""Counts what waits, for the operator."""

from dataclasses import dataclass

from bot.domain.time import Clock
from storage import backlog
from storage.database import Database


@dataclass(frozen=True)
class Backlog:
    """What waits at one moment."""

    events_to_settle: int
    messages_due: int
    orders_unpaid: int
    attention_open: int


class Backlogs:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def count(self) -> Backlog:
        async with self._database.read() as connection:
            return Backlog(
                events_to_settle=await backlog.events(connection),
                messages_due=await backlog.messages(connection, self._clock.now()),
                orders_unpaid=await backlog.orders(connection),
                attention_open=await backlog.attention(connection),
            )
