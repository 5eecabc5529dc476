"""Answers how the shop is doing."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, parse_period
from bot.domain.sales_report import Report, report
from bot.domain.time import Clock
from storage import sales
from storage.database import Database


class Sales:
    """Days are those of the shop's zone; `currency` is the shop's own and comes first in every report."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo, currency: str) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._currency = currency

    @property
    def today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    async def asked(self, words: Sequence[str]) -> Report:
        """The report on a period in the words of staff; raises BadPeriod."""
        return await self.report(parse_period(words, self.today))

    async def report(self, period: Period) -> Report:
        """The period's figures beside those of the one before; raises BadPeriod at the calendar's edge."""
        compared = period.compared(self.today)
        async with self._database.read() as connection:
            rows = await sales.between(connection, period.first, period.last)
            earlier = await sales.between(connection, compared.first, compared.last)
            names = await sales.names(connection, (row.resource_id for row in rows))
        return report(period, compared, rows, earlier, names=names, currency=self._currency)

    async def rebuild(self) -> int:
        """Write the roll-up anew from the ledger; returns the number of its rows."""
        return await self._database.run(lambda connection: sales.rebuild(connection, self._zone))
