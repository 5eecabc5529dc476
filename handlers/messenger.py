"""Sends and edits messages that are no living menus: facts, which stay where they are."""

import structlog
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.domain.ids import ChatId, MediaId, MessageId
from handlers import telegram_errors
from handlers.pictures import NotDrawn, Pictures, Sent
from handlers.screens import Message, Screen, keyboard
from handlers.ticket_face import Ticket

log = structlog.get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Messenger:
    """Raises what the library raises."""

    def __init__(self, bot: Bot, pictures: Pictures) -> None:
        self._bot = bot
        self._pictures = pictures

    @property
    def bot_name(self) -> str:
        """As it stands in links to the bot."""
        return self._bot.username

    async def text(self, chat_id: ChatId, message: Message) -> MessageId:
        sent = await self._bot.send_message(
            chat_id,
            message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(message.rows),
            link_preview_options=NO_PREVIEW,
        )
        return MessageId(sent.message_id)

    async def edit_text(self, chat_id: ChatId, message_id: MessageId, message: Message) -> bool:
        """Whether the message now reads so; False where it is gone."""
        try:
            await self._bot.edit_message_text(
                message.html,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(message.rows),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as refusal:
            if telegram_errors.unchanged(refusal):
                return True
            if telegram_errors.cannot_be_edited(refusal):
                return False
            raise
        return True

    async def take_away(self, chat_id: ChatId, message_id: MessageId) -> None:
        """Delete a message of ours, if it is still there and young enough."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except BadRequest as refusal:
            if not telegram_errors.cannot_be_deleted(refusal):
                raise

    async def document(self, chat_id: ChatId, content: bytes, name: str, screen: Screen) -> None:
        """A file with words beside it."""
        file = InputFile(content, name)
        await self._bot.send_document(chat_id, file, caption=screen.caption, parse_mode=ParseMode.HTML)

    async def screen(self, chat_id: ChatId, screen: Screen) -> None:
        """With its picture, or as text where it has none, or where it cannot be drawn or Telegram refuses it."""
        if screen.picture is None or not await self._with_picture(chat_id, screen, screen.picture):
            await self.text(chat_id, screen.as_message())

    async def _with_picture(self, chat_id: ChatId, screen: Screen, picture: MediaId | Ticket) -> bool:
        """Whether it was sent so."""

        async def send_photo(photo: str | InputFile) -> Sent:
            return await self._bot.send_photo(
                chat_id, photo, caption=screen.caption, parse_mode=ParseMode.HTML, reply_markup=keyboard(screen.rows)
            )

        try:
            await self._pictures.send(picture, send_photo)
        except NotDrawn:
            return False
        except BadRequest as refusal:
            if telegram_errors.no_chat(refusal):
                raise
            log.warning("picture.refused", reason=refusal.message)
            return False
        return True
