"""What the page, the control API and the tests see of the simulated Telegram, ready to become JSON."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from bot.sandbox.telegram.wire import Json, JsonObject

MessageKind = Literal["text", "photo", "document", "venue"]
ButtonKind = Literal["callback", "url", "web_app", "copy", "inline", "disabled"]


@dataclass(frozen=True)
class ButtonView:
    """`value` is the callback data, the URL, the text to copy or the inline query."""

    text: str
    kind: ButtonKind
    value: str = ""
    style: str = ""


@dataclass(frozen=True)
class DocumentView:
    file_id: str
    name: str
    mime_type: str
    size: int


@dataclass(frozen=True)
class VenueView:
    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True)
class MessageView:
    """A message as its readers see it now. `version` grows with every change, deletion included.

    `text` is the text or the caption without markup, `html` the same with markup that is safe to show.
    `photo` is a file id for `Telegram.file`.
    """

    id: int
    chat_id: int
    version: int
    from_bot: bool
    sender_id: int
    sender_name: str
    date: datetime
    edit_date: datetime | None
    edits: int
    kind: MessageKind
    text: str
    html: str
    photo: str | None
    document: DocumentView | None
    venue: VenueView | None
    keyboard: tuple[tuple[ButtonView, ...], ...]
    reply_to: int | None
    deleted: bool

    def as_json(self) -> JsonObject:
        return jsonable(asdict(self))


@dataclass(frozen=True)
class NoticeView:
    """What a person was shown after a tap: a toast, an alert, or just the end of the waiting (no text)."""

    version: int
    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    text: str
    show_alert: bool
    date: datetime

    def as_json(self) -> JsonObject:
        return jsonable(asdict(self))


@dataclass(frozen=True)
class Posted:
    """What a person wrote: the message, and the update that tells the bot (None: it does not listen)."""

    message_id: int
    update_id: int | None


@dataclass(frozen=True)
class Pressed:
    """What a tap did: an update for the bot, or a link to open, or a text to copy."""

    update_id: int | None = None
    query_id: str | None = None
    url: str | None = None
    copied: str | None = None


@dataclass(frozen=True)
class ResultView:
    """A line of the list that unfolds over the message field."""

    id: str
    title: str
    description: str
    thumbnail: str


@dataclass(frozen=True)
class Asked:
    """An inline query: its id, and the update that tells the bot (None: it does not listen)."""

    query_id: str
    update_id: int | None


@dataclass(frozen=True)
class Proposed:
    """What the bot proposes; `next_offset` asks for what comes after it, empty where that is all."""

    results: tuple[ResultView, ...]
    next_offset: str


def jsonable(fields: dict[str, object]) -> JsonObject:
    """Dataclass fields as JSON: instants in ISO 8601, tuples as lists."""
    return {name: _value(value) for name, value in fields.items()}


def _value(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value.isoformat()
        case dict():
            return {str(name): _value(item) for name, item in value.items()}
        case list() | tuple():
            return [_value(item) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON-able")
