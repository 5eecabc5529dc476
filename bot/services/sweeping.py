"""Fetches the events that Stripe made, so that webhooks which never came are not missed."""

from datetime import datetime, timedelta

import structlog

from bot.domain.time import Clock
from bot.payments.failures import StripeFailure
from bot.payments.gateway import Gateway
from bot.services.bells import Bells
from storage import inbox, sweeps
from storage.database import Connection, Database
from storage.inbox import NewEvent

log = structlog.get_logger()

EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
"""Events are listed in the order in which they were made, and some a little late."""
PATIENCE = timedelta(days=4)
"""How long an event waits for what it is about before it counts as somebody else's."""


class Sweeping:
    def __init__(self, database: Database, clock: Clock, gateway: Gateway, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._bells = bells

    async def sweep(self) -> datetime:
        """Put what was missed into the inbox; returns when to sweep again. Known events stay as they are.

        Where to read on is remembered in Stripe's time: our own clock may be wrong.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            until = await sweeps.events_until(connection)
        try:
            found, newest = await self._gateway.events_since((until or now - PATIENCE) - OVERLAP)
        except StripeFailure as error:
            log.warning("sweep.failed", error=type(error).__name__)
            return now + EVERY
        rows = [NewEvent(event.id, event.type, event.body, now) for event in found]

        async def save(connection: Connection) -> None:
            if rows:
                await inbox.add(connection, rows)
            if await inbox.is_something_waiting(connection):
                await inbox.go_on_paid(connection)
                await inbox.give_up_waiting(connection, now - PATIENCE, now)
            if newest is not None:
                await sweeps.remember(connection, newest)

        await self._database.run(save)
        self._bells.inbox.ring()
        return now + EVERY
