"""Pictures go to Telegram once; from then on its file id stands for them."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import InputFile, Message
from telegram.error import BadRequest

from bot.domain.errors import DatabaseBusy, Gone, GuichetError
from bot.domain.ids import MediaId
from handlers import telegram_errors
from handlers.ports import Bookings, Browsing
from handlers.ticket_face import Ticket, TicketFace
from handlers.ticket_picture import ticket_png

log = structlog.get_logger(__name__)

SUFFIXES = {"image/png": "png", "image/jpeg": "jpg"}

Sent = Message | bool
Send = Callable[[str | InputFile], Awaitable[Sent]]
"""A call to Telegram that shows the picture, given its file id or the file itself."""
Draw = Callable[[TicketFace], Awaitable[bytes]]


class NotDrawn(GuichetError):
    """A ticket's picture could not be made; nothing was sent."""


async def drawn_aside(face: TicketFace) -> bytes:
    """Draw in a thread, so that nobody else waits for it."""
    return await asyncio.to_thread(ticket_png, face)


class Pictures:
    def __init__(self, browsing: Browsing, bookings: Bookings, draw: Draw = drawn_aside) -> None:
        self._browsing = browsing
        self._bookings = bookings
        self._draw = draw
        self._pen = asyncio.Lock()

    async def banner(self) -> MediaId | None:
        """The shop's own picture, for screens that have none; a shop without a catalogue has no picture."""
        try:
            return (await self._browsing.home()).shop.banner
        except Gone:
            return None

    async def send(self, picture: MediaId | Ticket, send: Send) -> Sent:
        """Send by file id if Telegram has the picture and still knows it, else upload it. Raises Gone, NotDrawn."""
        known = await self._known(picture)
        if known is not None:
            try:
                return await send(known)
            except BadRequest as refusal:
                if not telegram_errors.bad_file(refusal):
                    raise
        sent = await send(await self._file(picture))
        if isinstance(sent, Message) and sent.photo:
            await self._remember(picture, sent.photo[-1].file_id)
        return sent

    async def _known(self, picture: MediaId | Ticket) -> str | None:
        if isinstance(picture, Ticket):
            return await self._bookings.ticket_file_id(picture.booking_id, picture.language, picture.face.digest)
        return await self._browsing.file_id(picture)

    async def _remember(self, picture: MediaId | Ticket, file_id: str) -> None:
        """Forgetting it costs an upload; the message is there in any case and must not be sent again."""
        try:
            if isinstance(picture, Ticket):
                digest = picture.face.digest
                await self._bookings.remember_ticket(picture.booking_id, picture.language, digest, file_id)
            else:
                await self._browsing.remember_file_id(picture, file_id)
        except DatabaseBusy:
            log.warning("picture.not_remembered")

    async def _file(self, picture: MediaId | Ticket) -> InputFile:
        if isinstance(picture, Ticket):
            return InputFile(await self.drawn(picture), filename="ticket.png", attach=True)
        found = await self._browsing.picture(picture)
        suffix = SUFFIXES.get(found.content_type, "jpg")
        return InputFile(found.content, filename=f"picture.{suffix}", attach=True)

    async def drawn(self, ticket: Ticket) -> bytes:
        """As PNG, or NotDrawn. One at a time: many threads at once would hold up everything else after all."""
        try:
            async with self._pen:
                return await self._draw(ticket.face)
        except Exception as error:
            log.exception("ticket.not_drawn", booking=ticket.booking_id)
            raise NotDrawn from error
