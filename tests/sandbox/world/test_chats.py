"""People through the control API: they write, tap and see what Telegram shows them."""

import base64

import pytest

from bot.sandbox.telegram.wire import Upload
from bot.sandbox.world import TEAM_CHAT
from tests.sandbox.world.client import PIXEL, Answer, Sandbox


def updates(sandbox: Sandbox) -> list[Answer]:
    found: list[Answer] = sandbox.bot("getUpdates", {})
    return found


async def test_a_text_reaches_the_bot_and_stands_in_the_chat(sandbox: Sandbox) -> None:
    posted = await sandbox.post("chats/1001/text", {"text": "/start"})
    seen = await sandbox.get("chats/1001/messages")
    assert [(each["id"], each["text"]) for each in seen["messages"]] == [(posted["message_id"], "/start")]
    assert [each["update_id"] for each in updates(sandbox)] == [posted["update_id"]]


async def test_messages_after_a_version_are_those_that_changed_since(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    before = await sandbox.get("chats/1001/messages")
    sandbox.shop_says(1001, "Welcome")
    seen = await sandbox.get("chats/1001/messages", after=str(before["version"]))
    assert [each["text"] for each in seen["messages"]] == ["Welcome"]


async def test_a_new_person_can_be_made_and_writes_like_the_others(sandbox: Sandbox) -> None:
    await sandbox.post("users", {"id": 2001, "name": "Zoé", "language": "fr"})
    await sandbox.post("chats/2001/text", {"text": "/start"})
    assert updates(sandbox)[0]["message"]["from"]["first_name"] == "Zoé"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Zoé", "language": "fr"}, "id"),
        ({"id": "2001", "name": "Zoé", "language": "fr"}, "id"),
        ({"id": 1001, "name": "Zoé", "language": "fr"}, "id"),
        ({"id": 2001, "language": "fr"}, "name"),
        ({"id": 2001, "name": "", "language": "fr"}, "name"),
        ({"id": 2001, "name": "Zoé", "language": "fr", "role": "king"}, "role"),
        ({"id": 2001, "name": "Zoé", "language": "fr", "colour": "red"}, "colour"),
    ],
)
async def test_a_wrong_person_is_refused_by_the_fields_name(
    sandbox: Sandbox, body: dict[str, object], field: str
) -> None:
    status, sentence = await sandbox.refused("users", body)
    assert status == 400
    assert f"field {field}" in sentence


