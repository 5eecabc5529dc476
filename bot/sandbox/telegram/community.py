"""Who exists in the simulated Telegram, and in which chats they meet."""

from dataclasses import replace

from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.schema import utf16_length
from bot.sandbox.telegram.state import Chat, ChatType, Impossible, User, World
from bot.sandbox.telegram.wire import JsonObject

LONGEST_TEXT = 4096
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = User(136817688, "Channel", username="Channel_Bot", is_bot=True)
SUPERGROUPS_BELOW = -(10**12)


class Community:
    """The people and the chats; the part of `Telegram` that everything people do stands on."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_user(
        self,
        user_id: int,
        first_name: str,
        language_code: str = "en",
        *,
        last_name: str = "",
        username: str = "",
        started: bool = False,
    ) -> None:
        """A person. Until they have written to the bot (or `started`) the bot gets "chat not found"."""
        if user_id <= 0 or user_id in self._world.chats or not first_name:
            raise Impossible(f"user {user_id} needs a free positive id and a first name")
        user = User(user_id, first_name, language_code, last_name, username)
        self._world.users[user_id] = user
        self._world.chats[user_id] = Chat(user_id, "private", _private(user), open=started)

    def add_group(self, chat_id: int, title: str) -> None:
        """A group (negative id) with the bot as an administrator who hears everything."""
        if chat_id >= 0 or chat_id in self._world.chats:
            raise Impossible(f"group {chat_id} needs a free negative id")
        kind: ChatType = "supergroup" if chat_id < SUPERGROUPS_BELOW else "group"
        self._world.chats[chat_id] = Chat(chat_id, kind, {"title": title}, open=True)

    def add_channel(self, chat_id: int, title: str) -> None:
        """A channel (negative id) with the bot as an administrator."""
        if chat_id >= 0 or chat_id in self._world.chats:
            raise Impossible(f"channel {chat_id} needs a free negative id")
        self._world.chats[chat_id] = Chat(chat_id, "channel", {"title": title}, open=True)

    def user_ids(self) -> tuple[int, ...]:
        """In the order in which they were added."""
        return tuple(self._world.users)

    def group_ids(self) -> tuple[int, ...]:
        return tuple(chat.id for chat in self._world.chats.values() if chat.type in {"group", "supergroup"})

    def profile(self, user_id: int) -> JsonObject:
        """The user as Telegram describes them: id, is_bot, first_name, language_code and so on."""
        return self._user(user_id).as_json()

    def set_language(self, user_id: int, language_code: str) -> None:
        self._world.users[user_id] = replace(self._user(user_id), language_code=language_code)

    def _user(self, user_id: int) -> User:
        if user_id not in self._world.users:
            raise Impossible(f"no user {user_id}")
        return self._world.users[user_id]

    def _chat(self, chat_id: int) -> Chat:
        if chat_id not in self._world.chats:
            raise Impossible(f"no chat {chat_id}")
        return self._world.chats[chat_id]

    def _group(self, chat_id: int | None) -> Chat:
        """The group of this id, or the only one."""
        if chat_id is not None:
            return self._chat(chat_id)
        if len(groups := self.group_ids()) != 1:
            raise Impossible(f"say which group: there are {len(groups)}")
        return self._chat(groups[0])

    def _meeting(self, user_id: int, chat_id: int | None) -> Chat:
        """The chat in which this person acts: their own with the bot, or one with others."""
        self._user(user_id)
        chat = self._chat(user_id if chat_id is None else chat_id)
        if chat.type == "private" and chat.id != user_id:
            raise Impossible(f"user {user_id} is not in chat {chat.id}")
        return chat

    def _present(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise Impossible(f"no message {message_id} in chat {chat.id}")
        return message


def writable(text: str) -> str:
    """The text, if the app would send it."""
    if not text.strip() or utf16_length(text) > LONGEST_TEXT:
        raise Impossible(f"a message has 1-{LONGEST_TEXT} characters")
    return text


def _private(user: User) -> JsonObject:
    about = user.as_json()
    return {name: about[name] for name in ("first_name", "last_name", "username") if name in about}
