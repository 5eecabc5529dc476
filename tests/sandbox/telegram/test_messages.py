"""Messages keep their state: what can be edited into what, and what cannot be edited any more."""

import pytest

from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.wire import Reply
from tests.sandbox.telegram.builders import (
    ANN,
    GROUP,
    TOKEN,
    Clock,
    a_photo,
    a_telegram,
    button,
    inner,
    keyboard,
    result_of,
    send,
    send_photo,
)

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit(telegram: Telegram, what: str, message: int, **more: object) -> Reply:
    return telegram.call(TOKEN, f"editMessage{what}", {"chat_id": ANN, "message_id": message, **more})


def test_an_edit_changes_the_text_and_counts() -> None:
    clock = Clock()
    telegram = a_telegram(clock)
    message = send(telegram, "one", reply_markup=keyboard(button()))
    clock.move(seconds=5)
    told = result_of(edit(telegram, "Text", message, text="<b>two</b>", parse_mode="HTML"))
    assert told["text"] == "two"
    assert told["edit_date"] == int(clock().timestamp())
    seen = telegram.message(ANN, message)
    assert (seen.html, seen.edits, seen.edit_date, seen.keyboard) == ("<b>two</b>", 1, clock(), ())


def test_the_same_text_again_is_not_modified() -> None:
    telegram = a_telegram()
    message = send(telegram, "one", reply_markup=keyboard(button()))
    reply = edit(telegram, "Text", message, text="one", reply_markup=keyboard(button()))
    assert reply.description == NOT_MODIFIED
    assert telegram.message(ANN, message).edits == 0


def test_the_same_text_with_another_keyboard_is_modified() -> None:
    telegram = a_telegram()
    message = send(telegram, "one", reply_markup=keyboard(button()))
    assert edit(telegram, "Text", message, text="one", reply_markup=keyboard(button("Stop"))).ok


def test_the_same_caption_again_is_not_modified() -> None:
    telegram = a_telegram()
    message = send_photo(telegram, "one")
    assert edit(telegram, "Caption", message, caption="one").description == NOT_MODIFIED


def test_the_same_keyboard_again_is_not_modified() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup=keyboard(button()))
    assert edit(telegram, "ReplyMarkup", message, reply_markup=keyboard(button())).description == NOT_MODIFIED
    assert edit(telegram, "ReplyMarkup", message).ok
    assert edit(telegram, "ReplyMarkup", message).description == NOT_MODIFIED


def test_the_same_photo_again_is_not_modified() -> None:
    telegram = a_telegram()
    message = send_photo(telegram, "one")
    media = {"type": "photo", "media": telegram.message(ANN, message).photo, "caption": "one"}
    assert edit(telegram, "Media", message, media=media).description == NOT_MODIFIED


@pytest.mark.parametrize("what", ["Text", "Caption", "ReplyMarkup"])
def test_a_message_that_never_was_is_not_found(what: str) -> None:
    extra = {"text": "x"} if what == "Text" else {}
    assert edit(a_telegram(), what, 99, **extra).description == "Bad Request: message to edit not found"


def test_a_deleted_message_is_not_found() -> None:
    telegram = a_telegram()
    message = send(telegram)
    telegram.delete_message(ANN, message)
    assert edit(telegram, "Text", message, text="x").description == "Bad Request: message to edit not found"


def test_a_message_of_another_chat_is_not_found() -> None:
    telegram = a_telegram()
    message = send(telegram, chat_id=GROUP)
    assert edit(telegram, "Text", message, text="x").description == "Bad Request: message to edit not found"


def test_a_persons_message_cannot_be_edited() -> None:
    telegram = a_telegram()
    posted = telegram.say(ANN, "mine")
    reply = edit(telegram, "Text", posted.message_id, text="x")
    assert reply.description == "Bad Request: message can't be edited"


def test_a_message_with_a_reply_keyboard_cannot_be_edited() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup={"keyboard": [[{"text": "x"}]]})
    assert edit(telegram, "Text", message, text="x").description == "Bad Request: message can't be edited"


def test_a_message_that_removed_a_reply_keyboard_can_be_edited() -> None:
    telegram = a_telegram()
    message = send(telegram, reply_markup={"remove_keyboard": True})
    assert edit(telegram, "Text", message, text="x").ok


def test_a_photo_never_becomes_a_text() -> None:
    telegram = a_telegram()
    message = send_photo(telegram, "one")
    reply = edit(telegram, "Text", message, text="two")
    assert reply.description == "Bad Request: there is no text in the message to edit"
    assert telegram.message(ANN, message).kind == "photo"


