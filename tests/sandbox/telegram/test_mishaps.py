"""Planned faults reach a bot over HTTP as they would in life."""

import asyncio
import json

import pytest
from aiohttp import ClientError, ClientPayloadError, ClientTimeout

from bot.sandbox.faults import Kind
from tests.sandbox.telegram.builders import ANN, TOKEN
from tests.sandbox.telegram.served import Answer, Served, served, until


async def send(world: Served, text: str = "x") -> Answer:
    return await world.post("sendMessage", chat_id=ANN, text=text)


ERRORS = [
    (429, "Too Many Requests: retry after 7"),
    (403, "Forbidden: bot was blocked by the user"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
]


@pytest.mark.parametrize(("status", "says"), ERRORS)
async def test_an_error_has_no_effect_and_happens_once(status: int, says: str) -> None:
    async with served() as world:
        world.plan(Kind.ERROR, status=status, retry_after=7)
        answer = await send(world)
        assert (answer.status, answer.body["description"]) == (status, says)
        assert world.telegram.messages(ANN) == []
        assert world.telegram.journal.of("sendMessage")[0].status == status
        assert (await send(world)).status == 200


async def test_too_many_requests_tell_when_to_come_again() -> None:
    async with served() as world:
        world.plan(Kind.ERROR, status=429, retry_after=7)
        assert (await send(world)).body["parameters"] == {"retry_after": 7}


async def test_a_fault_hits_only_its_method() -> None:
    async with served() as world:
        world.plan(Kind.ERROR, operation="editMessage")
        assert (await send(world)).status == 200
        assert (await world.post("editMessageText", chat_id=ANN, message_id=1, text="y")).status == 500


@pytest.mark.parametrize(("kind", "messages"), [(Kind.RESET_BEFORE, 0), (Kind.RESET_AFTER, 1)])
async def test_a_reset_cuts_the_connection(kind: Kind, messages: int) -> None:
    async with served() as world:
        world.plan(kind)
        with pytest.raises(ClientError):
            await send(world)
        assert len(world.telegram.messages(ANN)) == messages


@pytest.mark.parametrize(("kind", "messages"), [(Kind.TIMEOUT_BEFORE, 0), (Kind.TIMEOUT_AFTER, 1)])
async def test_a_timeout_is_silent_until_the_client_leaves(kind: Kind, messages: int) -> None:
    async with served() as world:
        world.plan(kind)
        with pytest.raises(TimeoutError):
            await world.session.post(
                world.url("sendMessage"),
                json={"chat_id": ANN, "text": "x"},
                timeout=ClientTimeout(total=0.2),
            )
        assert len(world.telegram.messages(ANN)) == messages


async def test_a_timeout_ends_when_it_has_held_long_enough() -> None:
    async with served(hold_seconds=0.05) as world:
        world.plan(Kind.TIMEOUT_AFTER)
        with pytest.raises(ClientError):
            await send(world)


async def test_a_truncated_answer_has_its_effect() -> None:
    async with served() as world:
        world.plan(Kind.TRUNCATED)
        with pytest.raises(ClientPayloadError):
            await send(world)
        assert len(world.telegram.messages(ANN)) == 1


async def test_a_download_can_fail() -> None:
    async with served() as world:
        world.plan(Kind.ERROR, "file", status=502)
        async with world.session.get(f"{world.base}/telegram/file/bot{TOKEN}/photos/file_1.jpg") as answer:
            assert answer.status == 502


async def test_a_slow_answer_is_a_proper_one() -> None:
    async with served() as world:
        world.plan(Kind.SLOW, seconds=0.05)
        assert (await send(world)).status == 200


async def test_a_poll_can_fail_too() -> None:
    async with served() as world:
        world.plan(Kind.ERROR, operation="getUpdates", status=502)
        assert (await world.post("getUpdates", timeout=20)).status == 502


async def test_a_server_that_stops_lets_go_of_what_it_holds() -> None:
    async with served() as world:
        world.plan(Kind.TIMEOUT_AFTER)
        held = asyncio.create_task(send(world))
        await until(lambda: bool(world.telegram.messages(ANN)))
    async with asyncio.timeout(5):
        await asyncio.gather(held, return_exceptions=True)


async def test_a_call_that_got_no_answer_is_in_the_journal() -> None:
    async with served() as world:
        world.plan(Kind.RESET_BEFORE)
        with pytest.raises(ClientError):
            await send(world)
        (entry,) = world.telegram.journal
        assert (entry.method, entry.status, json.dumps(entry.params)) == ("sendMessage", 0, "{}")
