"""A bot written with python-telegram-bot and its stock HTTP client works against the sandbox."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.sandbox.faults import Kind
from tests.sandbox.telegram.builders import ANN, TOKEN, png
from tests.sandbox.telegram.served import Served, served

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Go", callback_data="1:go", api_kwargs={"style": "primary"})],
        [InlineKeyboardButton("Pay", url="https://a.example/pay")],
    ]
)


@asynccontextmanager
async def a_bot(world: Served, token: str = TOKEN) -> AsyncIterator[Bot]:
    base = f"{world.base}/telegram"
    async with Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
        yield bot


async def test_a_photo_is_sent_tapped_edited_and_answered() -> None:
    async with served() as world, a_bot(world) as bot:
        sent = await bot.send_photo(ANN, io.BytesIO(png()), "<b>Card</b>", parse_mode="HTML", reply_markup=KEYBOARD)
        assert sent.photo[-1].width == 4
        tap = world.telegram.press(ANN, sent.message_id, text="Go")
        (update,) = await bot.get_updates(timeout=5)
        assert update.callback_query
        assert (update.update_id, update.callback_query.data) == (tap.update_id, "1:go")
        assert await update.callback_query.answer("Gone", show_alert=True)
        edited = await bot.edit_message_caption(ANN, sent.message_id, caption="Next", reply_markup=KEYBOARD)
        assert not isinstance(edited, bool)
        assert edited.caption == "Next"
        seen = world.telegram.last_message(ANN)
        assert (seen.text, seen.keyboard[0][0].style, seen.edits) == ("Next", "primary", 1)
        assert world.telegram.notices(ANN)[0].text == "Gone"


async def test_a_photo_is_changed_by_upload_and_by_file_id_and_can_be_downloaded() -> None:
    async with served() as world, a_bot(world) as bot:
        first = await bot.send_photo(ANN, io.BytesIO(png()))
        await bot.edit_message_media(InputMediaPhoto(io.BytesIO(png(8, 8)), "new"), ANN, first.message_id)
        media = InputMediaPhoto(first.photo[-1].file_id, "old")
        await bot.edit_message_media(media, ANN, first.message_id)
        file = await bot.get_file(first.photo[-1].file_id)
        assert bytes(await file.download_as_bytearray()) == png()


async def test_documents_venues_and_commands_are_taken() -> None:
    async with served() as world, a_bot(world) as bot:
        await bot.send_document(ANN, b"BEGIN:VCALENDAR", filename="ticket.ics", caption="x")
        assert world.telegram.last_message(ANN).kind == "document"
        await bot.send_venue(ANN, 45.9, 6.1, "Semnoz", "Car park")
        assert world.telegram.last_message(ANN).kind == "venue"
        await bot.send_chat_action(ANN, "typing")
        await bot.set_my_commands([BotCommand("help", "Help")], scope=BotCommandScopeChat(ANN))
        assert world.telegram.commands(ANN) == [("help", "Help")]
        assert await bot.delete_message(ANN, 1)


async def test_every_kind_of_update_can_be_read_by_the_library() -> None:
    async with served() as world, a_bot(world) as bot:
        telegram = world.telegram
        posted = telegram.start(ANN, "r_x")
        telegram.edit_text(ANN, posted.message_id, "/help")
        telegram.forward(ANN, "x", author_id=8)
        telegram.forward(ANN, "x")
        telegram.say(ANN, "x", via_bot="gif")
        telegram.say_as_anonymous_admin("x")
        telegram.say_as_channel("x", channel_id=-200)
        telegram.post_in_channel("x", channel_id=-200)
        telegram.press_forged(ANN, 99, "x")
        telegram.block(ANN)
        read = await bot.get_updates()
        assert len(read) == 10
        assert all(update.to_dict().keys() - {"update_id"} for update in read)


async def test_refusals_become_the_errors_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with served() as world, a_bot(world) as bot:
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(ANN, " ")
        world.telegram.block(ANN)
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(ANN, "x")
        world.plan(Kind.ERROR, status=429, retry_after=7)
        with pytest.raises(RetryAfter):
            await bot.send_message(ANN, "x")
        await bot.set_webhook("http://127.0.0.1:9/x", secret_token="s3cret")
        with pytest.raises(Conflict):
            await bot.get_updates()


async def test_a_wrong_token_is_refused_by_the_library() -> None:
    async with served() as world:
        with pytest.raises(InvalidToken):
            async with a_bot(world, "1:wrong"):
                pass
