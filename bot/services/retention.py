"""Erases by itself what has been kept for long enough."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

import structlog

from bot.domain.ids import TelegramId
from bot.domain.keeping import (
    ANSWERS,
    AUDIT_MONTHS,
    COMMENT_MONTHS,
    ENDED_MESSAGES,
    EVENT_BODIES,
    PUT_ASIDE,
    UNSEEN_MONTHS,
    months_before,
)
from bot.domain.time import Clock
from storage import forgetting, retention, waiting
from storage.database import Connection, Database

log = structlog.get_logger()

AT_ONCE = 200
"""Rows in one transaction, so that customers never wait for long."""

Erase = Callable[[Connection, datetime, int], Awaitable[int]]


class Retention:
    """`years`: for how long what was paid is kept with names, for the books."""

    def __init__(self, database: Database, clock: Clock, years: int, staff: Collection[TelegramId]) -> None:
        self._database = database
        self._clock = clock
        self._months = 12 * years
        self._staff = staff

    async def erase_old(self) -> None:
        """Everything that is past its time."""
        now = self._clock.now()
        for_the_books = months_before(now, self._months)
        rules: tuple[tuple[str, Erase, datetime], ...] = (
            ("bodies", retention.erase_bodies, now - EVENT_BODIES),
            ("messages", retention.delete_messages, now - ENDED_MESSAGES),
            ("audit", retention.delete_audit, months_before(now, AUDIT_MONTHS)),
            ("waiting", waiting.delete_over, now),
            ("comments", retention.erase_comments, months_before(now, COMMENT_MONTHS)),
            ("baskets", retention.empty_baskets, now - PUT_ASIDE),
            ("drafts", retention.erase_drafts, now - PUT_ASIDE),
            ("answers", retention.erase_answers, now - ANSWERS),
            ("contacts", retention.erase_contacts, for_the_books),
            ("checkouts", retention.erase_attempts, for_the_books),
            ("customers", self._forget_strangers, months_before(now, UNSEEN_MONTHS)),
        )
        for what, erase, before in rules:
            erased = await self._all(erase, before)
            if erased:
                log.info("retention.erased", what=what, rows=erased)

    async def _all(self, erase: Erase, before: datetime) -> int:
        """In steps, until a step finds less than it may take."""
        erased = 0
        while True:
            step = await self._database.run(lambda connection: erase(connection, before, AT_ONCE))
            erased += step
            if step < AT_ONCE:
                return erased

    async def _forget_strangers(self, connection: Connection, unseen_since: datetime, limit: int) -> int:
        paid_since = months_before(self._clock.now(), self._months)
        found = await retention.strangers(connection, unseen_since, paid_since, limit)
        for customer_id in found:
            await forgetting.erase(connection, customer_id, (), self._staff)
        return len(found)
