"""Answers what customers ask while they look around: what there is, when, and for how much."""

from dataclasses import replace
from datetime import date
from math import ceil

from bot.domain.availability import (
    Month,
    Terms,
    day_state,
    month_bounds,
    month_shown,
    month_view,
    shown_slots,
    slot_view,
)
from bot.domain.catalogue import (
    CalendarView,
    CategoryPage,
    ChosenFare,
    DayView,
    EntryKind,
    HomeView,
    HoursView,
    OfferView,
    Picture,
    QuoteView,
    RangeView,
    ResourceCard,
    TimesView,
)
from bot.domain.errors import Gone
from bot.domain.ids import CategoryId, InventoryId, MediaId, ResourceId
from bot.domain.refund_rules import Rules, effective
from bot.domain.selection import Selection, quote
from bot.domain.time import Clock
from bot.services import renting
from bot.services.found import present
from storage import catalogue, inventory_views, media, reviews
from storage.catalogue import terms_of
from storage.database import Connection, Database

PER_PAGE = 6


class Browsing:
    """Changes nothing of the catalogue. What is not, or no longer, on offer raises Gone."""

    def __init__(self, database: Database, clock: Clock, currency: str, cancellation: Rules = ()) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency
        self._cancellation = cancellation

    async def home(self) -> HomeView:
        async with self._database.read() as connection:
            return HomeView(
                present(await catalogue.shop_view(connection)),
                await catalogue.categories(connection),
            )

    async def category(self, category_id: CategoryId, page: int = 1, per_page: int = PER_PAGE) -> CategoryPage:
        """A page of a category; a page that does not exist becomes the nearest one."""
        async with self._database.read() as connection:
            category = present(await catalogue.category_view(connection, category_id))
            pages = max(1, ceil(await catalogue.count_in(connection, category_id) / per_page))
            page = min(max(page, 1), pages)
            rows = await catalogue.rows_in(
                connection,
                category_id,
                self._currency,
                self._clock.now(),
                skip=(page - 1) * per_page,
                most=per_page,
            )
        return CategoryPage(category, rows, page, pages)

    async def card(self, resource_id: ResourceId) -> ResourceCard:
        async with self._database.read() as connection:
            return await self._rated(connection, await self._card(connection, resource_id))

    async def card_by_slug(self, slug: str) -> ResourceCard:
        async with self._database.read() as connection:
            found = present(await catalogue.card_by_slug(connection, slug, self._currency))
            return await self._rated(connection, self._ruled(found))

    async def month(self, resource_id: ResourceId, year: int | None = None, month: int | None = None) -> CalendarView:
        """A month of an event or a rental; without a month, the first one in which something can be booked.

        A month in the past or beyond the horizon becomes the nearest one that can be shown.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            card, terms = await self._dated(connection, resource_id)
            first_open = await inventory_views.first_open_day(connection, resource_id, terms, now)
            last_slot = await inventory_views.last_slot_day(connection, resource_id, terms, now)
            wanted = None if year is None or month is None else (year, month)
            shown = month_shown(wanted, first_open, last_slot, terms.today(now))
            slots = await inventory_views.slots_between(connection, resource_id, *month_bounds(shown))
            view = month_view(shown, slots, last_slot, terms, now)
            if card.rental is not None:
                view = await renting.first_days(connection, card, view, now)
        return CalendarView(card, view)

    async def begin_stay(self, resource_id: ResourceId, first: date) -> RangeView | TimesView:
        """The shortest stay in a rental that begins on a day; raises NoStay or DayTaken where none does.

        By the hour, the times of that day at which one can begin.
        """
        async with self._database.read() as connection:
            card, _ = await self._dated(connection, resource_id)
            return await renting.begin(connection, card, first, self._clock.now())

    async def extend_stay(self, first: InventoryId, steps: int, month: Month | None = None) -> RangeView | HoursView:
        """A stay of so many steps from a row on, over a month; raises NoStay or DayTaken."""
        async with self._database.read() as connection:
            card = await self._card(connection, present(await inventory_views.resource_of(connection, first)))
            return await renting.extend(connection, card, first, steps, month, self._clock.now())

    async def slots(self, resource_id: ResourceId, day: date) -> DayView:
        """The slots of a local day; none if the day has nothing to show."""
        now = self._clock.now()
        async with self._database.read() as connection:
            card, terms = await self._dated(connection, resource_id)
            if card.kind is not EntryKind.EVENT:
                raise Gone
            slots = await inventory_views.slots_between(connection, resource_id, day, day)
        return DayView(card, day, day_state(day, slots, terms, now), shown_slots(slots, terms, now))

    async def offer(self, inventory_id: InventoryId) -> OfferView:
        """What a selection's callback data names; also when it is full or booking for it has ended."""
        async with self._database.read() as connection:
            return await self._offer(connection, inventory_id)

    async def quote(self, selection: Selection) -> QuoteView:
        """The price of a selection. Raises Gone, TooLate, NothingChosen, TooMany, SoldOut or NoStay."""
        async with self._database.read() as connection:
            view = await self._offer(connection, selection.inventory_id)
            current = present(await catalogue.offer(connection, selection.inventory_id, self._currency))
        price = quote(current, selection, self._clock.now())
        fares = {fare.id: fare for fare in view.card.fares}
        if current.letting is not None:
            first = price.lines[0]
            whole = ChosenFare(fares[first.fare_id], first.quantity, price.total)
            stay = renting.stay_view(current.letting, price.days)
            return QuoteView(view, (whole,), price, stay, asking=bool(current.questions))
        lines = tuple(ChosenFare(fares[line.fare_id], line.quantity, line.amount) for line in price.lines)
        return QuoteView(view, lines, price, asking=bool(current.questions))

    async def file_id(self, media_id: MediaId) -> str | None:
        """Telegram's name for a picture that was uploaded before."""
        async with self._database.read() as connection:
            return await media.file_id(connection, media_id)

    async def picture(self, media_id: MediaId) -> Picture:
        """A picture of the catalogue; raises Gone."""
        async with self._database.read() as connection:
            return present(await media.picture(connection, media_id))

    async def remember_file_id(self, media_id: MediaId, telegram_file_id: str) -> None:
        await self._database.run(lambda connection: media.remember_file_id(connection, media_id, telegram_file_id))

    async def _rated(self, connection: Connection, card: ResourceCard) -> ResourceCard:
        """With what guests found, once that says something."""
        rating = await reviews.rating(connection, card.id)
        return replace(card, rating=rating) if rating.telling else card

    async def _card(self, connection: Connection, resource_id: ResourceId) -> ResourceCard:
        return self._ruled(present(await catalogue.card(connection, resource_id, self._currency)))

    def _ruled(self, card: ResourceCard) -> ResourceCard:
        """With what goes back of it, where it has no rules of its own."""
        return replace(card, rules=effective(card.rules, self._cancellation, dated=card.dated))

    async def _dated(self, connection: Connection, resource_id: ResourceId) -> tuple[ResourceCard, Terms]:
        card = await self._card(connection, resource_id)
        if not card.dated:
            raise Gone
        return card, terms_of(card)

    async def _offer(self, connection: Connection, inventory_id: InventoryId) -> OfferView:
        card = await self._card(connection, present(await inventory_views.resource_of(connection, inventory_id)))
        if card.stock is not None:
            return OfferView(card, inventory_id, None, card.stock.left)
        slot = present(await inventory_views.slot(connection, inventory_id))
        return OfferView(card, inventory_id, slot_view(slot, terms_of(card), self._clock.now()), slot.left)
