"""People write, tap, block and forward; the bot is told of it as the real Telegram tells it."""

import pytest

from bot.sandbox.telegram.model import Impossible, Telegram
from bot.sandbox.telegram.wire import JsonObject, Upload
from tests.sandbox.telegram.builders import (
    ANN,
    BOB,
    CHANNEL,
    GROUP,
    TOKEN,
    Clock,
    a_telegram,
    button,
    inner,
    keyboard,
    result_of,
    send,
    updates,
)


def told(telegram: Telegram, kind: str = "message") -> JsonObject:
    """The newest update."""
    return inner(updates(telegram)[-1], kind)


def test_a_command_is_an_entity() -> None:
    telegram = a_telegram()
    telegram.say(ANN, "🥾 /help and /start@guichet_sandbox_bot, not a/b")
    assert told(telegram)["entities"] == [
        {"type": "bot_command", "offset": 3, "length": 5},
        {"type": "bot_command", "offset": 13, "length": 26},
    ]


def test_a_message_names_its_sender_and_their_language() -> None:
    telegram = a_telegram()
    telegram.set_language(BOB, "en")
    telegram.say(BOB, "x")
    assert told(telegram)["from"] == {
        "id": BOB,
        "is_bot": False,
        "first_name": "Bob",
        "last_name": "Dupont",
        "username": "bob",
        "language_code": "en",
    }
    assert told(telegram)["chat"] == {
        "id": BOB,
        "type": "private",
        "first_name": "Bob",
        "last_name": "Dupont",
        "username": "bob",
    }


def test_a_bot_cannot_write_first() -> None:
    telegram = a_telegram()
    telegram.add_user(9, "Cleo")
    reply = telegram.call(TOKEN, "sendMessage", {"chat_id": 9, "text": "x"})
    assert reply.description == "Bad Request: chat not found"
    telegram.start(9)
    assert send(telegram, chat_id=9)


def test_a_start_link_carries_its_parameter() -> None:
    telegram = a_telegram()
    telegram.start(ANN, "r_semnoz")
    assert told(telegram)["text"] == "/start r_semnoz"
    with pytest.raises(Impossible):
        telegram.start(ANN, "x" * 65)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097])
def test_a_person_cannot_send_what_the_app_would_not_send(text: str) -> None:
    with pytest.raises(Impossible):
        a_telegram().say(ANN, text)


def test_a_tap_reaches_the_bot_with_its_message() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button("Go"), button("Stop", callback_data="1:stop")))
    tap = telegram.press(ANN, message, text="Stop")
    query = told(telegram, "callback_query")
    assert (query["id"], query["data"]) == (tap.query_id, "1:stop")
    assert inner(query, "message")["message_id"] == message
    assert telegram.unanswered(ANN) == [tap.query_id]


def test_every_kind_of_button_is_shown_for_what_it_is() -> None:
    telegram = a_telegram()
    rows = keyboard(
        button("app", web_app={"url": "https://a.example/app"}),
        button("login", login_url={"url": "https://a.example/in"}),
        button("here", switch_inline_query_current_chat="x"),
        button("there", switch_inline_query_chosen_chat={"query": "y"}),
        button("off", disabled={}),
    )
    message = send(telegram, reply_markup=rows)
    assert [(shown.kind, shown.value) for (shown,) in telegram.message(ANN, message).keyboard] == [
        ("web_app", "https://a.example/app"),
        ("url", "https://a.example/in"),
        ("inline", "x"),
        ("inline", "y"),
        ("disabled", ""),
    ]
    assert telegram.press(ANN, message, text="app").url == "https://a.example/app"


def test_two_taps_on_one_button_are_two_updates() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button()))
    first, second = telegram.press(ANN, message, data="1:go"), telegram.press(ANN, message, data="1:go")
    assert first.update_id != second.update_id
    assert first.query_id != second.query_id


def test_a_link_is_opened_and_a_text_copied_without_the_bot() -> None:
    telegram = a_telegram()
    link, copied = button("Pay", url="https://a.example/pay"), button("Code", copy_text={"text": "K7Q4"})
    message = send(telegram, reply_markup=keyboard(link, copied))
    assert telegram.press(ANN, message, text="Pay").url == "https://a.example/pay"
    assert telegram.press(ANN, message, text="Code").copied == "K7Q4"
    assert telegram.pending == 0


@pytest.mark.parametrize(
    ("text", "data"), [("Gone", None), (None, "1:gone"), ("Off", None), ("Go", "1:gone"), (None, None)]
)
def test_only_a_button_that_is_there_can_be_tapped(text: str | None, data: str | None) -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button(), button("Off", disabled={})))
    with pytest.raises(Impossible):
        telegram.press(ANN, message, text=text, data=data)


