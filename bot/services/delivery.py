"""Sends what is in the outbox: at least once, in order per chat, at the rate that Telegram allows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.effects import Alert, Concern
from bot.domain.errors import DatabaseBusy
from bot.domain.ids import BookingId, ChatId, OrderId, TelegramId
from bot.domain.outbox import Blocked, Channel, Later, NoLongerTrue, OutboxMessage, Undeliverable, Unsure
from bot.domain.time import Clock
from bot.services.bells import Bells
from bot.services.outcomes import Outcomes
from storage import bookings, customers, outbox
from storage.database import Connection, Database
from storage.outbox import OutboxState

log = structlog.get_logger()

BATCH = 50
PER_SECOND = 25
"""Messages a second overall (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""
MAILS_PER_SECOND = 4
"""So many letters at once, each over a connection of its own."""
BURST = 3
"""Messages that one chat may get at once."""
TO_PERSON, TO_GROUP = 1.0, 0.3
"""Messages a second after them; a group may get 20 a minute, the burst included."""
SMALLEST = 1e-3
"""What rounding may take of an allowance; also the shortest wait, so that time always moves on."""
GIVE_UP = timedelta(days=3)
LONGEST_PAUSE = 600.0
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything was ever due."""

Mark = Callable[[Connection], Awaitable[None]]
"""Writes how a message ended."""


class Messenger(Protocol):
    """Renders and sends one message; raises the errors of `bot.domain.outbox`."""

    async def send(self, message: OutboxMessage) -> None: ...


@dataclass
class Allowance:
    """How much may be sent: refilled as time passes."""

    tokens: float
    at: datetime

    def next(self, now: datetime, rate: float, most: float) -> datetime | None:
        """When there will be one to take, or None if there is one now."""
        self.tokens = min(most, self.tokens + max(0.0, (now - self.at).total_seconds()) * rate)
        self.at = now
        if self.tokens >= 1 - SMALLEST:
            return None
        return now + timedelta(seconds=max(SMALLEST, (1 - self.tokens) / rate))

    def take(self) -> None:
        self.tokens -= 1


class Deliverer:
    """Of one channel: what waits on another neither holds it up nor is held up by it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        messenger: Messenger,
        outcomes: Outcomes,
        bells: Bells,
        channel: Channel = Channel.TELEGRAM,
    ) -> None:
        self._database = database
        self._clock = clock
        self._messenger = messenger
        self._outcomes = outcomes
        self._bells = bells
        self._channel = channel
        self._rate = PER_SECOND if channel is Channel.TELEGRAM else MAILS_PER_SECOND
        self._overall = Allowance(self._rate, clock.now())
        self._chats: dict[ChatId, Allowance] = {}
        self._unwritten: dict[int, Mark] = {}
        """Of messages that have ended, where that could not be written yet: they are not to be sent again."""
        self._stopping = False

    def stop(self) -> None:
        """Begin no further message: one that is cut off under way comes twice."""
        self._stopping = True

    async def deliver(self) -> datetime | None:
        """Send what is due and may be sent now; returns when to come back, or None if nothing is left.

        Raises DatabaseBusy where nothing can be written: nothing more is sent then.
        """
        await self._write_again()
        while not self._stopping:
            now = self._clock.now()
            due, later = await self._look(now)
            ready, wait_until = self._allowed(due, now)
            if not ready:
                self._forget(now)
                return min((when for when in (wait_until, later) if when is not None), default=None)
            await self._all(ready)
        return None

    async def _write_again(self) -> None:
        """What could not be written goes before all else. Raises DatabaseBusy if that is still so."""
        for message_id, mark in list(self._unwritten.items()):
            try:
                await self._write(message_id, mark)
            except DatabaseBusy:
                raise
            except Exception:  # it will not be written however often: its chat waits, and nobody else
                log.exception("outbox.unwritten", message_id=message_id)
            else:
                self._bells.outbox.ring()

    async def _write(self, message_id: int, mark: Mark) -> None:
        self._unwritten[message_id] = mark
        await self._database.run(mark)
        del self._unwritten[message_id]

    async def _all(self, messages: Sequence[OutboxMessage]) -> None:
        """Whatever happens to one, all have ended after it."""
        ended = await asyncio.gather(*(self._one(message) for message in messages), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error

    async def _look(self, now: datetime) -> tuple[list[OutboxMessage], datetime | None]:
        """What is due, and when the next will be. Mostly nothing is due: then the second says it all."""
        async with self._database.read() as connection:
            first = await outbox.next_due_after(connection, EVER, self._channel)
            if first is None or first > now:
                return [], first
            due = await outbox.due(connection, now, BATCH, self._channel)
            return due, await outbox.next_due_after(connection, now, self._channel)

    def _allowed(self, due: Sequence[OutboxMessage], now: datetime) -> tuple[list[OutboxMessage], datetime | None]:
        ready: list[OutboxMessage] = []
        wait_until: datetime | None = None
        for message in due:
            if message.id in self._unwritten:
                continue
            chat = self._chats.setdefault(message.chat_id, Allowance(BURST, now))
            rate = TO_PERSON if message.chat_id > 0 else TO_GROUP
            until = chat.next(now, rate, BURST) or self._overall.next(now, self._rate, self._rate)
            if until is None:
                chat.take()
                self._overall.take()
                ready.append(message)
            else:
                wait_until = until if wait_until is None else min(until, wait_until)
        return ready, wait_until

    def _forget(self, now: datetime) -> None:
        """Chats that have not been written to for a while have their full allowance anyway."""
        stale = now - timedelta(seconds=BURST / TO_GROUP)
        self._chats = {chat: allowance for chat, allowance in self._chats.items() if allowance.at > stale}

    async def _one(self, message: OutboxMessage) -> None:
        try:
            await self._messenger.send(message)
        except Later as later:
            await self._postpone(message, later.seconds, "asked to wait")
        except Unsure as unsure:
            await self._postpone(message, _pause(message), str(unsure))
        except NoLongerTrue:
            await self._end(message, OutboxState.SKIPPED, None)
        except Blocked:
            await self._blocked(message)
        except Undeliverable as refused:
            await self._dead(message, str(refused))
        except Exception as error:  # a message that cannot be rendered must not stop the others
            log.exception("outbox.failed", message_id=message.id, kind=message.kind)
            await self._postpone(message, _pause(message), type(error).__name__)
        else:
            await self._end(message, OutboxState.SENT, None)

    async def _end(self, message: OutboxMessage, state: OutboxState, note: str | None) -> None:
        now = self._clock.now()
        await self._write(message.id, lambda connection: outbox.end(connection, message.id, state, note, now))

    async def _postpone(self, message: OutboxMessage, seconds: float, note: str) -> None:
        now = self._clock.now()
        if now - message.created_at > GIVE_UP:
            await self._dead(message, note)
            return
        when = now + timedelta(seconds=max(seconds, 0.5))
        await self._write(message.id, lambda connection: outbox.postpone(connection, message.id, when, note))

    async def _blocked(self, message: OutboxMessage) -> None:
        now = self._clock.now()

        async def save(connection: Connection) -> None:
            await outbox.end(connection, message.id, OutboxState.BLOCKED, None, now)
            await customers.mark_blocked(connection, TelegramId(message.chat_id), now)

        await self._write(message.id, save)

    async def _dead(self, message: OutboxMessage, note: str) -> None:
        """Given up: a human hears of it in Telegram, unless it was what should have told a human."""
        log.error("outbox.dead", message_id=message.id, kind=message.kind, note=note)
        now = self._clock.now()

        async def save(connection: Connection) -> None:
            await outbox.end(connection, message.id, OutboxState.DEAD, note[:200], now)
            if message.kind != "attention":
                alert = Alert(Concern.DEAD_MESSAGE, f"message:{message.id}", detail=message.kind)
                await self._outcomes.alert(connection, alert, await _order(connection, message), now)

        await self._write(message.id, save)
        self._bells.outbox.ring()


async def _order(connection: Connection, message: OutboxMessage) -> OrderId | None:
    """What it was about: who is to tell the customer must know whom."""
    order, booking = message.data.get("order_id"), message.data.get("booking_id")
    if isinstance(order, int):
        return OrderId(order)
    found = await bookings.by_id(connection, BookingId(booking)) if isinstance(booking, int) else None
    return None if found is None else found.order_id


def _pause(message: OutboxMessage) -> float:
    """One second, doubling with each try."""
    return min(LONGEST_PAUSE, 2.0 ** min(message.tries, 10))
