"""Calls that break one rule of shape or limit each; the rules' document names every one of them."""

from dataclasses import dataclass, field

from bot.sandbox.telegram.wire import Json, JsonObject
from tests.sandbox.telegram.builders import ANN, GROUP, PARIS, button, keyboard


@dataclass(frozen=True)
class Case:
    """`says` is part of the description; the same call with the fields of `right` instead goes well."""

    method: str
    params: JsonObject
    says: str
    right: JsonObject = field(default_factory=dict)


def text(says: str, wrong: JsonObject, right: JsonObject) -> Case:
    return Case("sendMessage", {"chat_id": ANN, "text": "hello", **wrong}, says, right)


def buttons(says: str, wrong: Json, right: Json) -> Case:
    return text(says, {"reply_markup": keyboard(wrong)}, {"reply_markup": keyboard(right)})


def one_row(width: int) -> JsonObject:
    return {"inline_keyboard": [[button() for _ in range(width)]]}


def full_rows(count: int) -> list[Json]:
    return [[button() for _ in range(8)] for _ in range(count)]


def commands(says: str, wrong: JsonObject, right: JsonObject) -> Case:
    return Case("setMyCommands", {"commands": [wrong]}, says, {"commands": [right]})


def command(name: str = "help", description: str = "Help") -> JsonObject:
    return {"command": name, "description": description}


def numbered(count: int) -> list[Json]:
    return [command(f"help{number}") for number in range(count)]


VENUE: JsonObject = {"chat_id": ANN, **PARIS, "title": "Semnoz", "address": "Car park"}
LINK = "t.me/guichet_sandbox_bot?start="

