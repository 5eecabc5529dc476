"""Bugs in what people and staff are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.outbox import DeliveryError, OutboxMessage, Unsure
from bot.services.delivery import Deliverer
from bot.services.outcomes import Outcomes
from storage import outbox
from storage.database import Connection
from storage.outbox import OutboxState
from tests.simulation.bugs.planting import Bug, nothing, swap


async def _marked_before(self: Deliverer, message: OutboxMessage) -> None:
    await self._end(message, OutboxState.SENT, None)
    try:
        await self._messenger.send(message)
    except DeliveryError:
        return


_ONE = Deliverer._one


async def _sent_twice(self: Deliverer, message: OutboxMessage) -> None:
    if message.kind == "booked":
        try:
            await self._messenger.send(message)
        except DeliveryError:
            return
    await _ONE(self, message)


async def _given_up_when_unsure(self: Deliverer, message: OutboxMessage) -> None:
    try:
        await self._messenger.send(message)
    except Unsure:
        await self._end(message, OutboxState.SKIPPED, None)
    except DeliveryError as error:
        await self._postpone(message, 1, type(error).__name__)
    else:
        await self._end(message, OutboxState.SENT, None)


async def _no_messages(connection: Connection, messages: Sequence[outbox.NewMessage], now: datetime) -> None:
    fewer = [message for message in messages if not message.kind.startswith("refunded")]
    await _ADD(connection, fewer, now)


_ADD = outbox.add


MESSAGES: Mapping[str, Bug] = {
    "message_marked_before_sent": swap(Deliverer, "_one", _marked_before),
    "message_sent_twice": swap(Deliverer, "_one", _sent_twice),
    "message_given_up_when_unsure": swap(Deliverer, "_one", _given_up_when_unsure),
    "refund_without_a_word": swap(outbox, "add", _no_messages),
    "alerts_never_opened": swap(Outcomes, "alert", nothing),
}
