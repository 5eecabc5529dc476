"""What a bot says about itself: commands per scope and language, name, descriptions, menu buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.wire import Json, JsonObject

Scope: TypeAlias = tuple[str, int, int]  # kind, chat id, user id; 0 where it has none
DEFAULT: Scope = ("default", 0, 0)


def read_scope(args: Args) -> Scope:
    scope = args.inner("scope")
    if scope is None:
        return DEFAULT
    chat_id = scope.value("chat_id")
    return scope.text("type"), chat_id if isinstance(chat_id, int) else 0, scope.integer("user_id")


@dataclass
class BotProfile:
    commands: dict[tuple[Scope, str], list[JsonObject]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # by field and language
    menu_buttons: dict[int, Json] = field(default_factory=dict)  # by chat; 0: the default

    def menu(self, chat_id: int, user_id: int, language: str) -> list[JsonObject]:
        """The commands that a person sees: the narrowest scope that has any, their language before none."""
        for scope in _scopes(chat_id, user_id):
            for code in (language[:2], ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []


def _scopes(chat_id: int, user_id: int) -> Iterator[Scope]:
    """From the narrowest to the widest, in Telegram's order."""
    if chat_id < 0:
        yield "chat_member", chat_id, user_id
    yield "chat", chat_id, 0
    yield ("all_private_chats" if chat_id > 0 else "all_group_chats"), 0, 0
    yield DEFAULT
