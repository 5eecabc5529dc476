"""Unknown methods, unknown fields and wrong types are found at any depth and named by their path."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.bot_api import HANDLERS
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.wire import JsonObject
from tests.sandbox.telegram.builders import ANN, TOKEN, a_photo, a_telegram, button, keyboard, send


def test_every_described_method_has_a_handler() -> None:
    assert set(HANDLERS) == set(METHODS)


def test_an_unknown_method_is_not_found() -> None:
    reply = a_telegram().call(TOKEN, "sendLove", {})
    assert reply.body == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_a_wrong_token_is_unauthorized() -> None:
    reply = a_telegram().call("100200300:wrong", "getMe", {})
    assert reply.body == {"ok": False, "error_code": 401, "description": "Unauthorized"}


def test_the_case_of_a_method_does_not_matter() -> None:
    assert a_telegram().call(TOKEN, "getme", {}).ok


@pytest.mark.parametrize("method", sorted(METHODS))
def test_an_unknown_parameter_is_named(method: str) -> None:
    reply = a_telegram().call(TOKEN, method, {"wrong": "1"})
    assert reply.description == "Bad Request: unknown field wrong"


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_missing_parameter_is_named(method: str) -> None:
    required = [name for name, entry in METHODS[method].fields.items() if entry.required]
    reply = a_telegram().call(TOKEN, method, {})
    assert reply.ok if not required else reply.description == f"Bad Request: {required[0]} is required"


DEEP: list[tuple[JsonObject, str]] = [
    ({"reply_markup": {**keyboard(button()), "wrong": 1}}, "unknown field reply_markup.wrong"),
    (
        {"reply_markup": keyboard(button(callback_data="x", wrong=1))},
        "unknown field reply_markup.inline_keyboard[0][0].wrong",
    ),
    (
        {"reply_markup": keyboard(button(), button(web_app={"url": "https://a.example", "wrong": 1}))},
        "unknown field reply_markup.inline_keyboard[1][0].web_app.wrong",
    ),
    (
        {"entities": [{"type": "text_mention", "offset": 0, "length": 1, "user": {"wrong": 1}}]},
        "unknown field entities[0].user.wrong",
    ),
    ({"link_preview_options": {"wrong": True}}, "unknown field link_preview_options.wrong"),
    ({"reply_parameters": {"message_id": 1, "wrong": 1}}, "unknown field reply_parameters.wrong"),
    (
        {"reply_markup": {"inline_keyboard": [{"text": "x"}]}},
        "field reply_markup.inline_keyboard[0] must be of type Array",
    ),
    ({"reply_markup": keyboard("x")}, "field reply_markup.inline_keyboard[0][0] must be of type Object"),
    (
        {"reply_markup": keyboard(button(callback_data=1))},
        "field reply_markup.inline_keyboard[0][0].callback_data must be of type String",
    ),
    ({"reply_markup": keyboard({"callback_data": "x"})}, "reply_markup.inline_keyboard[0][0].text is required"),
    ({"reply_markup": "no json"}, "can't parse reply_markup JSON object"),
    ({"reply_markup": "[" * 100_000}, "can't parse reply_markup JSON object"),
    ({"reply_markup": '{"inline_keyboard": NaN}'}, "can't parse reply_markup JSON object"),
    ({"reply_markup": "1"}, "field reply_markup must be of type Object"),
    (
        {"link_preview_options": {"is_disabled": "true"}},
        "field link_preview_options.is_disabled must be of type Boolean",
    ),
    ({"disable_notification": "perhaps"}, "field disable_notification must be of type Boolean"),
    ({"disable_notification": 1}, "field disable_notification must be of type Boolean"),
    ({"text": 5}, "field text must be of type String"),
    ({"reply_parameters": {"message_id": 1.5}}, "field reply_parameters.message_id must be of type Integer"),
    ({"reply_parameters": {"message_id": True}}, "field reply_parameters.message_id must be of type Integer"),
    ({"reply_parameters": {"message_id": 2**60}}, "reply_parameters.message_id must be between 1 and"),
    ({"entities": [{"type": "loud", "offset": 0, "length": 1}]}, "entities[0].type must be one of"),
]


@pytest.mark.parametrize(("planted", "says"), DEEP)
def test_a_mistake_at_any_depth_is_named_by_its_path(planted: JsonObject, says: str) -> None:
    reply = a_telegram().call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "hello", **planted})
    assert reply.status == 400
    assert says in reply.description


def test_a_wrong_field_inside_media_is_named() -> None:
    telegram = a_telegram()
    media = json.dumps({"type": "photo", "media": "x", "caption_entities": [{"type": "bold", "wrong": 1}]})
    params = {"chat_id": ANN, "message_id": send(telegram), "media": media}
    reply = telegram.call(TOKEN, "editMessageMedia", params)
    assert reply.description == "Bad Request: unknown field media.caption_entities[0].wrong"


def test_a_file_that_nothing_refers_to_is_an_unknown_field() -> None:
    reply = a_telegram().call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "x"}, {"extra": a_photo()})
    assert reply.description == "Bad Request: unknown field extra"


def test_a_number_that_is_no_number_is_refused() -> None:
    reply = a_telegram().call(TOKEN, "deleteMessage", {"chat_id": "7", "message_id": "seven"})
    assert reply.description == "Bad Request: field message_id must be of type Integer"


def test_a_public_name_is_no_chat_here() -> None:
    reply = a_telegram().call(TOKEN, "sendMessage", {"chat_id": "@bob", "text": "x"})
    assert reply.description == "Bad Request: chat not found"


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    deep: object = []
    for _ in range(40):
        deep = [deep]
    reply = a_telegram().call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": deep})
    assert reply.description == "Bad Request: reply_markup is nested too deeply"


def test_what_is_no_json_is_refused() -> None:
    reply = a_telegram().call(TOKEN, "sendMessage", {"chat_id": ANN, "text": object()})
    assert reply.description == "Bad Request: text is not a JSON value"


def test_an_endless_source_is_too_long() -> None:
    params = {"chat_id": ANN, "text": "<b></b>" * 20_000, "parse_mode": "HTML"}
    assert a_telegram().call(TOKEN, "sendMessage", params).description == "Bad Request: message is too long"


def test_a_null_counts_as_left_out() -> None:
    assert a_telegram().call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "x", "parse_mode": None}).ok


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for method in METHODS.values() for name in method.fields})


@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), JSON))
def test_no_call_however_odd_is_more_than_refused(method: str, params: dict[str, object]) -> None:
    reply = a_telegram().call(TOKEN, method, params)
    assert reply.status in {200, 400, 401, 404, 409, 413}
    json.dumps(reply.body)
