"""While strangers drip, flood and stall, Stripe's events go on being served, and memory stays flat."""

import asyncio
import gc
import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.web.limits import Limits
from tests.web.served import Served, event_body

pytestmark = pytest.mark.fault(39)
HEAD = b"POST /stripe/webhook HTTP/1.1\r\nHost: localhost\r\n"
CHUNK = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
BOMB = gzip.compress(b"\0" * 2_000_000)
STRANGERS, GOOD = 40, 30
MOST_GROWTH = 32 * 2**20
Sender = Callable[[], Iterator[bytes]]


def drips() -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 100000\r\n\r\n"
    while True:
        yield b"a"


def never_ends() -> Iterator[bytes]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    while True:
        yield CHUNK


def sends_a_gigabyte() -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 1000000000\r\n\r\n"
    for _ in range(15_000):
        yield b"a" * 65536


def sends_a_bomb() -> Iterator[bytes]:
    yield HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB


def nests_deeply() -> Iterator[bytes]:
    body = b'{"id":' * 40_000
    while True:
        yield HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


def says_half() -> Iterator[bytes]:
    yield HEAD
    while True:
        yield b""


@pytest.fixture
def limits() -> Limits:
    return Limits(body_within=1, first_request_within=1, lingering=0.1, grace=1)


@pytest.mark.parametrize("sender", [drips, never_ends, sends_a_gigabyte, sends_a_bomb, nests_deeply, says_half])
async def test_good_events_are_served_while_strangers_waste_time(served: Served, sender: Sender) -> None:
    gc.collect()
    before = _memory()
    async with _strangers(served, sender):
        answers = [await served.send_event(event_body(f"evt_{number}")) for number in range(GOOD)]
    assert [status for status, _ in answers] == [200] * GOOD
    assert len(served.behind.stored) == GOOD
    gc.collect()
    assert _memory() - before < MOST_GROWTH


@asynccontextmanager
async def _strangers(served: Served, sender: Sender) -> AsyncIterator[None]:
    """So many of a sort, each of whom comes back whenever it is thrown out."""
    there = [asyncio.create_task(_keep_on(served, sender)) for _ in range(STRANGERS)]
    await asyncio.sleep(0.2)
    yield
    assert not any(one.done() for one in there)
    for one in there:
        one.cancel()
    await asyncio.gather(*there, return_exceptions=True)


async def _keep_on(served: Served, sender: Sender) -> None:
    while True:
        with suppress(ConnectionError):
            async with served.connected() as (reader, writer):
                swallowing = asyncio.create_task(reader.read(-1))
                for part in sender():
                    if swallowing.done():
                        break
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(0.02)
                swallowing.cancel()


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
