"""Over HTTP the sandbox reads what bots send, and waits with a long poll."""

import asyncio
import io

import pytest
from aiohttp import ClientSession, FormData

from bot.sandbox.telegram import reading
from tests.sandbox.telegram.builders import ANN, TOKEN, a_photo
from tests.sandbox.telegram.served import Served, served, until

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_a_form_a_json_body_and_a_query_are_read() -> None:
    async with served() as world:
        assert (await world.post("sendMessage", {"chat_id": "7", "text": "form"})).status == 200
        assert (await world.post("sendMessage", chat_id=7, text="json")).status == 200
        async with world.session.get(world.url("sendMessage"), params={"chat_id": "7", "text": "query"}) as answer:
            assert answer.status == 200
        assert [seen.text for seen in world.telegram.messages(ANN)] == ["form", "json", "query"]


async def test_an_upload_is_taken_and_can_be_downloaded() -> None:
    async with served() as world:
        form = FormData({"chat_id": "7"})
        form.add_field("photo", a_photo().content, filename="card.png", content_type="image/png")
        assert (await world.post("sendPhoto", form)).status == 200
        told = await world.post("getFile", file_id=world.telegram.last_message(ANN).photo)
        path = told.body["result"]
        assert isinstance(path, dict)
        url = f"{world.base}/telegram/file/bot{TOKEN}/{path['file_path']}"
        async with world.session.get(url) as answer:
            assert await answer.read() == a_photo().content
        async with world.session.get(url + "x") as answer:
            assert answer.status == 404


async def test_an_upload_of_several_megabytes_is_taken() -> None:
    async with served() as world:
        form = FormData({"chat_id": "7"})
        form.add_field("document", io.BytesIO(bytes(5_000_000)), filename="x.bin")
        assert (await world.post("sendDocument", form)).status == 200


async def test_a_body_beyond_all_limits_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_BODY", 1000)
    async with served() as world:
        answer = await world.post("sendMessage", chat_id=7, text="x" * 2000)
        assert (answer.status, answer.body["description"]) == (413, "Request Entity Too Large")


async def test_bytes_without_a_name_are_an_upload_too() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="photo"\r\nContent-Type: image/png\r\n\r\n'
    async with (
        served() as world,
        world.session.post(
            world.url("sendPhoto"),
            params={"chat_id": "7"},
            data=part + a_photo().content + b"\r\n--b--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        ) as answer,
    ):
        assert answer.status == 200


BODIES: list[tuple[bytes, str]] = [
    (b"[]", "application/json"),
    (b"{", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b"\xff", "application/json"),
    (b'{"chat_id": 7, "text": "\xff"}', "application/json"),
    (b"chat_id=7&text=x", "text/plain"),
    (b"x", "multipart/form-data; boundary=b"),
    (b"--b\r\n\r\n", "multipart/form-data; boundary=b"),
    (b"text=%ff&chat_id=7", "application/x-www-form-urlencoded; charset=no-such"),
]


@pytest.mark.parametrize(("body", "kind"), BODIES)
async def test_a_body_that_cannot_be_read_is_a_bad_request(body: bytes, kind: str) -> None:
    async with served() as world:
        async with world.session.post(world.url("sendMessage"), data=body, headers={"Content-Type": kind}) as answer:
            assert answer.status == 400
            assert (await answer.json())["error_code"] == 400
        assert world.telegram.messages(ANN) == []


async def test_a_wrong_token_is_unauthorized_and_an_unknown_method_not_found() -> None:
    async with served() as world:
        async with world.session.get(world.url("getMe", "1:wrong")) as answer:
            assert answer.status == 401
        assert (await world.post("sendLove")).status == 404


async def test_a_poll_waits_for_an_update() -> None:
    async with served() as world:
        poll = asyncio.create_task(world.post("getUpdates", timeout=20))
        await polling(world)
        posted = world.telegram.say(ANN, "x")
        (update,) = results(await poll)
        assert update["update_id"] == posted.update_id


async def test_a_poll_ends_empty_when_its_time_is_up() -> None:
    async with served() as world:
        assert results(await world.post("getUpdates", {"timeout": "1"})) == []
        assert results(await world.post("getUpdates")) == []
        assert (await world.post("getUpdates", {"timeout": "soon"})).status == 400


async def test_a_second_poll_terminates_the_first() -> None:
    async with served() as world:
        first = asyncio.create_task(world.post("getUpdates", timeout=20))
        await polling(world)
        assert results(await world.post("getUpdates")) == []
        answer = await first
        assert (answer.status, answer.body["description"]) == (409, CONFLICT)


async def test_a_poll_with_a_wrong_token_terminates_nobody() -> None:
    async with served() as world:
        first = asyncio.create_task(world.post("getUpdates", timeout=20))
        await polling(world)
        async with world.session.get(world.url("getUpdates", "1:wrong")) as answer:
            assert answer.status == 401
        world.telegram.say(ANN, "x")
        assert (await first).status == 200


async def test_a_webhook_that_is_set_ends_a_poll() -> None:
    async with served() as world:
        first = asyncio.create_task(world.post("getUpdates", timeout=20))
        await polling(world)
        assert (await world.post("setWebhook", url="http://127.0.0.1:9/x")).status == 200
        assert (await first).status == 409


async def test_a_poller_that_left_takes_no_update_with_it() -> None:
    async with served() as world:
        posted = world.telegram.say(ANN, "x")
        assert posted.update_id is not None
        await world.post("getUpdates", offset=posted.update_id + 1)
        async with ClientSession() as leaving:
            poll = asyncio.create_task(leaving.post(world.url("getUpdates"), json={"timeout": 20}))
            await polling(world)
            poll.cancel()
        world.telegram.redeliver(posted.update_id)
        assert len(results(await world.post("getUpdates", timeout=5))) == 1


async def test_the_server_stops_while_a_poll_waits() -> None:
    async with served() as world:
        poll = asyncio.create_task(world.post("getUpdates", timeout=60))
        await polling(world)
    assert results(await poll) == []


async def polling(world: Served) -> None:
    """A poll has begun to wait."""
    await until(lambda: len(world.telegram._world._listeners) > 1)


def results(answer: object) -> list[dict[str, object]]:
    body = getattr(answer, "body", {})
    found = body["result"]
    assert isinstance(found, list)
    return found
