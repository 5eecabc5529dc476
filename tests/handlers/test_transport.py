"""Calls reach Telegram as Telegram expects them, fail as the library expects, and never show the token."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMediaPhoto
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.sandbox.faults import Fault, Faults, Kind, Service
from bot.sandbox.telegram.http import telegram_app
from bot.sandbox.telegram.model import Telegram
from handlers.transport import AiohttpRequest, without_keyboard

TOKEN = "123456789:AAcanaryTokenCanaryTokenCanaryToken"
ANN = 7
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x04\x00\x00\x00\x03\x08\x02\x00\x00\x00"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def telegram() -> Telegram:
    telegram = Telegram(lambda: datetime(2026, 11, 23, 12, tzinfo=UTC), token=TOKEN)
    telegram.add_user(ANN, "Ann", "en", started=True)
    return telegram


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    server = TestServer(app, shutdown_timeout=0)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


@asynccontextmanager
async def talking(address: str, request: AiohttpRequest | None = None) -> AsyncIterator[Bot]:
    """A bot whose calls go there; not initialized as a bot, so that nothing but the test's own calls is made."""
    async with request or AiohttpRequest() as calls, AiohttpRequest(connections=1) as polls:
        yield Bot(TOKEN, f"{address}/bot", f"{address}/file/bot", request=calls, get_updates_request=polls)


@pytest.fixture
async def bot(telegram: Telegram, faults: Faults) -> AsyncIterator[Bot]:
    async with (
        serving(telegram_app(telegram, faults, hold_seconds=5)) as address,
        talking(address, AiohttpRequest(read_timeout=0.3)) as bot,
    ):
        yield bot


@asynccontextmanager
async def answered_by(handler: Handler, request: AiohttpRequest | None = None) -> AsyncIterator[Bot]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    async with serving(app) as address, talking(address, request) as bot:
        yield bot


def everything_said_by(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__) + repr(error.__cause__)


async def test_a_message_arrives_with_its_keyboard(bot: Bot, telegram: Telegram) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Pay 97,00 €", callback_data="1:pay:5")]])
    sent = await bot.send_message(ANN, "Départ & retour = 100 % + thé 🍵\n\ud83d", reply_markup=keyboard)
    shown = telegram.last_message(ANN)
    assert shown.id == sent.message_id
    assert shown.text.startswith("Départ & retour = 100 % + thé 🍵")
    assert shown.keyboard[0][0].text == "Pay 97,00 €"


async def test_a_call_without_parameters_works(bot: Bot) -> None:
    assert (await bot.get_me()).id == 123456789


async def test_a_picture_is_uploaded_byte_for_byte(bot: Bot, telegram: Telegram) -> None:
    message = await bot.send_photo(ANN, PNG, caption="Vue « d'en haut »", filename='été "1".png')
    file = telegram.file(message.photo[-1].file_id)
    assert file is not None
    assert file.content == PNG
    assert telegram.last_message(ANN).text == "Vue « d'en haut »"


async def test_a_picture_can_take_the_place_of_another(bot: Bot, telegram: Telegram) -> None:
    message = await bot.send_photo(ANN, PNG)
    await bot.edit_message_media(InputMediaPhoto(PNG + b"2", caption="new"), ANN, message.message_id)
    assert telegram.last_message(ANN).text == "new"


async def test_a_large_document_is_uploaded_and_comes_back(bot: Bot) -> None:
    content = b"x" * 3_000_000
    message = await bot.send_document(ANN, InputFile(content, filename="large.bin"))
    assert message.document is not None
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content


async def test_updates_come_without_the_keyboards_of_tapped_messages(bot: Bot, telegram: Telegram) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="1:go")]])
    sent = await bot.send_message(ANN, "hello", reply_markup=keyboard)
    assert sent.reply_markup is not None
    telegram.press(ANN, sent.message_id, text="Go")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "1:go"
    assert update.effective_message is not None
    assert update.effective_message.reply_markup is None


async def test_a_long_poll_may_wait_longer_than_a_call(bot: Bot, telegram: Telegram) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.5)
    assert not poll.done()
    telegram.say(ANN, "hello")
    assert len(await poll) == 1


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=429, retry_after=3), RetryAfter),
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=403), Forbidden),
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=400), BadRequest),
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=409), Conflict),
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=404), InvalidToken),
        (Fault(0, Service.TELEGRAM, Kind.ERROR, status=502), NetworkError),
        (Fault(0, Service.TELEGRAM, Kind.TIMEOUT_BEFORE), TimedOut),
        (Fault(0, Service.TELEGRAM, Kind.TIMEOUT_AFTER), TimedOut),
        (Fault(0, Service.TELEGRAM, Kind.RESET_BEFORE), NetworkError),
        (Fault(0, Service.TELEGRAM, Kind.RESET_AFTER), NetworkError),
        (Fault(0, Service.TELEGRAM, Kind.TRUNCATED), NetworkError),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Fault) else value.__name__,
)
async def test_what_goes_wrong_is_named_as_the_library_names_it(
    bot: Bot, faults: Faults, fault: Fault, error: type[TelegramError]
) -> None:
    faults.plan(fault)
    with pytest.raises(TelegramError) as failed:
        await bot.send_message(ANN, "hello")
    assert type(failed.value) is error
    assert "canary" not in everything_said_by(failed.value)


