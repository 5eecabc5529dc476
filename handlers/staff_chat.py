"""Shows messages of text to staff: sent as new ones, edited in place when a button was tapped."""

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers import telegram_errors
from handlers.screens import Message, keyboard
from handlers.staff_access import StaffCall


async def show(call: StaffCall, message: Message) -> None:
    """Edit the tapped message, or send one where there is none or it cannot be edited."""
    if call.tapped is None:
        await send(call, message)
        return
    try:
        await _edit(call.bot, call.chat_id, call.tapped, message)
    except BadRequest as refusal:
        if telegram_errors.cannot_be_edited(refusal):
            await send(call, message)
        elif not telegram_errors.unchanged(refusal):
            raise


async def send(call: StaffCall, message: Message) -> None:
    await call.bot.send_message(
        call.chat_id, message.html, parse_mode=ParseMode.HTML, reply_markup=keyboard(message.rows)
    )


async def _edit(bot: Bot, chat_id: int, message_id: int, message: Message) -> None:
    await bot.edit_message_text(
        message.html,
        chat_id=chat_id,
        message_id=message_id,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(message.rows),
    )
