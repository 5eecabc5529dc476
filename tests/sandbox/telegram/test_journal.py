"""The journal keeps every call that a bot made."""

from tests.sandbox.telegram.builders import ANN, TOKEN, a_telegram, button, keyboard, send_photo


def test_a_call_is_kept_with_decoded_parameters_and_its_outcome() -> None:
    telegram = a_telegram()
    send_photo(telegram, "x", reply_markup=keyboard(button()))
    telegram.call(TOKEN, "deleteMessage", {"chat_id": "7", "message_id": "99"})
    photo, deletion = telegram.journal
    assert photo.params == {
        "chat_id": ANN,
        "photo": "attach://photo",
        "caption": "x",
        "reply_markup": keyboard(button()),
    }
    assert (photo.files, photo.status, photo.description) == (("card.png",), 200, "")
    assert deletion.params == {"chat_id": 7, "message_id": 99}
    assert (deletion.status, deletion.description) == (400, "Bad Request: message to delete not found")
    assert telegram.journal.of("deleteMessage") == [deletion]


def test_a_call_that_cannot_be_decoded_is_kept_as_it_came() -> None:
    telegram = a_telegram()
    telegram.call(TOKEN, "sendMessage", {"chat_id": 7, "wrong": "1"})
    (entry,) = telegram.journal
    assert (entry.params, entry.status) == ({"chat_id": "7", "wrong": "1"}, 400)


def test_empty_polls_are_left_out() -> None:
    telegram = a_telegram()
    telegram.call(TOKEN, "getUpdates", {})
    assert len(telegram.journal) == 0
    telegram.say(ANN, "x")
    telegram.call(TOKEN, "getUpdates", {})
    assert [entry.method for entry in telegram.journal] == ["getUpdates"]
    telegram.journal.clear()
    assert not list(telegram.journal)