def test_a_text_has_no_caption_to_edit() -> None:
    telegram = a_telegram()
    reply = edit(telegram, "Caption", send(telegram), caption="two")
    assert reply.description == "Bad Request: there is no caption in the message to edit"


def test_a_text_can_become_a_photo() -> None:
    telegram = a_telegram()
    message = send(telegram)
    params = {"chat_id": ANN, "message_id": message, "media": {"type": "photo", "media": "attach://new"}}
    assert telegram.call(TOKEN, "editMessageMedia", params, {"new": a_photo()}).ok
    assert telegram.message(ANN, message).kind == "photo"


def test_a_photo_can_become_a_document() -> None:
    telegram = a_telegram()
    message = send_photo(telegram, "one")
    params = {"chat_id": ANN, "message_id": message, "media": {"type": "document", "media": "attach://new"}}
    assert telegram.call(TOKEN, "editMessageMedia", params, {"new": a_photo()}).ok
    seen = telegram.message(ANN, message)
    assert (seen.kind, seen.photo, seen.document and seen.document.name) == ("document", None, "card.png")


def test_a_venue_keeps_its_content() -> None:
    telegram = a_telegram()
    place = {"chat_id": ANN, "latitude": "45.9", "longitude": "6", "title": "Semnoz", "address": "Car park"}
    told = result_of(telegram.call(TOKEN, "sendVenue", place))
    assert inner(told, "venue", "location") == {"latitude": 45.9, "longitude": 6.0}
    message = telegram.last_message(ANN)
    assert message.kind == "venue"
    media = {"type": "photo", "media": "x"}
    assert edit(telegram, "Media", message.id, media=media).description == "Bad Request: message can't be edited"
    assert not edit(telegram, "Text", message.id, text="x").ok


def test_a_new_caption_keeps_the_photo() -> None:
    telegram = a_telegram()
    message = send_photo(telegram, "one", has_spoiler=True)
    before = telegram.message(ANN, message).photo
    assert edit(telegram, "Caption", message, caption="two").ok
    assert (telegram.message(ANN, message).photo, telegram.message(ANN, message).text) == (before, "two")


def test_a_refused_edit_changes_nothing() -> None:
    telegram = a_telegram()
    message = send(telegram, "one")
    version = telegram.version
    assert not edit(telegram, "Text", message, text="x" * 5000).ok
    assert telegram.version == version
    assert telegram.message(ANN, message).text == "one"


def test_a_bot_deletes_its_messages_for_48_hours() -> None:
    clock = Clock()
    telegram = a_telegram(clock)
    old = {"chat_id": ANN, "message_id": send(telegram)}
    clock.move(hours=49)
    assert telegram.call(TOKEN, "deleteMessage", old).description == "Bad Request: message can't be deleted"
    young = {"chat_id": ANN, "message_id": send(telegram)}
    assert telegram.call(TOKEN, "deleteMessage", young).ok
    reply = telegram.call(TOKEN, "deleteMessage", young)
    assert reply.description == "Bad Request: message to delete not found"


def test_a_reply_carries_what_it_replies_to() -> None:
    telegram = a_telegram()
    posted = telegram.say(ANN, "question")
    params = {"chat_id": ANN, "text": "answer", "reply_parameters": {"message_id": posted.message_id}}
    told = result_of(telegram.call(TOKEN, "sendMessage", params))
    assert inner(told, "reply_to_message")["text"] == "question"
    assert telegram.last_message(ANN).reply_to == posted.message_id


def test_changes_after_a_version_include_edits_and_deletions() -> None:
    telegram = a_telegram()
    first, second, third = send(telegram, "1"), send(telegram, "2"), send(telegram, "3")
    version = telegram.version
    edit(telegram, "Text", first, text="new")
    telegram.delete_message(ANN, third)
    assert [(seen.id, seen.deleted) for seen in telegram.messages(ANN, after=version)] == [
        (first, False),
        (third, True),
    ]
    assert [seen.id for seen in telegram.messages(ANN)] == [first, second]
    assert telegram.last_message(ANN).id == second


def test_ids_are_counted_per_chat_and_repeat_from_run_to_run() -> None:
    def run() -> list[object]:
        telegram = a_telegram()
        return [send(telegram), send(telegram), send(telegram, chat_id=GROUP), telegram.say(ANN, "x")]

    assert run() == run()
    assert run()[:3] == [1, 2, 1]


def test_a_view_is_json_able() -> None:
    telegram = a_telegram()
    send_photo(telegram, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard(button()))
    seen = telegram.last_message(ANN).as_json()
    assert seen["keyboard"] == [[{"text": "Go", "kind": "callback", "value": "1:go", "style": ""}]]
    assert seen["date"] == "2026-11-23T12:00:00+00:00"