def test_a_button_of_an_earlier_keyboard_is_gone() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button()))
    telegram.call(TOKEN, "editMessageReplyMarkup", {"chat_id": ANN, "message_id": message})
    with pytest.raises(Impossible):
        telegram.press(ANN, message, text="Go")


def test_a_forged_tap_carries_any_data() -> None:
    telegram = a_telegram()
    telegram.press_forged(ANN, send(telegram), "9:steal")
    assert told(telegram, "callback_query")["data"] == "9:steal"


def test_a_tap_on_a_deleted_message_comes_with_an_inaccessible_one() -> None:
    telegram = a_telegram()
    message = send(telegram)
    telegram.delete_message(ANN, message)
    telegram.press_forged(ANN, message, "x")
    query = told(telegram, "callback_query")
    assert inner(query, "message")["date"] == 0


def test_an_answer_is_seen_by_the_one_who_tapped() -> None:
    telegram = a_telegram()
    tap = telegram.press_forged(ANN, send(telegram), "x")
    params = {"callback_query_id": tap.query_id, "text": "Full", "show_alert": "true"}
    assert telegram.call(TOKEN, "answerCallbackQuery", params).ok
    (notice,) = telegram.notices(ANN)
    assert (notice.text, notice.show_alert, notice.query_id) == ("Full", True, tap.query_id)
    assert notice.as_json()["text"] == "Full"
    assert telegram.notices(ANN, after=notice.version) == []
    assert telegram.notices(BOB) == []
    assert telegram.unanswered(ANN) == []


TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def test_a_tap_can_be_answered_once() -> None:
    telegram = a_telegram()
    params = {"callback_query_id": telegram.press_forged(ANN, send(telegram), "x").query_id}
    assert telegram.call(TOKEN, "answerCallbackQuery", params).ok
    assert telegram.call(TOKEN, "answerCallbackQuery", params).description == TOO_OLD


def test_a_tap_cannot_be_answered_late() -> None:
    clock = Clock()
    telegram = a_telegram(clock)
    params = {"callback_query_id": telegram.press_forged(ANN, send(telegram), "x").query_id}
    clock.move(seconds=61)
    assert telegram.call(TOKEN, "answerCallbackQuery", params).description == TOO_OLD


def test_a_tap_that_never_was_cannot_be_answered() -> None:
    reply = a_telegram().call(TOKEN, "answerCallbackQuery", {"callback_query_id": "1"})
    assert reply.description == TOO_OLD


def test_an_answer_opens_only_links_to_the_bot() -> None:
    telegram = a_telegram()
    params = {"callback_query_id": telegram.press_forged(ANN, send(telegram), "x").query_id}
    reply = telegram.call(TOKEN, "answerCallbackQuery", {**params, "url": "https://a.example"})
    assert reply.description == "Bad Request: URL_INVALID"
    own = {**params, "url": "https://t.me/guichet_sandbox_bot?start=x"}
    assert telegram.call(TOKEN, "answerCallbackQuery", own).ok


