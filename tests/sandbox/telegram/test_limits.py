"""Every limit of the Bot API that the sandbox knows refuses what lies just beyond it."""

import json

import pytest

from bot.sandbox.telegram.wire import BadRequest
from tests.sandbox.telegram.builders import TOKEN, a_photo, a_telegram, button, keyboard, send, send_photo
from tests.sandbox.telegram.cases import CASES

NAMES = sorted(CASES)


@pytest.mark.parametrize("name", NAMES)
def test_a_value_beyond_its_limit_is_refused(name: str) -> None:
    case = CASES[name]
    reply = a_telegram().call(TOKEN, case.method, case.params)
    assert reply.status == 400
    assert reply.description.startswith("Bad Request: ")
    assert case.says in reply.description


@pytest.mark.parametrize("name", NAMES)
def test_a_value_within_its_limit_is_taken(name: str) -> None:
    case = CASES[name]
    reply = a_telegram().call(TOKEN, case.method, {**case.params, **case.right})
    assert reply.ok, reply.description


@pytest.mark.parametrize("name", [name for name in NAMES if name != "text not in UTF-8"])
def test_a_form_is_judged_like_a_json_body(name: str) -> None:
    case = CASES[name]
    form = {field: value if isinstance(value, str) else json.dumps(value) for field, value in case.params.items()}
    reply = a_telegram().call(TOKEN, case.method, form)
    assert reply.status == 400
    assert case.says in reply.description


def test_a_caption_has_at_most_1024_characters() -> None:
    telegram = a_telegram()
    send_photo(telegram, "x" * 1024)
    params = {"chat_id": 7, "caption": "x" * 1025}
    reply = telegram.call(TOKEN, "sendPhoto", params, {"photo": a_photo()})
    assert reply.description == "Bad Request: message caption is too long"


def test_an_answer_to_a_tap_has_at_most_200_characters() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button()))
    tap = telegram.press(7, message, text="Go")
    reply = telegram.call(TOKEN, "answerCallbackQuery", {"callback_query_id": tap.query_id, "text": "x" * 201})
    assert reply.description == "Bad Request: MESSAGE_TOO_LONG"
    assert telegram.call(TOKEN, "answerCallbackQuery", {"callback_query_id": tap.query_id, "text": "x" * 200}).ok


def test_a_refusal_is_shaped_like_telegrams() -> None:
    assert BadRequest("x").reply().body == {"ok": False, "error_code": 400, "description": "Bad Request: x"}
