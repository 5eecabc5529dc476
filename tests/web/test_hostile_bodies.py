"""Rules of bodies that are too large, too slow, endless or compressed."""

import asyncio
import gzip

import pytest

from bot.web.limits import Limits
from tests.web.served import Served, event_body, until_closed

pytestmark = pytest.mark.fault(39)
HEAD = b"POST /stripe/webhook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def limits() -> Limits:
    return Limits(body_within=0.5, lingering=0.1, grace=1)


async def test_a_body_that_is_announced_as_too_large_is_refused_before_it_comes(served: Served) -> None:
    answer = await served.raw(HEAD + b"Content-Length: 1000000000\r\n\r\n")
    assert _status(answer) == 413


async def test_a_body_of_endless_chunks_is_refused_once_it_is_too_large(served: Served) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    assert _status(await served.raw(CHUNKED, *[chunk] * 40)) == 413


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "\xff"])
async def test_a_compressed_body_is_refused_unread(served: Served, encoding: str) -> None:
    bomb = gzip.compress(b"\0" * 2_000_000)
    head = HEAD + b"Content-Encoding: " + encoding.encode("latin-1") + b"\r\n"
    assert _status(await served.raw(head + b"Content-Length: %d\r\n\r\n" % len(bomb), bomb)) == 415


async def test_a_body_that_is_called_compressed_and_is_not_is_refused_all_the_same(served: Served) -> None:
    answer = await served.raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    assert _status(answer) == 415


async def test_a_body_that_is_said_to_be_plain_is_taken(served: Served) -> None:
    body = event_body()
    headers = {"Stripe-Signature": served.sign(body), "Content-Encoding": "identity"}
    async with served.client.post(f"{served.url}/stripe/webhook", data=body, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("rest", [b"zz\r\n", b"-1\r\n", b"5\r\nabcdefgh\r\n"])
async def test_broken_chunks_are_refused(served: Served, rest: bytes) -> None:
    assert _status(await served.raw(CHUNKED + rest)) == 400


async def test_an_endless_comment_on_a_chunk_is_given_up(served: Served) -> None:
    assert _status(await served.raw(CHUNKED + b"5;" + b"x" * 100_000)) in {400, 408}


async def test_a_body_that_stops_halfway_is_given_up(served: Served) -> None:
    answer = await served.raw(HEAD + b"Content-Length: 100\r\n\r\nhalf")
    assert _status(answer) == 408


async def test_a_body_that_drips_is_given_up_by_the_same_deadline(served: Served) -> None:
    async with served.connected() as (reader, writer):
        writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
        dripping = asyncio.create_task(_drip(writer))
        assert _status(await until_closed(reader)) == 408
        dripping.cancel()


async def test_deeply_nested_json_is_refused(served: Served) -> None:
    assert (await served.send_event(b'{"id":' * 30_000))[0] == 400


async def test_two_lengths_for_one_body_are_refused(served: Served) -> None:
    assert _status(await served.raw(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")) == 400


async def test_a_head_that_is_too_large_is_refused(served: Served) -> None:
    assert _status(await served.raw(HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n")) == 400
    assert _status(await served.raw(HEAD + b"X: a\r\n" * 1000 + b"\r\n")) == 400


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"a")
        await asyncio.sleep(0.02)


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])