CASES: dict[str, Case] = {
    "text empty": text("message text is empty", {"text": ""}, {"text": "x"}),
    "text blank": text("message text is empty", {"text": " \n"}, {"text": "x"}),
    "text too long": text("message is too long", {"text": "x" * 4097}, {"text": "x" * 4096}),
    "text too long in UTF-16": text("message is too long", {"text": "🥾" * 2049}, {"text": "🥾" * 2048}),
    "text too long once parsed": text(
        "message is too long",
        {"parse_mode": "HTML", "text": "<b>" + "x" * 4097 + "</b>"},
        {"text": "<b>" + "x" * 4096 + "</b>"},
    ),
    "parse mode": text("unsupported parse_mode", {"parse_mode": "MarkdownV2"}, {"parse_mode": "HTML"}),
    "entity outside of the text": text(
        "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 5",
        {"entities": [{"type": "bold", "offset": 3, "length": 3}]},
        {"entities": [{"type": "bold", "offset": 3, "length": 2}]},
    ),
    "entities beside a parse mode": text(
        "exclude each other",
        {"parse_mode": "HTML", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
        {"entities": []},
    ),
    "text not in UTF-8": text("encoded in UTF-8", {"text": "\ud800"}, {"text": "x"}),
    "button without text": buttons("text must have 1-", button(""), button("x")),
    "button with blank text": buttons("[0][0].text must be non-empty", button(" "), button("x")),
    "button without action": buttons("Text buttons are unallowed", {"text": "x"}, button()),
    "button with two actions": buttons(
        "only one of url, callback_data", button(url="https://a.example", callback_data="x"), button()
    ),
    "callback data empty": buttons("BUTTON_DATA_INVALID", button(callback_data=""), button(callback_data="x")),
    "callback data too long": buttons(
        "BUTTON_DATA_INVALID", button(callback_data="x" * 65), button(callback_data="x" * 64)
    ),
    "callback data too long in bytes": buttons(
        "BUTTON_DATA_INVALID", button(callback_data="é" * 33), button(callback_data="é" * 32)
    ),
    "button url on localhost": buttons(
        "Wrong HTTP URL", button(url="http://localhost:8800/pay"), button(url="http://127.0.0.1:8800/pay")
    ),
    "button url without scheme": buttons("Wrong HTTP URL", button(url="a.example"), button(url="https://a.example")),
    "button url of another protocol": buttons(
        "Unsupported URL protocol", button(url="javascript:alert(1)"), button(url="tg://user?id=1")
    ),
    "start parameter too long": buttons(
        "START_PARAM_INVALID", button(url=f"https://{LINK}{'x' * 65}"), button(url=f"https://{LINK}{'x' * 64}")
    ),
    "start parameter with a dot": buttons(
        "START_PARAM_INVALID", button(url=f"https://{LINK}a.b"), button(url=f"https://{LINK}a_b-1")
    ),
    "web app without TLS": buttons(
        "Only HTTPS links are allowed",
        button(web_app={"url": "http://a.example"}),
        button(web_app={"url": "https://a.example"}),
    ),
    "web app in a group": Case(
        "sendMessage",
        {"chat_id": GROUP, "text": "x", "reply_markup": keyboard(button(web_app={"url": "https://a.example"}))},
        "BUTTON_TYPE_INVALID",
        {"chat_id": ANN},
    ),
    "copied text empty": buttons(
        "copy_text.text must have 1-256", button(copy_text={"text": ""}), button(copy_text={"text": "x"})
    ),
    "copied text too long": buttons(
        "copy_text.text must have 1-256", button(copy_text={"text": "x" * 257}), button(copy_text={"text": "x" * 256})
    ),
    "button style": buttons(
        "style must be one of danger, success, primary",
        button(callback_data="x", style="red"),
        button(callback_data="x", style="danger"),
    ),
    "disabled button with fields": buttons(
        "unknown field reply_markup.inline_keyboard[0][0].disabled.why",
        button(disabled={"why": "past"}),
        button(disabled={}),
    ),
    "nine buttons on a row": text("at most 8 items", {"reply_markup": one_row(9)}, {"reply_markup": one_row(8)}),
    "101 buttons": text(
        "at most 100 buttons",
        {"reply_markup": {"inline_keyboard": [*full_rows(12), [button() for _ in range(5)]]}},
        {"reply_markup": {"inline_keyboard": [*full_rows(12), [button() for _ in range(4)]]}},
    ),
    "keyboard of no kind": text(
        "needs one of inline_keyboard, keyboard, remove_keyboard, force_reply",
        {"reply_markup": {"selective": True}},
        {"reply_markup": {"remove_keyboard": True}},
    ),
    "keyboard removal that removes nothing": text(
        "reply_markup.remove_keyboard must be True",
        {"reply_markup": {"remove_keyboard": False}},
        {"reply_markup": {"remove_keyboard": True}},
    ),
    "venue without title": Case("sendVenue", {**VENUE, "title": ""}, "title must have 1-", {"title": "x"}),
    "latitude beyond the pole": Case("sendVenue", {**VENUE, "latitude": 91}, "between -90 and 90", {"latitude": 90}),
    "longitude beyond the date line": Case(
        "sendVenue", {**VENUE, "longitude": -181}, "between -180 and 180", {"longitude": 180}
    ),
    "chat action": Case(
        "sendChatAction", {"chat_id": ANN, "action": "sleeping"}, "wrong parameter action", {"action": "typing"}
    ),
    "command in capitals": commands("BOT_COMMAND_INVALID", command("Help"), command("help")),
    "command too long": commands("BOT_COMMAND_INVALID", command("x" * 33), command("x" * 32)),
    "command empty": commands("BOT_COMMAND_INVALID", command(""), command("x")),
    "command twice": Case(
        "setMyCommands",
        {"commands": [command(), command()]},
        "BOT_COMMAND_INVALID",
        {"commands": [command(), command("start")]},
    ),
    "command without description": commands(
        "BOT_COMMAND_DESCRIPTION_INVALID", command("help", ""), command("help", "x")
    ),
    "command description too long": commands(
        "BOT_COMMAND_DESCRIPTION_INVALID", command("help", "x" * 257), command("help", "x" * 256)
    ),
    "101 commands": Case(
        "setMyCommands", {"commands": numbered(101)}, "BOT_COMMANDS_TOO_MUCH", {"commands": numbered(100)}
    ),
    "command scope": Case(
        "setMyCommands",
        {"commands": [command()], "scope": {"type": "everybody"}},
        "scope.type must be one of default",
        {"scope": {"type": "all_private_chats"}},
    ),
    "command scope of an unknown chat": Case(
        "setMyCommands",
        {"commands": [command()], "scope": {"type": "chat", "chat_id": 4711}},
        "chat not found",
        {"scope": {"type": "chat", "chat_id": ANN}},
    ),
    "language code": Case("getMyCommands", {"language_code": "fra"}, "LANGUAGE_CODE_INVALID", {"language_code": "fr"}),
    "description too long": Case(
        "setMyDescription", {"description": "x" * 513}, "must have 0-512", {"description": "x" * 512}
    ),
    "short description too long": Case(
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "must have 0-120",
        {"short_description": "x" * 120},
    ),
    "name too long": Case("setMyName", {"name": "x" * 65}, "must have 0-64", {"name": "x" * 64}),
    "menu button of no kind": Case(
        "setChatMenuButton",
        {"menu_button": {"type": "gold"}},
        "menu_button.type must be one of commands, default, web_app",
        {"menu_button": {"type": "commands"}},
    ),
    "limit of updates": Case("getUpdates", {"limit": 101}, "limit must be between 1 and 100", {"limit": 100}),
    "kind of update": Case(
        "getUpdates",
        {"allowed_updates": ["messages"]},
        "allowed_updates[0] must be one of message",
        {"allowed_updates": ["message"]},
    ),
    "webhook elsewhere": Case(
        "setWebhook", {"url": "https://shop.example/telegram"}, "bad webhook", {"url": "http://127.0.0.1:8080/t"}
    ),
    "webhook secret with a space": Case(
        "setWebhook",
        {"url": "http://127.0.0.1:8080/t", "secret_token": "a b"},
        "secret token contains unallowed characters",
        {"secret_token": "a-b_1"},
    ),
    "webhook secret too long": Case(
        "setWebhook",
        {"url": "http://127.0.0.1:8080/t", "secret_token": "x" * 257},
        "secret token contains unallowed characters",
        {"secret_token": "x" * 256},
    ),
    "webhook connections": Case(
        "setWebhook",
        {"url": "http://127.0.0.1:8080/t", "max_connections": 101},
        "max_connections must be between 1 and 100",
        {"max_connections": 100},
    ),
    "reply to nothing": text(
        "message to be replied not found",
        {"reply_parameters": {"message_id": 99}},
        {"reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
    ),
    "quote too long": text(
        "reply_parameters.quote must have 0-1024",
        {"reply_parameters": {"message_id": 99, "quote": "x" * 1025}},
        {"reply_parameters": {"message_id": 99, "quote": "x" * 1024, "allow_sending_without_reply": True}},
    ),
}
