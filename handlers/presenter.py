"""Shows screens on the living message: a picture with a caption, edited in place for as long as it exists.

Only a screen whose words no caption has room for is a text. A text becomes a picture again by an edit; but no picture
ever becomes a text, so that one is sent anew, and the picture is taken away.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar

from telegram import Bot, InputFile, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.domain.ids import ChatId, MediaId, MessageId
from handlers import telegram_errors
from handlers.messenger import Messenger
from handlers.pictures import NotDrawn, Pictures, Sent
from handlers.screens import Screen, keyboard
from handlers.ticket_face import Ticket

Kept = TypeVar("Kept")
Key = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """Where a screen goes; without a message a new one is sent."""

    chat_id: int
    message_id: int | None = None


class Presenter:
    """Remembers which picture a message shows, for as many messages as fit; forgetting costs one larger edit.

    And which text has come instead of a picture: who has tapped that one twice is not answered twice.
    """

    def __init__(self, pictures: Pictures, remembered: int = 10_000) -> None:
        self._pictures = pictures
        self._remembered = remembered
        self._shown: OrderedDict[Key, MediaId | Ticket] = OrderedDict()
        self._instead: OrderedDict[Key, int] = OrderedDict()

    async def show(self, bot: Bot, place: Place, screen: Screen) -> None:
        """Edit the message into the screen, or send it anew where that cannot be done."""
        try:
            await self._show(bot, place, screen)
        except NotDrawn:
            if isinstance(screen.picture, Ticket):
                await self._show(bot, place, replace(screen, picture=screen.picture.instead))

    async def _show(self, bot: Bot, place: Place, screen: Screen) -> None:
        if place.message_id is not None:
            now_there = self._instead.get((place.chat_id, place.message_id), place.message_id)
            place = replace(place, message_id=now_there)
        if screen.wordy:
            return await self._show_text(Messenger(bot, self._pictures), place, screen)
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

    async def _show_text(self, messenger: Messenger, place: Place, screen: Screen) -> None:
        chat_id, message = ChatId(place.chat_id), screen.as_message()
        if place.message_id is None:
            await messenger.text(chat_id, message)
            return
        before, key = MessageId(place.message_id), (place.chat_id, place.message_id)
        if key in self._shown or not await messenger.edit_text(chat_id, before, message):
            _keep(self._instead, key, await messenger.text(chat_id, message), self._remembered)
            await messenger.take_away(chat_id, before)

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
        _keep(self._shown, (chat_id, message_id), picture, self._remembered)


def _keep(memory: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """As the newest; the oldest is forgotten where there is no room."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > most:
        memory.popitem(last=False)
