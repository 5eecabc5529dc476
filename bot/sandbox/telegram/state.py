"""Everything the simulated Telegram knows: people, chats, messages, taps, and what has changed since when."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Literal

from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.keyboards import Keyboard
from bot.sandbox.telegram.messages import Content, Message
from bot.sandbox.telegram.profile import BotProfile
from bot.sandbox.telegram.updates import Updates
from bot.sandbox.telegram.views import NoticeView, ResultView
from bot.sandbox.telegram.webhooks import Webhook
from bot.sandbox.telegram.wire import ApiError, BadRequest, Json, JsonObject

ChatType = Literal["private", "group", "supergroup", "channel"]


class Impossible(Exception):
    """What a person tried cannot be done in the app: no such button, message, user or chat."""


@dataclass(frozen=True)
class User:
    id: int
    first_name: str
    language_code: str = ""
    last_name: str = ""
    username: str = ""
    is_bot: bool = False

    def as_json(self) -> JsonObject:
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        given: JsonObject = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **given}


@dataclass
class Chat:
    """`open`: the bot may write: the person has started it, the group has it as a member."""

    id: int
    type: ChatType
    about: JsonObject
    open: bool
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)

    def as_json(self) -> JsonObject:
        return {"id": self.id, "type": self.type, **self.about}


@dataclass
class Query:
    """A tap that waits for its answer."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    made: datetime
    answered: bool = False


@dataclass(frozen=True)
class InlineResult:
    """One of the results of an inline query, and the message that it becomes."""

    view: ResultView
    content: Content
    keyboard: Keyboard


@dataclass(frozen=True)
class InlineAnswer:
    results: tuple[InlineResult, ...]
    next_offset: str


@dataclass
class InlineQuery:
    """What somebody has typed behind the bot's name; `answer` once there is one."""

    id: str
    user_id: int
    made: datetime
    answer: InlineAnswer | None = None


class World:
    """The state, and the few changes of it that everything else is made of."""

    def __init__(self, now: Callable[[], datetime], bot: User) -> None:
        self.now = now
        self.bot = bot
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.updates = Updates(now)
        self.profile = BotProfile()
        self.webhook: Webhook | None = None
        self.queries: dict[str, Query] = {}
        self.inline_mode = True
        self.inline_queries: dict[str, InlineQuery] = {}
        self.notices: list[NoticeView] = []
        self.version = 0
        self._query_ids = count(7_000_000_001)
        self._listeners: list[Callable[[], None]] = []

    def chat_for_bot(self, reference: Json) -> Chat:
        """The chat that a call names; raises what Telegram answers where the bot may not act in it."""
        chat = self.chats.get(reference) if isinstance(reference, int) else None
        if chat is None or not (chat.open or chat.blocked):
            raise BadRequest("chat not found")
        if chat.blocked and chat.type == "private":
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.blocked:
            raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        return chat

    def post(
        self,
        chat: Chat,
        origin: JsonObject,
        content: Content,
        *,
        keyboard: Keyboard = (),
        replaces_input: bool = False,
        reply_to: int | None = None,
    ) -> Message:
        """A new message at the end of the chat."""
        sender = origin.get("from")
        message = Message(
            id=len(chat.messages) + 1,
            chat_id=chat.id,
            date=self.now(),
            by_bot=isinstance(sender, dict) and sender.get("id") == self.bot.id,
            origin=origin,
            content=content,
            keyboard=keyboard,
            replaces_input=replaces_input,
            reply_to=reply_to,
        )
        return self.store(chat, message)

    def edit(self, chat: Chat, message: Message, content: Content, keyboard: Keyboard) -> Message:
        changed = replace(message, content=content, keyboard=keyboard, edit_date=self.now(), edits=message.edits + 1)
        return self.store(chat, changed)

    def delete(self, chat: Chat, message: Message) -> None:
        self.store(chat, replace(message, deleted=True))

    def store(self, chat: Chat, message: Message) -> Message:
        stamped = replace(message, version=self.next_version())
        chat.messages[message.id] = stamped
        self.changed()
        return stamped

    def show(self, query: Query, text: str, *, alert: bool) -> None:
        """End the waiting of a tap, with a toast, an alert or nothing."""
        query.answered = True
        notice = NoticeView(
            self.next_version(), query.id, query.user_id, query.chat_id, query.message_id, text, alert, self.now()
        )
        self.notices.append(notice)
        self.changed()

    def tap(self, user_id: int, chat_id: int, message_id: int) -> Query:
        query = Query(str(next(self._query_ids)), user_id, chat_id, message_id, self.now())
        self.queries[query.id] = query
        return query

    def ask(self, user_id: int) -> InlineQuery:
        query = InlineQuery(str(next(self._query_ids)), user_id, self.now())
        self.inline_queries[query.id] = query
        return query

    def tell(self, kind: str, payload: JsonObject) -> int | None:
        """Queue an update for the bot."""
        update_id = self.updates.add(kind, payload)
        self.changed()
        return update_id

    def message_json(self, chat: Chat, message: Message) -> JsonObject:
        """The message as a bot is told of it, with the message that it replies to."""
        body = message.as_json(chat.as_json())
        if message.reply_to in chat.messages:
            body["reply_to_message"] = chat.messages[message.reply_to].as_json(chat.as_json())
        return body

    def next_version(self) -> int:
        self.version += 1
        return self.version

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()
