"""Inline mode through the control API: a person asks, the bot proposes, something is sent."""

from tests.sandbox.world.client import Sandbox


async def test_a_query_is_asked_answered_and_sent(sandbox: Sandbox) -> None:
    asked = await sandbox.post("chats/1001/inline", {"query": "tour"})
    path = f"chats/1001/inline/{asked['query_id']}"
    assert (await sandbox.get(path))["results"] is None
    content = {"message_text": "Tour"}
    result = {"type": "article", "id": "tour", "title": "Tour", "input_message_content": content}
    sandbox.bot("answerInlineQuery", {"inline_query_id": asked["query_id"], "results": [result]})
    proposed = await sandbox.get(path)
    assert [each["title"] for each in proposed["results"]] == ["Tour"]
    posted = await sandbox.post(f"{path}/send", {"result": "tour"})
    seen = await sandbox.get("chats/1001/messages")
    assert [(each["id"], each["text"]) for each in seen["messages"]] == [(posted["message_id"], "Tour")]


async def test_what_was_never_asked_or_proposed_cannot_be_sent(sandbox: Sandbox) -> None:
    status, _ = await sandbox.refused("chats/1001/inline/99/send", {"result": "tour"})
    assert status == 409
    status, sentence = await sandbox.refused("chats/1001/inline", {"query": "tour", "colour": "red"})
    assert status == 400
    assert "field colour" in sentence or "no field colour" in sentence
