"""Updates wait in order until the bot confirms them, as the documentation of getUpdates says."""

import pytest

from bot.sandbox.telegram.model import Impossible, Telegram
from tests.sandbox.telegram.builders import ANN, TOKEN, Clock, a_telegram, button, keyboard, result_of, send, updates


def ids(telegram: Telegram, **params: object) -> list[object]:
    return [update["update_id"] for update in updates(telegram, **params)]


def said(telegram: Telegram, count: int) -> list[int | None]:
    return [telegram.say(ANN, f"{number}").update_id for number in range(count)]


def test_updates_come_again_until_an_offset_confirms_them() -> None:
    telegram = a_telegram()
    first, second = said(telegram, 2)
    assert ids(telegram) == [first, second]
    assert ids(telegram) == [first, second]
    assert ids(telegram, offset=second) == [second]
    assert ids(telegram) == [second]
    assert second is not None
    assert ids(telegram, offset=second + 1) == []
    assert telegram.pending == 0


def test_a_limit_leaves_the_rest_for_later() -> None:
    telegram = a_telegram()
    made = said(telegram, 3)
    assert ids(telegram, limit=2) == made[:2]
    assert ids(telegram) == made


def test_a_negative_offset_counts_from_the_end_and_forgets_what_was_before() -> None:
    telegram = a_telegram()
    made = said(telegram, 3)
    assert ids(telegram, offset=-1) == made[2:]
    assert ids(telegram) == made[2:]


def test_kinds_that_are_not_asked_for_are_not_queued() -> None:
    telegram = a_telegram()
    updates(telegram, allowed_updates=["callback_query"])
    assert telegram.say(ANN, "x").update_id is None
    assert ids(telegram) == []
    message = send(telegram, reply_markup=keyboard(button()))
    assert telegram.press(ANN, message, text="Go").update_id is not None
    updates(telegram, allowed_updates=[])
    assert telegram.say(ANN, "x").update_id is not None


def test_updates_are_kept_for_a_day() -> None:
    clock = Clock()
    telegram = a_telegram(clock)
    said(telegram, 1)
    clock.move(hours=25)
    assert telegram.pending == 0


def test_a_redelivered_update_comes_once_more_under_its_old_id() -> None:
    telegram = a_telegram()
    (first,) = said(telegram, 1)
    assert first is not None
    assert ids(telegram, offset=first + 1) == []
    telegram.redeliver(first)
    assert ids(telegram, offset=first + 1) == [first]
    assert ids(telegram, offset=first + 1) == []


def test_an_unknown_update_cannot_be_redelivered() -> None:
    with pytest.raises(Impossible):
        a_telegram().redeliver(1)


def test_polling_is_refused_while_a_webhook_is_set() -> None:
    telegram = a_telegram()
    telegram.call(TOKEN, "setWebhook", {"url": "http://127.0.0.1:1/x"})
    reply = telegram.call(TOKEN, "getUpdates", {})
    assert (reply.status, reply.description) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    assert telegram.call(TOKEN, "deleteWebhook", {}).ok
    assert telegram.call(TOKEN, "getUpdates", {}).ok


def test_a_webhook_with_an_empty_url_is_no_webhook() -> None:
    telegram = a_telegram()
    telegram.call(TOKEN, "setWebhook", {"url": "http://localhost:1/x"})
    telegram.call(TOKEN, "setWebhook", {"url": ""})
    assert telegram.webhook is None


def test_webhook_info_tells_what_waits_and_what_failed() -> None:
    telegram = a_telegram()
    params = {"url": "http://[::1]:1/x", "allowed_updates": '["message"]', "max_connections": "2"}
    telegram.call(TOKEN, "setWebhook", params)
    said(telegram, 2)
    telegram.delivery_failed("Connection refused")
    told = result_of(telegram.call(TOKEN, "getWebhookInfo", {}))
    assert (told["pending_update_count"], told["max_connections"]) == (2, 2)
    assert (told["last_error_message"], told["allowed_updates"]) == ("Connection refused", ["message"])


def test_pending_updates_can_be_dropped() -> None:
    telegram = a_telegram()
    said(telegram, 2)
    telegram.call(TOKEN, "deleteWebhook", {"drop_pending_updates": "true"})
    assert telegram.pending == 0


def test_a_listener_hears_of_every_change_until_it_stops() -> None:
    telegram = a_telegram()
    heard: list[int] = []
    stop = telegram.listen(lambda: heard.append(telegram.version))
    telegram.say(ANN, "x")
    assert heard
    stop()
    count = len(heard)
    telegram.say(ANN, "y")
    assert len(heard) == count
