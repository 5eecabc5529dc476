"""With its rates enforced the sandbox answers 429 as Telegram does."""

from tests.sandbox.telegram.builders import ANN, GROUP, TOKEN, Clock, a_telegram, send


def test_rates_are_off_by_default() -> None:
    telegram = a_telegram()
    assert [send(telegram) for _ in range(100)] == list(range(1, 101))


def test_a_chat_takes_a_burst_of_three_and_then_one_a_second() -> None:
    clock = Clock()
    telegram = a_telegram(clock, enforce_rates=True)
    for _ in range(3):
        send(telegram)
    reply = telegram.call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "x"})
    assert reply.status == 429
    assert reply.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    clock.move(seconds=1)
    send(telegram)
    assert telegram.call(TOKEN, "sendMessage", {"chat_id": ANN, "text": "x"}).status == 429


def test_a_group_takes_twenty_a_minute() -> None:
    clock = Clock()
    telegram = a_telegram(clock, enforce_rates=True)
    for _ in range(20):
        send(telegram, chat_id=GROUP)
        clock.move(seconds=1)
    reply = telegram.call(TOKEN, "sendMessage", {"chat_id": GROUP, "text": "x"})
    assert reply.body["parameters"] == {"retry_after": 40}
    clock.move(seconds=40)
    send(telegram, chat_id=GROUP)


def test_thirty_a_second_are_the_most() -> None:
    telegram = a_telegram(enforce_rates=True)
    for number in range(1000, 1031):
        telegram.add_user(number, "Many", started=True)
    answers = [telegram.call(TOKEN, "sendMessage", {"chat_id": 1000 + n, "text": "x"}).status for n in range(31)]
    assert answers == [200] * 30 + [429]


def test_edits_do_not_count_against_the_one_a_second_of_a_chat() -> None:
    telegram = a_telegram(enforce_rates=True)
    message = send(telegram)
    for number in range(9):
        params = {"chat_id": ANN, "message_id": message, "text": f"{number}"}
        assert telegram.call(TOKEN, "editMessageText", params).ok