async def test_how_long_to_wait_is_passed_on(bot: Bot, faults: Faults) -> None:
    faults.plan(Fault(0, Service.TELEGRAM, Kind.ERROR, status=429, retry_after=7))
    with pytest.raises(RetryAfter) as failed:
        await bot.send_message(ANN, "hello")
    assert str(failed.value.retry_after) == "0:00:07"


async def test_an_unreachable_server_is_a_network_error_without_an_address() -> None:
    async with talking("http://127.0.0.1:1") as bot:
        with pytest.raises(NetworkError) as failed:
            await bot.get_me()
    assert not isinstance(failed.value, TimedOut)
    assert "canary" not in everything_said_by(failed.value)


async def test_an_address_that_makes_no_sense_is_a_network_error_without_it() -> None:
    async with talking("http://127.0.0.1:port") as bot:
        with pytest.raises(NetworkError) as failed:
            await bot.get_me()
    assert "canary" not in everything_said_by(failed.value)


@pytest.mark.fault(45)
async def test_an_error_page_that_quotes_the_address_is_not_passed_on() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=502, text=f"<p>{request.path} not found</p>", content_type="text/html")

    async with answered_by(page) as bot:
        with pytest.raises(NetworkError, match=r"^Bad Gateway \(502\)$") as failed:
            await bot.get_me()
    assert "canary" not in everything_said_by(failed.value)


async def test_a_redirection_is_not_followed() -> None:
    asked = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("http://127.0.0.1:1/elsewhere")

    async with answered_by(elsewhere) as bot:
        with pytest.raises(NetworkError, match=r"Found \(302\)"):
            await bot.get_me()
    assert len(asked) == 1


@pytest.mark.parametrize("announced", [10**9, None])
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(announced: int | None) -> None:
    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = announced
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 1024)
        await asyncio.sleep(60)
        return response

    async with answered_by(flood, AiohttpRequest(most_bytes=100_000)) as bot:
        with pytest.raises(NetworkError, match="more than 100000 bytes"):
            await bot.get_me()


@pytest.mark.parametrize("body", ["canary", "[1]", "[" * 200_000, ""])
async def test_an_answer_that_is_no_object_is_an_error_without_its_text(body: str) -> None:
    async def nonsense(request: web.Request) -> web.Response:
        return web.Response(text=body)

    async with answered_by(nonsense) as bot:
        with pytest.raises(TelegramError) as failed:
            await bot.get_me()
    assert "canary" not in everything_said_by(failed.value)


async def test_a_broken_character_does_not_spoil_the_answer() -> None:
    async def broken(request: web.Request) -> web.Response:
        return web.Response(body=b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"\xff"}}')

    async with answered_by(broken) as bot:
        assert (await bot.get_me()).first_name == "\ufffd"


async def test_a_body_without_announced_length_is_read_whole() -> None:
    async def chunks(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"ok":true,')
        await response.write(b'"result":true}')
        return response

    async with answered_by(chunks) as bot:
        assert await bot.log_out()


async def test_a_time_limit_can_be_lifted_for_one_call() -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.json_response({"ok": True, "result": True})

    async with answered_by(slow, AiohttpRequest(read_timeout=0.05)) as bot:
        with pytest.raises(TimedOut):
            await bot.log_out()
        assert await bot.log_out(read_timeout=None)
        assert await bot.log_out(read_timeout=5)


async def test_a_request_that_is_not_initialized_says_so() -> None:
    request = AiohttpRequest()
    assert request.read_timeout == 10
    with pytest.raises(NetworkError, match="not initialized"):
        await Bot(TOKEN, request=request, get_updates_request=request).get_me()
    await request.shutdown()


def test_only_the_keyboard_of_a_tapped_message_is_left_out() -> None:
    tapped: dict[str, object] = {"callback_query": {"message": {"text": "a", "reply_markup": {}}}}
    without_keyboard(tapped)
    assert tapped == {"callback_query": {"message": {"text": "a"}}}
    others: tuple[object, ...] = ({"message": {"reply_markup": {}}}, {"callback_query": {"id": "1"}}, "nothing")
    for other in others:
        before = repr(other)
        without_keyboard(other)
        assert repr(other) == before