SENDS = [("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})]


@pytest.mark.parametrize(("method", "params"), SENDS)
def test_a_person_who_blocked_the_bot_is_out_of_reach(method: str, params: JsonObject) -> None:
    telegram = a_telegram()
    telegram.block(ANN)
    assert inner(told(telegram, "my_chat_member"), "new_chat_member")["status"] == "kicked"
    reply = telegram.call(TOKEN, method, {"chat_id": ANN, **params})
    assert (reply.status, reply.description) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Impossible):
        telegram.say(ANN, "x")
    telegram.unblock(ANN)
    assert telegram.call(TOKEN, method, {"chat_id": ANN, **params}).ok


def test_starting_again_unblocks() -> None:
    telegram = a_telegram()
    telegram.block(ANN)
    telegram.start(ANN)
    assert send(telegram)


def test_a_group_without_the_bot_is_out_of_reach() -> None:
    telegram = a_telegram()
    telegram.kick_bot(GROUP)
    reply = telegram.call(TOKEN, "sendMessage", {"chat_id": GROUP, "text": "x"})
    assert (reply.status, reply.description) == (403, "Forbidden: bot was kicked from the group chat")
    assert telegram.say_in_group(ANN, "anyone?").update_id is None


def test_nobody_taps_where_the_bot_is_not() -> None:
    telegram = a_telegram()
    message = send(telegram, chat_id=GROUP, reply_markup=keyboard(button()))
    telegram.kick_bot(GROUP)
    with pytest.raises(Impossible):
        telegram.press(ANN, message, text="Go", chat_id=GROUP)


def test_a_group_message_is_from_its_writer() -> None:
    telegram = a_telegram()
    telegram.say_in_group(ANN, "/refund 42")
    assert inner(told(telegram), "chat") == {"id": GROUP, "type": "group", "title": "Alerts"}
    assert inner(told(telegram), "from")["id"] == ANN


def test_buttons_in_a_group_can_be_tapped_by_its_members() -> None:
    telegram = a_telegram()
    message = send(telegram, chat_id=GROUP, reply_markup=keyboard(button()))
    telegram.press(BOB, message, text="Go", chat_id=GROUP)
    assert inner(told(telegram, "callback_query"), "from")["id"] == BOB


def test_nobody_acts_in_another_persons_chat() -> None:
    with pytest.raises(Impossible):
        a_telegram().say(ANN, "x", chat_id=BOB)


def test_an_anonymous_admin_is_the_group() -> None:
    telegram = a_telegram()
    telegram.say_as_anonymous_admin("/sales")
    assert inner(told(telegram), "from")["id"] == 1087968824
    assert inner(told(telegram), "sender_chat")["id"] == GROUP


def test_a_channel_writes_in_a_group_as_itself() -> None:
    telegram = a_telegram()
    telegram.say_as_channel("/sales", channel_id=CHANNEL)
    assert inner(told(telegram), "from")["id"] == 136817688
    assert inner(told(telegram), "sender_chat")["id"] == CHANNEL


def test_a_channel_post_has_no_sender() -> None:
    telegram = a_telegram()
    telegram.post_in_channel("/sales", channel_id=CHANNEL)
    post = told(telegram, "channel_post")
    assert "from" not in post
    assert inner(post, "chat")["type"] == "channel"


def test_a_message_by_way_of_another_bot_says_so() -> None:
    telegram = a_telegram()
    telegram.say(ANN, "/sales", via_bot="gif")
    assert inner(told(telegram), "via_bot")["username"] == "gif"


def test_a_forwarded_message_tells_its_origin() -> None:
    telegram = a_telegram()
    telegram.forward(ANN, "/refund 42", author_id=BOB)
    assert inner(told(telegram), "forward_origin", "sender_user")["id"] == BOB
    telegram.forward(ANN, "/refund 42")
    assert inner(told(telegram), "forward_origin")["type"] == "hidden_user"


def test_an_edited_message_is_told_as_such() -> None:
    telegram = a_telegram()
    posted = telegram.say(ANN, "/hlep")
    telegram.edit_text(ANN, posted.message_id, "/help")
    edited = told(telegram, "edited_message")
    assert (edited["text"], edited["message_id"]) == ("/help", posted.message_id)
    with pytest.raises(Impossible):
        telegram.edit_text(ANN, send(telegram), "not mine")


def test_a_document_comes_with_its_caption() -> None:
    telegram = a_telegram()
    telegram.send_document(ANN, Upload("shop.toml", b"x = 1", "text/toml"), caption="/import")
    assert inner(told(telegram), "document")["file_name"] == "shop.toml"
    assert told(telegram)["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]


@pytest.mark.parametrize("number", [0, ANN, GROUP])
def test_ids_are_given_once_and_have_their_sign(number: int) -> None:
    telegram = a_telegram()
    with pytest.raises(Impossible):
        telegram.add_user(number, "Cleo")
    with pytest.raises(Impossible):
        telegram.add_group(number, "Other")
    with pytest.raises(Impossible):
        telegram.add_channel(number, "Other")


def test_what_is_not_there_is_said_to_be_impossible() -> None:
    telegram = a_telegram()
    for attempt in (
        lambda: telegram.profile(99),
        lambda: telegram.messages(99),
        lambda: telegram.message(ANN, 99),
        lambda: telegram.last_message(ANN),
        lambda: telegram.delete_message(ANN, 99),
    ):
        with pytest.raises(Impossible):
            attempt()
    telegram.add_group(-300, "Second")
    with pytest.raises(Impossible):
        telegram.say_in_group(ANN, "which?")


def test_a_supergroup_is_one_by_its_id() -> None:
    telegram = a_telegram()
    telegram.add_group(-1001234567890, "Staff")
    telegram.say_in_group(ANN, "x", chat_id=-1001234567890)
    assert inner(told(telegram), "chat")["type"] == "supergroup"


def test_the_bot_knows_who_it_is() -> None:
    telegram = a_telegram()
    me = result_of(telegram.call(TOKEN, "getMe", {}))
    assert (me["id"], me["is_bot"], me["username"]) == (telegram.bot_id, True, telegram.username)
