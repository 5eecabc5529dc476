"""A Telegram for staff's handlers: the real library, whose calls are recorded instead of sent.

telegram = RecordedTelegram(); bot = await telegram.bot()
telegram.calls                        # [("sendMessage", {"chat_id": 1, "text": ...}), ...]
telegram.refuse["editMessageText"] = "Bad Request: message to edit not found"
telegram.files["file-1"] = b"..."     # what a sent document holds
command(bot, 1, "/sales week")        # an update; tap(bot, 1, "1:xs:...") another
"""

import json
from datetime import UTC, datetime
from itertools import count

from telegram import Bot, Update
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

NOW = int(datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp())
GROUP = -1007
Json = dict[str, object]
_numbers = count(1)


class RecordedTelegram(BaseRequest):
    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.refuse: dict[str, str] = {}
        self.files: dict[str, bytes] = {}

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def bot(self) -> ExtBot[None]:
        made: ExtBot[None] = ExtBot("42:token", request=self, get_updates_request=self)
        await made.initialize()
        self.calls.clear()
        return made

    def made(self, *methods: str) -> list[Json]:
        """The parameters of the calls of these methods."""
        return [parameters for method, parameters in self.calls if method in methods]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        if "/file/" in url:
            return 200, self.files[name]
        parameters: Json = {**request_data.parameters} if request_data else {}
        self.calls.append((name, parameters))
        if name in self.refuse:
            return 400, json.dumps({"ok": False, "error_code": 400, "description": self.refuse[name]}).encode()
        return 200, json.dumps({"ok": True, "result": _result(name, parameters)}).encode()


def person(user_id: int, language: str = "en") -> Json:
    return {"id": user_id, "is_bot": False, "first_name": f"Person {user_id}", "language_code": language}


def private(user_id: int) -> Json:
    return {"id": user_id, "type": "private", "first_name": f"Person {user_id}"}


def command(bot: Bot, user_id: int, text: str, field: str = "message", **fields: object) -> Update:
    """A message with a command; `fields` replace or add what the message has."""
    length = len(text.split(maxsplit=1)[0])
    sent: Json = {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}
    return _update(bot, field, _message(user_id) | sent | fields)


def document(bot: Bot, user_id: int, name: str, field: str = "message", **fields: object) -> Update:
    """A sent file, whose content is what `files` has under "file-1"."""
    file = {"file_id": "file-1", "file_unique_id": "u1", "file_name": name, "file_size": 10}
    sent: Json = {"document": file}
    return _update(bot, field, _message(user_id) | sent | fields)


def tap(bot: Bot, user_id: int, data: str, chat: Json | None = None, language: str = "en") -> Update:
    """A tap on a button under message 77 of a chat, by default the person's own."""
    message: Json = {"message_id": 77, "date": NOW, "chat": chat or private(user_id), "text": "x", "from": _bot_user()}
    query: Json = {
        "id": "q1",
        "from": person(user_id, language),
        "chat_instance": "c",
        "data": data,
        "message": message,
    }
    return _update(bot, "callback_query", query)


def group() -> Json:
    return {"id": GROUP, "type": "supergroup", "title": "Alerts"}


def _message(user_id: int) -> Json:
    return {"message_id": 5, "date": NOW, "chat": private(user_id), "from": person(user_id)}


def _update(bot: Bot, field: str, content: Json) -> Update:
    made = Update.de_json({"update_id": next(_numbers), field: content}, bot)
    assert made is not None
    return made


def _result(name: str, parameters: Json) -> object:
    match name:
        case "getMe":
            return _bot_user()
        case "getFile":
            return {"file_id": parameters["file_id"], "file_unique_id": "u1", "file_path": str(parameters["file_id"])}
        case "sendMessage" | "editMessageText":
            chat = {"id": parameters["chat_id"], "type": "private"}
            return {"message_id": 78, "date": NOW, "chat": chat, "text": parameters["text"]}
    return True


def _bot_user() -> Json:
    return {"id": 42, "is_bot": True, "first_name": "Guichet", "username": "guichet_bot"}
