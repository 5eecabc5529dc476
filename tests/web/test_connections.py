"""Rules of whoever is waited for: callers that send nothing or read nothing, and a store that does not answer."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.domain.catalogue import Picture
from bot.domain.ids import MediaId
from bot.payments.events import Event
from bot.web.limits import Limits
from tests.web.served import Served, event_body, until_closed

pytestmark = pytest.mark.fault(39)
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = 20_000_000


@pytest.fixture
def limits() -> Limits:
    return Limits(first_request_within=1, idle=1, sent_within=0.5, stored_within=0.5, grace=1)


async def test_idle_sockets_are_closed_and_others_are_served_meanwhile(served: Served) -> None:
    async with AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(served.connected()) for _ in range(200)]
        assert (await served.send_event(event_body()))[0] == 200
        assert await asyncio.gather(*(until_closed(reader) for reader, _ in idle)) == [b""] * len(idle)


@pytest.mark.parametrize("half", [b"G", b"POST /stripe/webhook HTTP/1.1\r\nHost: local", b"\r\n"])
async def test_half_a_head_is_not_waited_for(served: Served, half: bytes) -> None:
    assert await served.raw(half) == b""


async def test_a_head_that_drips_is_given_up(served: Served) -> None:
    async with served.connected() as (reader, writer):
        dripping = asyncio.create_task(_drip(writer))
        assert await until_closed(reader) == b""
        dripping.cancel()


async def test_a_connection_that_was_used_is_kept_for_a_while_and_then_closed(served: Served) -> None:
    async with served.connected() as (reader, writer):
        for _ in range(2):
            writer.write(ASK)
            assert (await reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200")
        assert await until_closed(reader) == b""


async def test_half_a_head_on_a_used_connection_is_not_waited_for_either(served: Served) -> None:
    async with served.connected() as (reader, writer):
        writer.write(ASK)
        await reader.readuntil(b"ok\n")
        writer.write(ASK[:10])
        assert await until_closed(reader) == b""


async def test_a_client_that_does_not_read_its_picture_is_cut_off(served: Served, limits: Limits) -> None:
    served.behind.pictures[1] = Picture(MediaId(1), "image/png", b"\0" * LARGE, None)
    async with served.connected() as (reader, writer):
        writer.write(ASK.replace(b"healthz", b"media/1"))
        await asyncio.sleep(2 * limits.sent_within)
        assert len(await until_closed(reader)) < LARGE


async def test_an_event_that_takes_too_long_to_store_is_not_acknowledged(served: Served) -> None:
    async def hang(_: Event) -> None:
        await asyncio.Event().wait()

    served.behind.store = hang
    assert (await served.send_event(event_body()))[0] == 503


async def _drip(writer: asyncio.StreamWriter) -> None:
    for letter in ASK.replace(b"Host", b"X: " + b"a" * 1000):
        writer.write(bytes([letter]))
        await asyncio.sleep(0.02)
