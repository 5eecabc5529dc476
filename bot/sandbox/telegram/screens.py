"""What people see: messages, answers to their taps, files, the menu of commands."""

from bot.sandbox.telegram.community import Community
from bot.sandbox.telegram.state import Impossible
from bot.sandbox.telegram.views import MessageView, NoticeView
from bot.sandbox.telegram.wire import Upload


class Screens(Community):
    @property
    def version(self) -> int:
        """Grows with every message, edit, deletion and notice, over all chats."""
        return self._world.version

    def messages(self, chat_id: int, *, after: int = 0) -> list[MessageView]:
        """Messages in order of their ids. Without `after`: all that are there.

        With `after=N`: what changed since version N, with the deleted ones (`deleted` is True).
        """
        return [
            message.view
            for message in self._chat(chat_id).messages.values()
            if message.version > after and (after or not message.deleted)
        ]

    def message(self, chat_id: int, message_id: int) -> MessageView:
        """One message, deleted or not; raises `Impossible` for an unknown one."""
        message = self._chat(chat_id).messages.get(message_id)
        if message is None:
            raise Impossible(f"no message {message_id} in chat {chat_id}")
        return message.view

    def last_message(self, chat_id: int) -> MessageView:
        """The newest that is not deleted; raises `Impossible` in an empty chat."""
        for message in reversed(self._chat(chat_id).messages.values()):
            if not message.deleted:
                return message.view
        raise Impossible(f"chat {chat_id} is empty")

    def notices(self, user_id: int, *, after: int = 0) -> list[NoticeView]:
        """Answers to this person's taps, oldest first; `show_alert` tells alerts from toasts."""
        self._user(user_id)
        return [shown for shown in self._world.notices if shown.user_id == user_id and shown.version > after]

    def unanswered(self, user_id: int) -> list[str]:
        """Ids of this person's taps that still wait for answerCallbackQuery."""
        self._user(user_id)
        queries = self._world.queries.values()
        return [query.id for query in queries if query.user_id == user_id and not query.answered]

    def file(self, file_id: str) -> Upload | None:
        """The bytes of a photo or a document."""
        stored = self._world.files.by_id(file_id)
        return stored.upload if stored else None

    def commands(self, user_id: int, *, chat_id: int | None = None) -> list[tuple[str, str]]:
        """The menu (name, description) that this person sees in this chat, scopes and language resolved."""
        user = self._user(user_id)
        chat = self._meeting(user_id, chat_id)
        menu = self._world.profile.menu(chat.id, user_id, user.language_code)
        return [(str(item["command"]), str(item["description"])) for item in menu]
