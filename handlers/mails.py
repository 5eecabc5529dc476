"""Turns a row of the outbox into a letter, in the customer's language and from what is true now."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.bookings import BookingView
from bot.domain.effects import Notice
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.mails import Mail
from bot.domain.order_card import OrderCard
from bot.domain.orders import BookingStatus
from bot.domain.outbox import NoLongerTrue, OutboxMessage, Undeliverable, Unsure
from bot.domain.time import Clock
from bot.mail.letters import CalendarFile, Carrier, Letter, Picture
from bot.mail.post import Ambiguous
from handlers.calendar_file import calendar_file
from handlers.letter_page import Paper, as_text
from handlers.letter_words import Frame, Tickets, Written, booked, cancelled, money_back, moved
from handlers.message_data import amount, number
from handlers.notices import refund_notice
from handlers.pictures import NotDrawn, Pictures
from handlers.ports import Bookings, Browsing, Ordering
from handlers.shop_name import shop_name
from handlers.texts import Texts, Translations
from handlers.ticket_face import Ticket
from handlers.ticket_files import about
from handlers.tickets import ticket_face

MAYBE = "perhaps arrived."
"""Begins the note of a letter that was given away whole and never acknowledged."""


class NoPost:
    """The shop has no mail server (any more): what waits for one is let go."""

    async def send(self, message: OutboxMessage) -> None:
        """Raises NoLongerTrue."""
        del message
        raise NoLongerTrue


@dataclass(frozen=True)
class MailRoom:
    """Where letters are written. `chat` says how the chat is found, `bot_name` what tickets lead to."""

    ordering: Ordering
    bookings: Bookings
    browsing: Browsing
    pictures: Pictures
    translations: Translations
    clock: Clock
    support: str
    chat: Callable[[], str]
    bot_name: Callable[[], str]


@dataclass(frozen=True)
class Draft:
    written: Written
    pictures: Sequence[Picture] = ()
    files: Sequence[CalendarFile] = ()


class Mails:
    def __init__(self, post: Carrier, room: MailRoom) -> None:
        self._post = post
        self._room = room
        self._paper = Paper()
        self._by_kind: Mapping[str, Callable[[OutboxMessage, OrderCard, Texts], Awaitable[Draft]]] = {
            Mail.BOOKED: self._booked,
            Mail.MOVED: self._moved,
            Mail.CANCELLED: self._cancelled,
            Mail.REFUNDED: self._refunded,
        }

    async def send(self, message: OutboxMessage) -> None:
        """Raises Undeliverable, Unsure or NoLongerTrue; then it was not, or not surely, sent."""
        try:
            letter = await self._letter(message)
        except Gone as gone:
            raise NoLongerTrue from gone
        await self._give_away(message, letter)

    async def _give_away(self, message: OutboxMessage, letter: Letter) -> None:
        """A letter that may have arrived is sent once more, not for ever."""
        maybe = (message.note or "").startswith(MAYBE)
        try:
            await self._post.send(letter, _name(message), self._room.clock.now())
        except Ambiguous as lost:
            if maybe:
                raise Undeliverable("given away twice, and no answer") from lost
            raise Unsure(f"{MAYBE} {lost}") from lost
        except Unsure as unsure:
            if not maybe:
                raise
            raise Unsure(f"{MAYBE} {unsure}") from unsure

    async def _letter(self, message: OutboxMessage) -> Letter:
        write = self._by_kind.get(message.kind)
        if write is None:
            raise Undeliverable(f"no letter for {message.kind}")
        card = await self._room.ordering.card(OrderId(number(message.data, "order_id")))
        if not card.email:
            raise NoLongerTrue
        draft = await write(message, card, self._room.translations.for_(card.language))
        page = draft.written.page
        return Letter(
            card.email, draft.written.subject, as_text(page), self._paper.as_html(page), draft.pictures, draft.files
        )

    async def _booked(self, message: OutboxMessage, card: OrderCard, texts: Texts) -> Draft:
        tickets = await self._tickets(await self._views(card, BookingStatus.CONFIRMED), texts)
        late = message.data.get("notice") == Notice.BOOKED_LATE
        return self._with_tickets(booked(tickets, texts, late=late), tickets, texts)

    async def _moved(self, message: OutboxMessage, card: OrderCard, texts: Texts) -> Draft:
        views = _named(await self._views(card, BookingStatus.CONFIRMED), message)
        tickets = await self._tickets(views, texts)
        return self._with_tickets(moved(tickets, texts), tickets, texts)

    def _with_tickets(self, written: Written, tickets: Tickets, texts: Texts) -> Draft:
        shown = [picture for picture in tickets.pictures if picture]
        return Draft(written, shown, self._files(tickets.views, texts))

    async def _tickets(self, views: Sequence[BookingView], texts: Texts) -> Tickets:
        frame = await self._frame(texts)
        return Tickets(views, [await self._picture(view, frame, texts) for view in views], frame)

    async def _cancelled(self, message: OutboxMessage, card: OrderCard, texts: Texts) -> Draft:
        views = await self._views(card, BookingStatus.CANCELLED)
        if "booking_id" in message.data:
            views = _named(views, message)
        return Draft(cancelled(views, await self._frame(texts), texts), files=self._files(views, texts))

    async def _refunded(self, message: OutboxMessage, card: OrderCard, texts: Texts) -> Draft:
        about = card.only(InventoryId(number(message.data, "inventory_id"))) if "inventory_id" in message.data else card
        screen = refund_notice(Notice(str(message.data.get("notice"))), about, amount(message.data), texts)
        return Draft(money_back(screen, card.code, await self._frame(texts), texts))

    async def _views(self, card: OrderCard, status: BookingStatus) -> list[BookingView]:
        views = [view for view in await self._room.bookings.confirmation(card.order_id) if view.status is status]
        if not views:
            raise NoLongerTrue
        return views

    async def _picture(self, view: BookingView, frame: Frame, texts: Texts) -> Picture | None:
        """The ticket; all that one needs at the door stands in the words too."""
        face = ticket_face(view, texts, frame.shop, self._room.bot_name())
        try:
            drawn = await self._room.pictures.drawn(Ticket(view.id, texts.language, face, None))
        except NotDrawn:
            return None
        return Picture(f"ticket-{view.code}", drawn)

    def _files(self, views: Sequence[BookingView], texts: Texts) -> list[CalendarFile]:
        now = self._room.clock.now()
        made = ((view.code, calendar_file(view, texts, about(view, texts), now)) for view in views)
        return [CalendarFile(f"{code}.ics", content) for code, content in made if content is not None]

    async def _frame(self, texts: Texts) -> Frame:
        shop = await shop_name(self._room.browsing, texts)
        return Frame(shop, self._room.chat(), self._room.support)


def _named(views: Sequence[BookingView], message: OutboxMessage) -> list[BookingView]:
    """The booking that a message is about; raises NoLongerTrue if it is not among these."""
    wanted = BookingId(number(message.data, "booking_id"))
    found = [view for view in views if view.id == wanted]
    if not found:
        raise NoLongerTrue
    return found


def _name(message: OutboxMessage) -> str:
    """What makes a letter's Message-ID; mail programs show two of one id once."""
    seed = f"letter {message.id} {message.kind} {message.created_at.isoformat()}"
    return sha256(seed.encode()).hexdigest()[:32]
