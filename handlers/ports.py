"""What the conversation asks of the services, so that it can be rehearsed without them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.availability import Month
from bot.domain.baskets import BasketView, Entry
from bot.domain.bookings import BookingList, BookingView
from bot.domain.cancelling import Due
from bot.domain.catalogue import (
    CalendarView,
    CategoryPage,
    DayView,
    FoundPage,
    HomeView,
    HoursView,
    OfferView,
    Picture,
    QuoteView,
    RangeView,
    ResourceCard,
    Teasers,
    TimesView,
)
from bot.domain.customers import Customer
from bot.domain.ids import (
    BookingId,
    CategoryId,
    ChatId,
    CustomerId,
    InventoryId,
    MediaId,
    MessageId,
    OrderId,
    ResourceId,
    TelegramId,
    WaitingId,
)
from bot.domain.keeping import Obstacle
from bot.domain.money import Money
from bot.domain.moving import Proposal
from bot.domain.moving_dates import Dates
from bot.domain.order_card import OrderCard
from bot.domain.orders import State
from bot.domain.outbox import OutboxMessage
from bot.domain.questions import Key, Questionnaire
from bot.domain.selection import Selection
from bot.domain.waiting import WaitingView
from handlers.screens import Message


class Browsing(Protocol):
    """Reads only; what is not on offer raises Gone."""

    async def home(self) -> HomeView: ...

    async def category(self, category_id: CategoryId, page: int = 1) -> CategoryPage: ...

    async def card(self, resource_id: ResourceId) -> ResourceCard: ...

    async def card_by_slug(self, slug: str) -> ResourceCard: ...

    async def month(
        self, resource_id: ResourceId, year: int | None = None, month: int | None = None
    ) -> CalendarView: ...

    async def slots(self, resource_id: ResourceId, day: date) -> DayView: ...

    async def begin_stay(self, resource_id: ResourceId, first: date) -> RangeView | TimesView:
        """By the hour, the times of that day. Raises NoStay or DayTaken where no stay begins on it."""
        ...

    async def extend_stay(
        self, first: InventoryId, steps: int, month: tuple[int, int] | None = None
    ) -> RangeView | HoursView: ...

    async def offer(self, inventory_id: InventoryId) -> OfferView: ...

    async def quote(self, selection: Selection) -> QuoteView: ...

    async def file_id(self, media_id: MediaId) -> str | None: ...

    async def picture(self, media_id: MediaId) -> Picture: ...

    async def remember_file_id(self, media_id: MediaId, telegram_file_id: str) -> None: ...


class Searching(Protocol):
    """Reads only."""

    async def page(self, question: str, language: str, page: int = 1) -> FoundPage: ...

    async def teasers(self, question: str, language: str, *, skip: int, most: int) -> Teasers: ...


class Customers(Protocol):
    async def meet(self, telegram_id: TelegramId, name: str, telegram_language: str | None) -> Customer: ...

    async def choose_language(self, customer_id: CustomerId, language: str) -> Customer: ...

    def language_of(self, customer: Customer) -> str: ...

    async def language_for(self, telegram_id: TelegramId, telegram_language: str | None) -> str | None:
        """For somebody who has not written to us, and about whom nothing is stored."""
        ...

    async def mark_blocked(self, telegram_id: TelegramId) -> None: ...


class Bookings(Protocol):
    async def of_customer(self, customer_id: CustomerId) -> BookingList: ...

    async def show(self, customer_id: CustomerId, booking_id: BookingId) -> BookingView: ...

    async def with_code(self, customer_id: CustomerId, code: str) -> BookingId | None:
        """Of their own bookings."""
        ...

    async def with_ticket(self, customer_id: CustomerId, token: str) -> BookingId | None:
        """Of their own bookings."""
        ...

    async def confirmation(self, order_id: OrderId) -> tuple[BookingView, ...]: ...

    async def ticket_file_id(self, booking_id: BookingId, language: str, digest: str) -> str | None: ...

    async def remember_ticket(self, booking_id: BookingId, language: str, digest: str, file_id: str) -> None: ...


class Cancelling(Protocol):
    async def ask(self, customer: CustomerId, booking_id: BookingId) -> tuple[BookingView, Due]:
        """What goes back if a booking is cancelled now. Raises Gone or CannotCancel."""
        ...

    async def cancel(self, customer: CustomerId, booking_id: BookingId, confirmed: int) -> Money:
        """Raises Gone, CannotCancel, or RefundChanged where `confirmed` (minor units) is not what goes back."""
        ...


class Moving(Protocol):
    """Raises Gone for what is not the customer's, CannotMove, CannotCancel, or the refusals of a selection."""

    async def dates(
        self, customer: CustomerId, booking_id: BookingId, month: Month | None = None, day: date | None = None
    ) -> Dates:
        """Those of the day if it has several, else those of a month, or all if they are few."""
        ...

    async def propose(self, customer: CustomerId, booking_id: BookingId, row: InventoryId) -> Proposal: ...

    async def move(self, customer: CustomerId, booking_id: BookingId, row: InventoryId, confirmed: int) -> None:
        """Raises PriceChanged where `confirmed` (minor units) is not what goes back."""
        ...

    async def pay(
        self,
        customer: CustomerId,
        booking_id: BookingId,
        row: InventoryId,
        *,
        confirmed: int,
        nonce: str,
        language: str,
    ) -> OrderId:
        """Raises PriceChanged where `confirmed` (minor units) is not what it costs more."""
        ...


