"""Shows screens on the living message: always a picture with a caption, edited in place for as long as it exists."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from telegram import Bot, InputFile, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.domain.ids import MediaId
from handlers import telegram_errors
from handlers.pictures import NotDrawn, Pictures, Sent
from handlers.screens import Screen, keyboard
from handlers.ticket_face import Ticket


@dataclass(frozen=True)
class Place:
    """Where a screen goes; without a message a new one is sent."""

    chat_id: int
    message_id: int | None = None


class Presenter:
    """Remembers which picture a message shows, for as many messages as fit; forgetting costs one larger edit."""

    def __init__(self, pictures: Pictures, remembered: int = 10_000) -> None:
        self._pictures = pictures
        self._remembered = remembered
        self._shown: OrderedDict[tuple[int, int], MediaId | Ticket] = OrderedDict()

    async def show(self, bot: Bot, place: Place, screen: Screen) -> None:
        """Edit the message into the screen, or send it anew where that cannot be done."""
        try:
            await self._show(bot, place, screen)
        except NotDrawn:
            if isinstance(screen.picture, Ticket):
                await self._show(bot, place, replace(screen, picture=screen.picture.instead))

    async def _show(self, bot: Bot, place: Place, screen: Screen) -> None:
        picture = screen.picture or await self._pictures.banner()
        if place.message_id is None:
            return await self.send(bot, place.chat_id, screen, picture)
        try:
            await self._edit(bot, place.chat_id, place.message_id, screen, picture)
        except BadRequest as refusal:
            if telegram_errors.unchanged(refusal):
                return None
            if not telegram_errors.cannot_be_edited(refusal):
                raise
            return await self.send(bot, place.chat_id, screen, picture)

    async def send(self, bot: Bot, chat_id: int, screen: Screen, picture: MediaId | Ticket | None) -> None:
        """A new message; without any picture it is one of text."""
        rows = keyboard(screen.rows)
        if picture is None:
            await bot.send_message(chat_id, screen.as_message().html, parse_mode=ParseMode.HTML, reply_markup=rows)
            return

        async def send_photo(photo: str | InputFile) -> Sent:
            return await bot.send_photo(
                chat_id, photo, caption=screen.caption, parse_mode=ParseMode.HTML, reply_markup=rows
            )

        sent = await self._pictures.send(picture, send_photo)
        if not isinstance(sent, bool):
            self._remember(chat_id, sent.message_id, picture)

    async def _edit(
        self, bot: Bot, chat_id: int, message_id: int, screen: Screen, picture: MediaId | Ticket | None
    ) -> None:
        if picture is None or self._shown.get((chat_id, message_id)) == picture:
            await self._edit_caption(bot, chat_id, message_id, screen)
        else:
            await self._edit_picture(bot, chat_id, message_id, screen, picture)
            self._remember(chat_id, message_id, picture)

    async def _edit_caption(self, bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
        await bot.edit_message_caption(
            chat_id,
            message_id,
            caption=screen.caption,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(screen.rows),
        )

    async def _edit_picture(
        self, bot: Bot, chat_id: int, message_id: int, screen: Screen, picture: MediaId | Ticket
    ) -> None:
        async def edit_media(photo: str | InputFile) -> Sent:
            media = InputMediaPhoto(photo, caption=screen.caption, parse_mode=ParseMode.HTML)
            return await bot.edit_message_media(
                media, chat_id=chat_id, message_id=message_id, reply_markup=keyboard(screen.rows)
            )

        await self._pictures.send(picture, edit_media)

    def _remember(self, chat_id: int, message_id: int, picture: MediaId | Ticket) -> None:
        self._shown[chat_id, message_id] = picture
        self._shown.move_to_end((chat_id, message_id))
        if len(self._shown) > self._remembered:
            self._shown.popitem(last=False)
