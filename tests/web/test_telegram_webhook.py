"""Rules of Telegram's webhook."""

from collections.abc import Mapping

import pytest

from tests.canaries import TELEGRAM_SECRET
from tests.web.served import Served

UPDATE = b'{"update_id": 7, "message": {"text": "hello"}}'


async def test_an_update_is_handed_on_and_answered(served: Served) -> None:
    assert await served.send_update(UPDATE) == (200, "")
    assert served.behind.updates == [{"update_id": 7, "message": {"text": "hello"}}]


WRONG = (None, "", TELEGRAM_SECRET[:-1], f"{TELEGRAM_SECRET}!", TELEGRAM_SECRET.upper(), "é")


@pytest.mark.parametrize("secret", WRONG, ids=range(len(WRONG)))
async def test_who_does_not_know_the_secret_is_refused_and_told_nothing(served: Served, secret: str | None) -> None:
    assert await served.send_update(UPDATE, secret) == (403, "")
    assert served.behind.updates == []


async def test_the_body_of_a_stranger_is_not_even_read(served: Served) -> None:
    head = b"POST /telegram/webhook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n"
    assert (await served.raw(head)).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 5000])
async def test_what_is_no_update_is_refused(served: Served, body: bytes) -> None:
    assert (await served.send_update(body))[0] == 400
    assert served.behind.updates == []


async def test_an_update_that_finds_no_room_is_to_be_sent_again(served: Served) -> None:
    async def full(_: Mapping[str, object]) -> None:
        raise OverflowError

    served.behind.accept = full
    assert (await served.send_update(UPDATE))[0] == 503


async def test_an_update_that_is_too_large_is_refused(served: Served) -> None:
    assert (await served.send_update(b'"' + b"a" * 262144 + b'"'))[0] == 413
