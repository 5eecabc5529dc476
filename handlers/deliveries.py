"""Turns a row of the outbox into a message, in the recipient's language and from what is true now."""

from collections.abc import Mapping
from datetime import date

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.domain.effects import TO_STAFF, Notice
from bot.domain.errors import Gone
from bot.domain.ids import InventoryId, OrderId
from bot.domain.order_card import OrderCard
from bot.domain.orders import BookingStatus
from bot.domain.outbox import Blocked, Later, NoLongerTrue, OutboxMessage, Undeliverable, Unsure
from handlers import telegram_errors
from handlers.message_data import amount, number
from handlers.messenger import Messenger
from handlers.notices import order_notice, refund_notice, still_true
from handlers.order_cards import order_screen
from handlers.ports import Bookings, Browsing, Ordering, Renderers, Senders
from handlers.readers import Readers
from handlers.screens import Screen
from handlers.shop_name import shop_name
from handlers.texts import Texts
from handlers.tickets import TRIES_WITH_PICTURE, ticket_screen, with_ticket

OTHER_DATES = 3


class Deliveries:
    """By kind, `renderers` make messages, and `senders` do all that is to be done; the rest are notices of an order."""

    def __init__(
        self,
        messenger: Messenger,
        ordering: Ordering,
        bookings: Bookings,
        browsing: Browsing,
        readers: Readers,
        renderers: Renderers,
        senders: Senders | None = None,
    ) -> None:
        self._messenger = messenger
        self._ordering = ordering
        self._bookings = bookings
        self._browsing = browsing
        self._readers = readers
        self._renderers = renderers
        self._senders = senders or {}

    async def send(self, message: OutboxMessage) -> None:
        """Raises Blocked, Later, Undeliverable, Unsure or NoLongerTrue; then it was not, or not surely, sent."""
        try:
            await self._send(message)
        except Gone as gone:
            raise NoLongerTrue from gone
        except TelegramError as error:
            raise _meaning(error) from error

    async def _send(self, message: OutboxMessage) -> None:
        renderer = self._renderers.get(message.kind)
        if renderer is not None:
            await self._messenger.text(message.chat_id, await renderer(message))
            return
        sender = self._senders.get(message.kind)
        if sender is not None:
            await sender(message)
            return
        notice = _notice(message)
        card = await self._ordering.card(OrderId(number(message.data, "order_id")))
        if not still_true(notice, card):
            raise NoLongerTrue
        texts, part = await self._readers.texts(message, card.language), _part(message.data)
        match notice:
            case Notice.CARD | Notice.SLOW:
                await self._order_card(message, card, texts)
            case Notice.BOOKED | Notice.BOOKED_LATE:
                await self._tickets(message, card, texts, late=notice is Notice.BOOKED_LATE)
            case Notice.PROCESSING | Notice.RELEASED | Notice.BANK_FAILED:
                await self._screen(message, order_notice(notice, card, texts))
            case _:
                late = notice is Notice.REFUNDED_LATE and not card.moving
                days = await self._other_days(card) if late else ()
                about = card if part is None else card.only(part)
                await self._screen(message, refund_notice(notice, about, amount(message.data), texts, days))

    async def _screen(self, message: OutboxMessage, screen: Screen) -> None:
        await self._messenger.text(message.chat_id, screen.as_message())

    async def _order_card(self, message: OutboxMessage, card: OrderCard, texts: Texts) -> None:
        """Edit the order's own message; where there is none (any more), send it."""
        look = order_screen(card, texts).as_message()
        if card.message_id is not None and await self._messenger.edit_text(message.chat_id, card.message_id, look):
            return
        sent = await self._messenger.text(message.chat_id, look)
        await self._ordering.remember_card_message(card.order_id, sent)

    async def _tickets(self, message: OutboxMessage, card: OrderCard, texts: Texts, *, late: bool) -> None:
        part = _part(message.data)
        bookings = [
            view
            for view in await self._bookings.confirmation(card.order_id)
            if view.status is BookingStatus.CONFIRMED and part in {None, view.ordered.inventory_id}
        ]
        if not bookings:
            raise NoLongerTrue
        shop = await shop_name(self._browsing, texts)
        for view in bookings:
            screen = ticket_screen(view, texts, late=late)
            if message.tries < TRIES_WITH_PICTURE:
                screen = with_ticket(screen, view, texts, shop, self._messenger.bot_name)
            await self._messenger.screen(message.chat_id, screen)

    async def _other_days(self, card: OrderCard) -> tuple[date, ...]:
        """The next days on which the same can still be booked."""
        try:
            month = (await self._browsing.month(card.lines[0].resource_id)).month
        except Gone:
            return ()
        free = [day for day, state in sorted(month.days.items()) if state.can_be_chosen]
        return tuple(date(month.year, month.month, day) for day in free[:OTHER_DATES])


def _notice(message: OutboxMessage) -> Notice:
    """One that is for customers."""
    if message.kind not in set(Notice) - TO_STAFF:
        raise Undeliverable(f"no text for {message.kind}")
    return Notice(message.kind)


def _part(data: Mapping[str, object]) -> InventoryId | None:
    """What the message is about of an order of several things."""
    return InventoryId(number(data, "inventory_id")) if "inventory_id" in data else None


def _meaning(error: TelegramError) -> Exception:
    """Which end of a delivery Telegram's error stands for."""
    match error:
        case Forbidden():
            return Blocked()
        case RetryAfter():
            return Later(telegram_errors.seconds_to_wait(error))
        case BadRequest() if telegram_errors.no_chat(error):
            return Blocked()
        case BadRequest():
            return Undeliverable(error.message)
        case NetworkError():
            return Unsure(error.message)
        case _:
            return Unsure(type(error).__name__)
