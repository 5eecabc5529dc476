"""Keyboards under messages: the rules beyond their shape, and what a person sees of them."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.types import BUTTONS_IN_ALL
from bot.sandbox.telegram.views import ButtonView
from bot.sandbox.telegram.wire import BadRequest, JsonObject

Keyboard: TypeAlias = tuple[tuple[JsonObject, ...], ...]
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{0,64}")


def read_keyboard(args: Args, *, private: bool) -> Keyboard:
    """The inline keyboard of a call, empty where there is none; raises BadRequest."""
    markup = args.inner("reply_markup")
    if markup is None:
        return ()
    rows = tuple(
        tuple(button for button in row if isinstance(button, dict))
        for row in markup.items("inline_keyboard")
        if isinstance(row, list) and row
    )
    if sum(len(row) for row in rows) > BUTTONS_IN_ALL:
        raise BadRequest(f"reply_markup.inline_keyboard must have at most {BUTTONS_IN_ALL} buttons")
    for path, button in _places(rows):
        _check_button(Args(button, {}), path, private=private)
    return rows


def replaces_input(args: Args) -> bool:
    """Whether the call sends a reply keyboard; such a message can never be edited."""
    markup = args.inner("reply_markup")
    return markup is not None and ("keyboard" in markup or "force_reply" in markup) and "inline_keyboard" not in markup


def _places(rows: Keyboard) -> Iterator[tuple[str, JsonObject]]:
    for number, row in enumerate(rows):
        for position, button in enumerate(row):
            yield f"reply_markup.inline_keyboard[{number}][{position}]", button


def _check_button(button: Args, path: str, *, private: bool) -> None:
    if not button.text("text").strip():
        raise BadRequest(f"{path}.text must be non-empty")
    if "url" in button:
        _check_url(button.text("url"))
    if app := button.inner("web_app"):
        _check_app(app.text("url"), private=private)


def _check_url(url: str) -> None:
    parts = _split(url)
    if parts is None or (parts.scheme in {"http", "https"} and not _is_host(parts.hostname or "")):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if parts.scheme not in {"http", "https", "tg"}:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.hostname == "t.me":
        for parameter in parse_qs(parts.query, keep_blank_values=True).get("start", []):
            if not START_PARAMETER.fullmatch(parameter):
                raise BadRequest(f"inline keyboard button URL '{url}' is invalid: START_PARAM_INVALID")


def _check_app(url: str, *, private: bool) -> None:
    parts = _split(url)
    if parts is None or parts.scheme != "https" or not _is_host(parts.hostname or ""):
        raise BadRequest(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    if not private:
        raise BadRequest("BUTTON_TYPE_INVALID")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme and not re.search(r"\s", url) else None


def _is_host(host: str) -> bool:
    """An address or a name with a dot; a bare `localhost` is nowhere to Telegram."""
    try:
        ip_address(host)
    except ValueError:
        return re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", host) is not None
    return True


def view(keyboard: Keyboard) -> tuple[tuple[ButtonView, ...], ...]:
    return tuple(tuple(_button(Args(button, {})) for button in row) for row in keyboard)


def _button(button: Args) -> ButtonView:
    text, style = button.text("text"), button.text("style")
    if "callback_data" in button:
        return ButtonView(text, "callback", button.text("callback_data"), style)
    if "disabled" in button:
        return ButtonView(text, "disabled", "", style)
    if app := button.inner("web_app"):
        return ButtonView(text, "web_app", app.text("url"), style)
    if copied := button.inner("copy_text"):
        return ButtonView(text, "copy", copied.text("text"), style)
    if link := button.text("url") or _login(button):
        return ButtonView(text, "url", link, style)
    return ButtonView(text, "inline", _inline_query(button), style)


def _login(button: Args) -> str:
    login = button.inner("login_url")
    return login.text("url") if login else ""


def _inline_query(button: Args) -> str:
    chosen = button.inner("switch_inline_query_chosen_chat")
    if chosen is not None:
        return chosen.text("query")
    return button.text("switch_inline_query") or button.text("switch_inline_query_current_chat")
