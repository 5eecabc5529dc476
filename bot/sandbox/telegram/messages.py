"""A message: what Telegram keeps of it, what a bot is told of it, what a reader sees of it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.sandbox.telegram import keyboards
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.keyboards import Keyboard
from bot.sandbox.telegram.markup import Words
from bot.sandbox.telegram.rendering import to_html
from bot.sandbox.telegram.views import DocumentView, MessageKind, MessageView, VenueView
from bot.sandbox.telegram.wire import Json, JsonObject


@dataclass(frozen=True)
class Content:
    """At most one of photo, document and venue; `words` is the caption then, else the text."""

    words: Words = field(default_factory=Words)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    venue: VenueView | None = None
    looks: tuple[tuple[str, Json], ...] = ()

    @property
    def has_media(self) -> bool:
        return self.photo is not None or self.document is not None

    @property
    def is_text(self) -> bool:
        return not self.has_media and self.venue is None


@dataclass(frozen=True)
class Message:
    """`origin` holds from, sender_chat, via_bot and forward_origin as a bot is told them."""

    id: int
    chat_id: int
    date: datetime
    by_bot: bool
    origin: JsonObject
    content: Content
    version: int = 0
    keyboard: Keyboard = ()
    replaces_input: bool = False
    reply_to: int | None = None
    edit_date: datetime | None = None
    edits: int = 0
    deleted: bool = False

    def as_json(self, chat: JsonObject) -> JsonObject:
        body: JsonObject = {
            "message_id": self.id,
            **self.origin,
            "chat": chat,
            "date": int(self.date.timestamp()),
            **_content_json(self.content),
        }
        if self.edit_date is not None:
            body["edit_date"] = int(self.edit_date.timestamp())
        if self.keyboard:
            body["reply_markup"] = {"inline_keyboard": [list(row) for row in self.keyboard]}
        return body

    @cached_property
    def view(self) -> MessageView:
        sender = self.origin.get("sender_chat") or self.origin.get("from")
        known = sender if isinstance(sender, dict) else {}
        number = known.get("id")
        content = self.content
        return MessageView(
            id=self.id,
            chat_id=self.chat_id,
            version=self.version,
            from_bot=self.by_bot,
            sender_id=number if isinstance(number, int) else self.chat_id,
            sender_name=str(known.get("first_name") or known.get("title") or ""),
            date=self.date,
            edit_date=self.edit_date,
            edits=self.edits,
            kind=_kind(content),
            text=content.words.text,
            html=to_html(content.words),
            photo=content.photo.file_id if content.photo else None,
            document=_document(content.document),
            venue=content.venue,
            keyboard=keyboards.view(self.keyboard),
            reply_to=self.reply_to,
            deleted=self.deleted,
        )


def _kind(content: Content) -> MessageKind:
    if content.photo:
        return "photo"
    if content.document:
        return "document"
    return "venue" if content.venue else "text"


def _document(stored: StoredFile | None) -> DocumentView | None:
    if stored is None:
        return None
    return DocumentView(stored.file_id, stored.upload.name, stored.upload.mime_type, stored.size)


def _content_json(content: Content) -> JsonObject:
    body: JsonObject = {}
    if content.photo:
        body["photo"] = [content.photo.photo_json()]
    if content.document:
        body["document"] = content.document.document_json()
    if content.venue:
        body.update(_venue_json(content.venue))
        return body
    text, entities = ("caption", "caption_entities") if content.has_media else ("text", "entities")
    if content.words.text:
        body[text] = content.words.text
    if content.words.entities:
        body[entities] = [entity.as_json() for entity in content.words.entities]
    return body


def _venue_json(venue: VenueView) -> JsonObject:
    location: JsonObject = {"latitude": venue.latitude, "longitude": venue.longitude}
    return {"location": location, "venue": {"location": location, "title": venue.title, "address": venue.address}}
