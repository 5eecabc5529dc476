"""Answers who comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.periods import parse_day
from bot.domain.time import Clock
from bot.domain.visits import VisitDay
from storage import visits, waiting
from storage.database import Database


class Visits:
    """Today is the one of the shop's zone; a slot's day is that of its own place."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    @property
    def today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    async def asked(self, words: Sequence[str]) -> VisitDay:
        """Who comes on a day in the words of staff; raises BadPeriod."""
        return await self.on(parse_day(words, self.today))

    async def on(self, day: date | None = None) -> VisitDay:
        """Who comes on a day, today by default."""
        shown = day or self.today
        async with self._database.read() as connection:
            line = await waiting.on_day(connection, shown)
            slots = await visits.on(connection, shown)
        return VisitDay(shown, tuple(replace(slot, waiting=line.get(slot.inventory_id, 0)) for slot in slots))
