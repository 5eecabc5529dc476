"""A small simulated Telegram for tests, and the things to put into it."""

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.wire import Json, JsonObject, Reply, Upload

TOKEN = "100200300:test"
ANN, BOB, GROUP, CHANNEL = 7, 8, -100, -200
PARIS = {"latitude": 45.9, "longitude": 6.1}


@dataclass
class Clock:
    """Stands still until it is moved."""

    present: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.present

    def move(self, **by: float) -> None:
        self.present += timedelta(**by)


def a_telegram(clock: Clock | None = None, *, enforce_rates: bool = False) -> Telegram:
    """Ann (English) and Bob (French) have started the bot; there is a group and a channel."""
    telegram = Telegram(clock or Clock(), token=TOKEN, enforce_rates=enforce_rates)
    telegram.add_user(ANN, "Ann", "en", started=True)
    telegram.add_user(BOB, "Bob", "fr", last_name="Dupont", username="bob", started=True)
    telegram.add_group(GROUP, "Alerts")
    telegram.add_channel(CHANNEL, "News")
    return telegram


def png(width: int = 4, height: int = 3) -> bytes:
    """The start of a PNG of this size: all that Telegram's checks look at here."""
    return b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"


def a_photo(width: int = 4, height: int = 3) -> Upload:
    return Upload("card.png", png(width, height), "image/png")


def button(text: str = "Go", **action: Json) -> JsonObject:
    return {"text": text, **(action or {"callback_data": "1:go"})}


def keyboard(*buttons: Json) -> JsonObject:
    """Each button on a row of its own."""
    return {"inline_keyboard": [[each] for each in buttons]}


def send(telegram: Telegram, text: str = "hello", chat_id: int = ANN, **more: object) -> int:
    """A text of the bot; its message id."""
    return message_id(telegram.call(TOKEN, "sendMessage", {"chat_id": chat_id, "text": text, **more}))


def send_photo(telegram: Telegram, caption: str = "", chat_id: int = ANN, **more: object) -> int:
    params = {"chat_id": chat_id, "caption": caption, **more}
    return message_id(telegram.call(TOKEN, "sendPhoto", params, {"photo": a_photo()}))


def message_id(reply: Reply) -> int:
    value = result_of(reply).get("message_id")
    assert isinstance(value, int)
    return value


def result_of(reply: Reply) -> JsonObject:
    assert isinstance(reply.result, dict), reply.body
    return reply.result


def items_of(reply: Reply) -> list[JsonObject]:
    assert isinstance(reply.result, list), reply.body
    return [item for item in reply.result if isinstance(item, dict)]


def updates(telegram: Telegram, **params: object) -> list[JsonObject]:
    return items_of(telegram.call(TOKEN, "getUpdates", params))


def inner(value: JsonObject, *names: str) -> JsonObject:
    """A nested object by its path."""
    for name in names:
        below = value[name]
        assert isinstance(below, dict)
        value = below
    return value
