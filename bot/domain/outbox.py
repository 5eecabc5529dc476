"""A message that must arrive, and the ways in which sending it can end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.errors import GuichetError
from bot.domain.ids import ChatId


class Lane(IntEnum):
    """Which messages go first when there are more than may be sent."""

    CUSTOMER = 0
    STAFF = 1
    REMINDER = 5


class Channel(StrEnum):
    """By which way a message goes. Each way has a queue of its own, so that none waits for another."""

    TELEGRAM = "telegram"
    MAIL = "mail"


@dataclass(frozen=True)
class OutboxMessage:
    """Kind, ids and data without language; the text is made when it is sent. `note`: how the last try ended."""

    id: int
    chat_id: ChatId
    kind: str
    data: Mapping[str, object]
    tries: int
    created_at: datetime
    note: str | None = None


class DeliveryError(GuichetError):
    """The message was not, or not surely, delivered."""


class Blocked(DeliveryError):
    """The recipient has blocked the bot or is gone: trying again is of no use."""


@dataclass(eq=False)
class Later(DeliveryError):
    """Telegram asks to wait for so many seconds."""

    seconds: float


class Undeliverable(DeliveryError):
    """Telegram refuses this message for what it is."""


class Unsure(DeliveryError):
    """The answer did not come: the message may have arrived or not."""


class NoLongerTrue(DeliveryError):
    """What the message would tell does not hold any more."""
