"""The description of the Bot API agrees with an independent one: aiogram's method and type classes."""

import importlib

import pytest
from pydantic import BaseModel

from bot.sandbox.telegram import types
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.schema import Field, Object

OBJECTS = {
    "InlineKeyboardButton": types.INLINE_BUTTON,
    "InlineKeyboardMarkup": types.INLINE_KEYBOARD,
    "ReplyKeyboardMarkup": types.REPLY_KEYBOARD,
    "ReplyKeyboardRemove": types.KEYBOARD_REMOVAL,
    "ForceReply": types.FORCE_REPLY,
    "KeyboardButton": types.KEYBOARD_BUTTON,
    "MessageEntity": types.MESSAGE_ENTITY,
    "LinkPreviewOptions": types.LINK_PREVIEW_OPTIONS,
    "ReplyParameters": types.REPLY_PARAMETERS,
    "InputMediaPhoto": types.INPUT_MEDIA.shapes["photo"],
    "InputMediaDocument": types.INPUT_MEDIA.shapes["document"],
    "BotCommand": types.BOT_COMMAND,
    "BotCommandScopeChat": types.COMMAND_SCOPE.shapes["chat"],
    "BotCommandScopeChatMember": types.COMMAND_SCOPE.shapes["chat_member"],
    "MenuButtonWebApp": types.MENU_BUTTON.shapes["web_app"],
    "LoginUrl": types.LOGIN_URL,
    "CopyTextButton": types.COPY_TEXT,
    "SwitchInlineQueryChosenChat": types.CHOSEN_CHAT,
    "InlineQueryResultArticle": types.INLINE_RESULT.shapes["article"],
    "InputTextMessageContent": types.INLINE_TEXT,
}
# The sandbox knows no taps on inline messages and no rich messages; aiogram presets what has only one value.
OURS_TO_REQUIRE = {"chat_id", "message_id", "text", "type", "remove_keyboard", "force_reply"}


def fields_of(module: str, name: str) -> dict[str, bool]:
    """Field names of an aiogram class, and whether each is required."""
    model = getattr(importlib.import_module(module), name)
    assert issubclass(model, BaseModel)
    return {entry.alias or field: entry.is_required() for field, entry in model.model_fields.items()}


def compare(ours: dict[str, Field], theirs: dict[str, bool]) -> None:
    assert set(ours) <= set(theirs), set(ours) - set(theirs)
    for name, required in theirs.items():
        if required:
            assert name in ours
            assert ours[name].required, name
        elif name in ours and name not in OURS_TO_REQUIRE:
            assert not ours[name].required, name


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_parameter_exists_and_is_required_where_it_must_be(method: str) -> None:
    theirs = fields_of("aiogram.methods", method[0].upper() + method[1:])
    compare(dict(METHODS[method].fields), theirs)


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_every_nested_field_exists_and_is_required_where_it_must_be(name: str) -> None:
    described: Object = OBJECTS[name]
    compare(dict(described.fields), fields_of("aiogram.types", name))
