"""Commands, texts and menus are kept per scope and language, and people see the narrowest that fits."""

from bot.sandbox.telegram.model import Telegram
from tests.sandbox.telegram.builders import ANN, BOB, GROUP, TOKEN, a_telegram


def register(telegram: Telegram, name: str, language: str = "", **scope: object) -> None:
    params: dict[str, object] = {
        "commands": [{"command": name, "description": name.title()}],
        "language_code": language,
    }
    if scope:
        params["scope"] = scope
    assert telegram.call(TOKEN, "setMyCommands", params).ok


def test_people_see_the_commands_of_their_language() -> None:
    telegram = a_telegram()
    register(telegram, "help")
    register(telegram, "aide", "fr")
    assert telegram.commands(ANN) == [("help", "Help")]
    assert telegram.commands(BOB) == [("aide", "Aide")]


def test_a_narrower_scope_wins() -> None:
    telegram = a_telegram()
    register(telegram, "help")
    register(telegram, "sales", type="chat", chat_id=ANN)
    register(telegram, "door", type="chat_member", chat_id=GROUP, user_id=BOB)
    assert telegram.commands(ANN) == [("sales", "Sales")]
    assert telegram.commands(BOB) == [("help", "Help")]
    assert telegram.commands(BOB, chat_id=GROUP) == [("door", "Door")]
    assert telegram.commands(ANN, chat_id=GROUP) == [("help", "Help")]


def test_commands_can_be_read_and_deleted() -> None:
    telegram = a_telegram()
    register(telegram, "help")
    assert telegram.call(TOKEN, "getMyCommands", {}).result == [{"command": "help", "description": "Help"}]
    assert telegram.call(TOKEN, "getMyCommands", {"language_code": "fr"}).result == []
    assert telegram.call(TOKEN, "deleteMyCommands", {}).ok
    assert telegram.commands(ANN) == []


def test_texts_and_menu_are_taken() -> None:
    telegram = a_telegram()
    assert telegram.call(TOKEN, "setMyName", {"name": "Lac"}).ok
    assert telegram.call(TOKEN, "setMyDescription", {"description": "x", "language_code": "fr"}).ok
    assert telegram.call(TOKEN, "setMyShortDescription", {"short_description": "x"}).ok
    assert telegram.call(TOKEN, "setChatMenuButton", {"menu_button": '{"type": "commands"}'}).ok
    assert not telegram.call(TOKEN, "setChatMenuButton", {"chat_id": 4711}).ok
