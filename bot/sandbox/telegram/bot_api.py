"""One Bot API call from its parameters to its reply."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import TypeAlias

from bot.sandbox.telegram import answering, editing, inline, polling, sending, settings
from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.files import ATTACHED
from bot.sandbox.telegram.journal import Journal, JournalEntry
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.schema import InputFile, Method, decode
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.wire import ApiError, BadRequest, Json, JsonObject, Reply, Upload, success

Handler: TypeAlias = Callable[[World, Args], Json]

HANDLERS: dict[str, Handler] = {
    "getMe": settings.get_me,
    "getUpdates": polling.get_updates,
    "setWebhook": polling.set_webhook,
    "deleteWebhook": polling.delete_webhook,
    "getWebhookInfo": polling.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendVenue": sending.send_venue,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "setMyCommands": settings.set_my_commands,
    "getMyCommands": settings.get_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "setMyDescription": settings.set_my_text,
    "setMyShortDescription": settings.set_my_text,
    "setMyName": settings.set_my_text,
    "setChatMenuButton": settings.set_chat_menu_button,
    "getFile": settings.get_file,
}
NAMES = {name.lower(): name for name in METHODS}  # Telegram does not mind the case
NEW_MESSAGES = ("sendMessage", "sendPhoto", "sendDocument", "sendVenue")
EDITS = ("editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup")


class BotApi:
    """Checks the token, the method and every parameter, lets the handler act, and keeps the journal."""

    def __init__(self, world: World, token: str, journal: Journal, rates: Rates) -> None:
        self._world = world
        self._token = token
        self._journal = journal
        self._rates = rates
        self._numbers = count(1)

    def call(self, token: str, method: str, params: Mapping[str, object], files: Mapping[str, Upload]) -> Reply:
        name = NAMES.get(method.lower(), method)
        values: JsonObject | None = None
        try:
            self._admit(token, name)
            values = decode(METHODS[name], _with_uploads(METHODS[name], params, files))
            reply = self._perform(name, Args(values, files))
        except ApiError as refusal:
            reply = refusal.reply()
        self.record(name, _as_they_came(params) if values is None else values, files, reply)
        return reply

    def record(self, method: str, params: JsonObject, files: Mapping[str, Upload], reply: Reply) -> None:
        if method == "getUpdates" and reply.result == []:
            return
        entry = JournalEntry(
            number=next(self._numbers),
            date=self._world.now(),
            method=method,
            params=params,
            files=tuple(upload.name for upload in files.values()),
            status=reply.status,
            description=reply.description,
            result=reply.result,
        )
        self._journal.add(entry)

    def _admit(self, token: str, method: str) -> None:
        if token != self._token:
            raise ApiError(401, "Unauthorized")
        if method not in METHODS:
            raise ApiError(404, "Not Found")

    def _perform(self, method: str, args: Args) -> Reply:
        _refuse_unused(args)
        if method in NEW_MESSAGES or method in EDITS:
            chat = self._world.chat_for_bot(args.value("chat_id"))
            self._rates.take(chat.id, self._world.now(), new_message=method in NEW_MESSAGES)
        return success(HANDLERS[method](self._world, args))


def _with_uploads(method: Method, params: Mapping[str, object], files: Mapping[str, Upload]) -> Mapping[str, object]:
    """A file that is sent under the name of its parameter stands for `attach://<that name>`."""
    direct = {
        name: ATTACHED + name
        for name in files
        if name in method.fields and isinstance(method.fields[name].spec, InputFile)
    }
    return {**params, **direct}


def _refuse_unused(args: Args) -> None:
    media = args.inner("media")
    used = [*args.values.values(), *(media.values.values() if media else ())]
    for name in args.uploads:
        if ATTACHED + name not in used:
            raise BadRequest(f"unknown field {name}")


def _as_they_came(params: Mapping[str, object]) -> JsonObject:
    return {name: str(value) for name, value in params.items()}