async def test_a_tap_finds_its_button_by_text_or_data(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.shop_says(1001, "Choose", ["Walks", "Boats"])
    for button in ({"text": "Walks"}, {"data": "Boats"}):
        await sandbox.post("chats/1001/press", {"message_id": 2, **button})
    assert [each["callback_query"]["data"] for each in updates(sandbox)[1:]] == ["Walks", "Boats"]


async def test_ten_taps_are_ten_updates(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.shop_says(1001, "Choose", ["Hold and pay"])
    found = await sandbox.post("chats/1001/press", {"message_id": 2, "text": "Hold and pay", "times": 10})
    assert len({tap["update_id"] for tap in found["taps"]}) == 10


async def test_only_a_forged_tap_carries_data_that_no_button_has(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.shop_says(1001, "Choose", ["Walks"])
    tap = {"message_id": 2, "data": "refund:42"}
    status, _ = await sandbox.refused("chats/1001/press", tap)
    assert status == 409
    await sandbox.post("chats/1001/press", {**tap, "forged": True})
    assert updates(sandbox)[-1]["callback_query"]["data"] == "refund:42"


@pytest.mark.parametrize(
    "body",
    [
        {"text": "Walks"},
        {"message_id": 2},
        {"message_id": 2, "text": "Walks", "data": "Walks"},
        {"message_id": 2, "text": "Walks", "times": 0},
        {"message_id": 2, "text": "Walks", "forged": True},
        {"message_id": 2, "text": "Walks", "forged": "yes"},
    ],
)
async def test_a_tap_must_name_a_message_and_one_button(sandbox: Sandbox, body: dict[str, object]) -> None:
    status, sentence = await sandbox.refused("chats/1001/press", body)
    assert status == 400
    assert "field" in sentence


@pytest.mark.parametrize("path", ["chats/4711/text", "chats/alice/text"])
async def test_a_person_who_is_not_there_does_nothing(sandbox: Sandbox, path: str) -> None:
    status, sentence = await sandbox.refused(path, {"text": "hello"})
    assert (status, "user" in sentence) == (400, True)


async def test_texts_come_from_the_origins_that_only_look_like_a_staff_member(sandbox: Sandbox) -> None:
    first = await sandbox.post("chats/9001/text", {"text": "hello"})
    for body in (
        {"origin": "edited", "message_id": first["message_id"]},
        {"origin": "forwarded"},
        {"origin": "via_bot"},
        {"origin": "group"},
        {"origin": "anonymous_admin"},
    ):
        await sandbox.post("chats/9001/text", {"text": "/refund 42", **body})
    _, edited, forwarded, via_bot, group, anonymous = updates(sandbox)
    assert edited["edited_message"]["text"] == "/refund 42"
    assert "forward_origin" in forwarded["message"]
    assert "via_bot" in via_bot["message"]
    assert group["message"]["chat"]["id"] == TEAM_CHAT
    assert anonymous["message"]["from"]["id"] == 1087968824


async def test_an_unknown_origin_is_refused(sandbox: Sandbox) -> None:
    status, sentence = await sandbox.refused("chats/9001/text", {"text": "hello", "origin": "carrier pigeon"})
    assert (status, "field origin" in sentence) == (400, True)


async def test_a_document_reaches_the_bot_with_its_bytes(sandbox: Sandbox) -> None:
    content = base64.b64encode(b"[[resource]]").decode()
    await sandbox.post("chats/9001/document", {"name": "catalogue.toml", "content": content, "caption": "/import"})
    document = updates(sandbox)[0]["message"]["document"]
    assert document["file_name"] == "catalogue.toml"
    upload = sandbox.world.telegram.file(document["file_id"])
    assert upload is not None
    assert upload.content == b"[[resource]]"


async def test_a_document_must_be_base64(sandbox: Sandbox) -> None:
    status, sentence = await sandbox.refused("chats/9001/document", {"name": "a.toml", "content": "é"})
    assert (status, "field content" in sentence) == (400, True)


async def test_a_blocked_bot_gets_403_until_it_is_unblocked(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    token, message = sandbox.world.secrets.bot_token, {"chat_id": 1001, "text": "hello"}
    await sandbox.post("users/1001/block")
    assert sandbox.world.telegram.call(token, "sendMessage", message).status == 403
    await sandbox.post("users/1001/unblock")
    assert sandbox.world.telegram.call(token, "sendMessage", message).status == 200


async def test_a_deleted_message_is_gone_for_both(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.shop_says(1001, "Menu", ["Walks"])
    await sandbox.post("chats/1001/delete", {"message_id": 2})
    assert len((await sandbox.get("chats/1001/messages"))["messages"]) == 1
    status, _ = await sandbox.refused("chats/1001/press", {"message_id": 2, "text": "Walks"})
    assert status == 409


async def test_notices_tell_what_a_tap_showed_and_what_still_waits(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.shop_says(1001, "Menu", ["Walks"])
    found = await sandbox.post("chats/1001/press", {"message_id": 2, "text": "Walks", "times": 2})
    first, second = (tap["query_id"] for tap in found["taps"])
    sandbox.bot("answerCallbackQuery", {"callback_query_id": first, "text": "Full", "show_alert": True})
    seen = await sandbox.get("chats/1001/notices")
    assert [(each["text"], each["show_alert"]) for each in seen["notices"]] == [("Full", True)]
    assert seen["unanswered"] == [second]


async def test_alerts_are_what_arrived_in_the_teams_group(sandbox: Sandbox) -> None:
    sandbox.shop_says(TEAM_CHAT, "Sold")
    assert [each["text"] for each in (await sandbox.get("alerts"))["messages"]] == ["Sold"]


async def test_a_file_is_served_by_its_id_and_an_unknown_one_is_not_found(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    sandbox.bot("sendPhoto", {"chat_id": 1001}, {"photo": Upload("a.png", PIXEL, "image/png")})
    photo = sandbox.world.telegram.last_message(1001).photo
    async with sandbox.session.get(f"{sandbox.served.url}/control/files/{photo}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PIXEL)
    assert (await sandbox.ask("GET", "files/nothing"))[0] == 404


async def test_a_document_is_never_served_as_a_page(sandbox: Sandbox) -> None:
    await sandbox.post("chats/1001/text", {"text": "/start"})
    page = Upload("a.html", b"<script>alert(1)</script>", "text/html")
    sandbox.bot("sendDocument", {"chat_id": 1001}, {"document": page})
    document = sandbox.world.telegram.last_message(1001).document
    assert document is not None
    async with sandbox.session.get(f"{sandbox.served.url}/control/files/{document.file_id}") as response:
        assert response.content_type == "application/octet-stream"