class Ordering(Protocol):
    async def place(
        self, customer: CustomerId, selection: Selection, *, nonce: str, confirmed_total: int, language: str
    ) -> OrderId:
        """The same nonce of the same customer gives the same order. Raises refusals."""
        ...

    async def place_basket(
        self, customer: CustomerId, *, nonce: str, confirmed_total: int, seen: int, language: str
    ) -> OrderId:
        """All that is in the basket, or nothing of it; `seen` is the digest of what was confirmed. Raises refusals."""
        ...

    async def cancel(self, customer: CustomerId, order_id: OrderId) -> None:
        """Raises Gone or NotCancellable."""
        ...

    async def card(self, order_id: OrderId) -> OrderCard: ...

    async def own_card(self, customer: CustomerId, order_id: OrderId) -> OrderCard:
        """Raises Gone for a stranger's order."""
        ...

    async def remember_card_message(self, order_id: OrderId, message_id: MessageId | None) -> None: ...

    async def move_card(self, order_id: OrderId, chat: ChatId, message_id: MessageId) -> None:
        """Another message is the order's own from now on; that of before will be taken away."""
        ...

    async def retry_link(self, customer: CustomerId, order_id: OrderId) -> None: ...


class OpenOrders(Protocol):
    async def of_customer(self, customer: CustomerId) -> Sequence[OrderCard]:
        """What is not paid yet, the one that ends first before the others."""
        ...

    async def bring(self, customer: CustomerId, order_id: OrderId) -> None:
        """Its message will come once more, as the last of the chat. Raises Gone for a stranger's order."""
        ...


class Baskets(Protocol):
    async def count(self, customer_id: CustomerId) -> int: ...

    async def show(self, customer_id: CustomerId) -> BasketView: ...

    async def add(self, customer_id: CustomerId, selection: Selection) -> Entry | None:
        """So many of this and no others; gives what else was there of it, and raises refusals."""
        ...

    async def remove(self, customer_id: CustomerId, inventory_id: InventoryId) -> None: ...

    async def empty(self, customer_id: CustomerId) -> None: ...

    async def fill_again(self, customer_id: CustomerId, order_id: OrderId) -> None:
        """Raises Gone for a stranger's order, or BasketFull."""
        ...


class Questions(Protocol):
    async def about(self, customer_id: CustomerId, selection: Selection) -> Questionnaire:
        """Raises the refusals of a selection that cannot be had."""
        ...

    async def answer(self, customer_id: CustomerId, selection: Selection, key: Key, written: str) -> Questionnaire:
        """Nothing written is a skip. Raises BadAnswer, and OutOfDate where this is not asked."""
        ...

    async def expect(self, customer_id: CustomerId, selection: Selection, key: Key) -> None:
        """What they write next is the answer to this."""
        ...

    async def leave(self, customer_id: CustomerId) -> None:
        """What they write next is anything else."""
        ...


class Checkout(Protocol):
    async def look_now(self, order_id: OrderId) -> State:
        """Ask Stripe about just this order; takes some seconds at most."""
        ...


class Receipts(Protocol):
    async def address(self, customer: CustomerId, booking_id: BookingId) -> str:
        """Where Stripe shows the receipt. Raises Gone or NoAnswer."""
        ...


class Reviews(Protocol):
    """Raises Gone for a booking that is somebody else's, or that cannot be rated."""

    async def rate(self, customer_id: CustomerId, booking_id: BookingId, stars: int) -> bool:
        """Keep a mark; whether a sentence about it is awaited from now on."""
        ...

    async def comment(self, customer_id: CustomerId, text: str) -> bool:
        """Keep a sentence about the last mark; False if none is awaited. Raises TooLong."""
        ...

    async def no_comment(self, customer_id: CustomerId, booking_id: BookingId) -> None: ...

    async def leave(self, customer_id: CustomerId) -> None:
        """What they write next is no sentence about a visit."""
        ...


class WaitingLists(Protocol):
    async def join(self, customer: CustomerId, selection: Selection, language: str) -> None:
        """Raises refusals; NotFull where nobody needs to wait."""
        ...

    async def leave(self, customer: CustomerId, row: InventoryId) -> bool: ...

    async def of_customer(self, customer: CustomerId) -> Sequence[WaitingView]: ...

    async def in_vain(self, entry: WaitingId, closes_at: datetime) -> WaitingView:
        """An entry whose owner is still on the list when sales end, which is then; raises Gone."""
        ...


class Privacy(Protocol):
    async def copy(self, customer_id: CustomerId, telegram_id: TelegramId) -> bytes:
        """Everything that is stored about a customer, as JSON. Raises TooSoon."""
        ...

    async def obstacles(self, customer_id: CustomerId) -> tuple[Obstacle, ...]:
        """Why a customer cannot be forgotten yet."""
        ...

    async def forget(self, customer_id: CustomerId) -> tuple[Obstacle, ...]:
        """Erase a customer, or say what stands in the way."""
        ...


class Renderer(Protocol):
    """Makes a message from a row of the outbox; raises NoLongerTrue or Gone."""

    async def __call__(self, message: OutboxMessage) -> Message: ...


Renderers = Mapping[str, Renderer]
"""By kind of outbox message."""

Senders = Mapping[str, Callable[[OutboxMessage], Awaitable[None]]]
"""The same for what is more than a new message."""
