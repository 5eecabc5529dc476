"""Pictures go to Telegram once; from then on its file id stands for them."""

from collections.abc import Awaitable, Callable

from telegram import InputFile, Message
from telegram.error import BadRequest

from bot.domain.errors import Gone
from bot.domain.ids import MediaId
from handlers import telegram_errors
from handlers.ports import Browsing

SUFFIXES = {"image/png": "png", "image/jpeg": "jpg"}

Sent = Message | bool
Send = Callable[[str | InputFile], Awaitable[Sent]]
"""A call to Telegram that shows the picture, given its file id or the file itself."""


class Pictures:
    def __init__(self, browsing: Browsing) -> None:
        self._browsing = browsing

    async def banner(self) -> MediaId | None:
        """The shop's own picture, for screens that have none; a shop without a catalogue has no picture."""
        try:
            return (await self._browsing.home()).shop.banner
        except Gone:
            return None

    async def send(self, media_id: MediaId, send: Send) -> Sent:
        """Send by file id if Telegram has the picture and still knows it, else upload it. Raises Gone."""
        known = await self._browsing.file_id(media_id)
        if known is not None:
            try:
                return await send(known)
            except BadRequest as refusal:
                if not telegram_errors.bad_file(refusal):
                    raise
        sent = await send(await self._file(media_id))
        if isinstance(sent, Message) and sent.photo:
            await self._browsing.remember_file_id(media_id, sent.photo[-1].file_id)
        return sent

    async def _file(self, media_id: MediaId) -> InputFile:
        picture = await self._browsing.picture(media_id)
        suffix = SUFFIXES.get(picture.content_type, "jpg")
        return InputFile(picture.content, filename=f"picture.{suffix}", attach=True)
