"""Calls staff when another program takes this bot's updates."""

from datetime import timedelta

from bot.domain.effects import Alert, Concern
from bot.domain.time import Clock
from bot.services.bells import Bells
from bot.services.outcomes import Outcomes
from storage.database import Database

NOT_MORE_OFTEN = timedelta(hours=6)


class Rivals:
    def __init__(self, database: Database, clock: Clock, outcomes: Outcomes, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._outcomes = outcomes
        self._bells = bells

    async def met(self) -> None:
        """Put it on the attention list and announce it, once in some hours however often it is met."""
        now = self._clock.now()
        alert = Alert(Concern.TWO_POLLERS, f"two_pollers:{int(now.timestamp() // NOT_MORE_OFTEN.total_seconds())}")
        await self._database.run(lambda connection: self._outcomes.alert(connection, alert, None, now))
        self._bells.outbox.ring()
