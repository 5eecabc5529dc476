"""Inline mode: what people ask from any chat, how a bot answers, and what is sent in the end."""

import pytest

from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.state import Impossible
from bot.sandbox.telegram.wire import Json, JsonObject, Reply
from tests.sandbox.telegram.builders import (
    ANN,
    BOB,
    GROUP,
    TOKEN,
    Clock,
    a_telegram,
    button,
    inner,
    keyboard,
    result_of,
    updates,
)

LINK = button("See", url="https://t.me/guichet_sandbox_bot?start=r_tour")


def article(result_id: str = "tour", content: JsonObject | None = None, **more: Json) -> JsonObject:
    said: JsonObject = {"message_text": "<b>Tour</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": "Tour", "input_message_content": content or said, **more}


def answer(telegram: Telegram, query_id: str, *results: JsonObject, **more: object) -> Reply:
    return telegram.call(TOKEN, "answerInlineQuery", {"inline_query_id": query_id, "results": [*results], **more})


def answered(*results: JsonObject, **more: object) -> Reply:
    telegram = a_telegram()
    return answer(telegram, telegram.ask_inline(ANN, "tour").query_id, *results, **more)


def test_a_bot_is_told_who_asks_what_and_where() -> None:
    telegram = a_telegram()
    asked = telegram.ask_inline(BOB, "tour du lac", offset="50", chat_id=GROUP)
    telegram.ask_inline(BOB, "")
    first, second = (inner(update, "inline_query") for update in updates(telegram))
    assert first["id"] == asked.query_id
    assert (first["query"], first["offset"], first["chat_type"]) == ("tour du lac", "50", "group")
    assert inner(first, "from")["language_code"] == "fr"
    assert (second["query"], second["offset"], second["chat_type"]) == ("", "", "sender")


def test_what_a_bot_proposes_is_seen_and_sent() -> None:
    telegram = a_telegram()
    query = telegram.ask_inline(ANN, "tour", chat_id=GROUP).query_id
    assert telegram.proposed(ANN, query) is None
    results = (article(description="3 h", thumbnail_url="https://shop.example/1", reply_markup=keyboard(LINK)),)
    assert answer(telegram, query, *results, next_offset="50", cache_time=0, is_personal=True).ok
    proposed = telegram.proposed(ANN, query)
    assert proposed is not None
    (shown,) = proposed.results
    assert (shown.title, shown.description, shown.thumbnail) == ("Tour", "3 h", "https://shop.example/1")
    assert proposed.next_offset == "50"
    posted = telegram.send_proposed(ANN, query, "tour", chat_id=GROUP)
    message = telegram.message(GROUP, posted.message_id)
    assert (message.text, message.sender_id, message.from_bot) == ("Tour", ANN, False)
    assert message.keyboard[0][0].value.endswith("?start=r_tour")


def test_the_bot_hears_of_what_was_sent_in_its_own_chat_as_made_by_itself() -> None:
    telegram = a_telegram()
    query = telegram.ask_inline(ANN, "").query_id
    assert answer(telegram, query, article()).ok
    telegram.send_proposed(ANN, query, "tour")
    heard = inner(updates(telegram)[-1], "message")
    assert inner(heard, "via_bot")["username"] == telegram.username
    assert inner(heard, "from")["id"] == ANN


def test_an_inline_query_can_be_answered_once() -> None:
    telegram = a_telegram()
    query = telegram.ask_inline(ANN, "tour").query_id
    assert answer(telegram, query).ok
    assert "query is too old" in answer(telegram, query).description


def test_an_inline_query_cannot_be_answered_late() -> None:
    clock = Clock()
    telegram = a_telegram(clock)
    query = telegram.ask_inline(ANN, "tour").query_id
    clock.move(minutes=2)
    assert "query is too old" in answer(telegram, query).description


def test_an_inline_query_that_never_was_cannot_be_answered() -> None:
    assert "query ID is invalid" in answer(a_telegram(), "1").description


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([article(str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article("é" * 33)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article(title=" ")], "ARTICLE_TITLE_EMPTY"),
        ([{"type": "gif", "id": "1"}], "type must be one of article"),
        ([article(colour="red")], "unknown field results[0].colour"),
        ([article(content={"message_text": " "})], "message text is empty"),
        ([article(content={"message_text": "x" * 4097})], "message is too long"),
        ([article(content={"message_text": "<i>", "parse_mode": "HTML"})], "can't parse entities"),
        ([article(thumbnail_url="file:///etc/passwd")], "WEBDOCUMENT_URL_INVALID"),
        ([article(reply_markup=keyboard(button()))], "may only open something"),
        ([article(reply_markup=keyboard(button(web_app={"url": "https://a.example"})))], "BUTTON_TYPE_INVALID"),
    ],
)
def test_results_that_telegram_would_not_show_are_refused(wrong: list[JsonObject], says: str) -> None:
    reply = answered(*wrong)
    assert reply.status == 400
    assert says in reply.description


def test_results_at_their_limits_are_taken() -> None:
    fifty = [article(f"{number:064}", content={"message_text": "x" * 4096}) for number in range(50)]
    assert answered(*fifty, next_offset="x" * 64).ok


def test_an_offset_has_at_most_64_bytes() -> None:
    assert "NEXT_OFFSET_INVALID" in answered(next_offset="x" * 65).description


def test_a_query_has_at_most_256_characters() -> None:
    telegram = a_telegram()
    telegram.ask_inline(ANN, "x" * 256)
    with pytest.raises(Impossible):
        telegram.ask_inline(ANN, "x" * 257)


def test_only_what_was_proposed_can_be_sent_and_only_by_who_asked() -> None:
    telegram = a_telegram()
    query = telegram.ask_inline(ANN, "tour").query_id
    with pytest.raises(Impossible):
        telegram.send_proposed(ANN, query, "tour")
    assert answer(telegram, query, article()).ok
    for user, result in ((ANN, "other"), (BOB, "tour")):
        with pytest.raises(Impossible):
            telegram.send_proposed(user, query, result)


def test_a_bot_without_inline_mode_cannot_be_asked() -> None:
    telegram = Telegram(Clock(), token=TOKEN, inline_mode=False)
    telegram.add_user(ANN, "Ann", started=True)
    assert result_of(telegram.call(TOKEN, "getMe", {}))["supports_inline_queries"] is False
    assert result_of(a_telegram().call(TOKEN, "getMe", {}))["supports_inline_queries"] is True
    with pytest.raises(Impossible):
        telegram.ask_inline(ANN, "tour")
