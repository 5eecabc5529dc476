"""Answers what customers ask while they look around: what there is, when, and for how much."""

from datetime import date

from bot.domain.catalogue import (
    CalendarView,
    CategoryPage,
    DayView,
    HomeView,
    OfferView,
    Picture,
    QuoteView,
    ResourceCard,
)
from bot.domain.ids import CategoryId, InventoryId, MediaId, ResourceId
from bot.domain.selection import Selection
from bot.domain.time import Clock
from storage.database import Database

PER_PAGE = 6


class Browsing:
    """Reads only. What is not, or no longer, on offer raises Gone."""

    def __init__(self, database: Database, clock: Clock, currency: str) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency

    async def home(self) -> HomeView:
        raise NotImplementedError

    async def category(self, category_id: CategoryId, page: int = 1, per_page: int = PER_PAGE) -> CategoryPage:
        """A page of a category; a page that does not exist becomes the nearest one."""
        raise NotImplementedError

    async def card(self, resource_id: ResourceId) -> ResourceCard:
        raise NotImplementedError

    async def card_by_slug(self, slug: str) -> ResourceCard:
        raise NotImplementedError

    async def month(self, resource_id: ResourceId, year: int | None = None, month: int | None = None) -> CalendarView:
        """A month of an event; without a month, the first one in which something can be booked.

        A month in the past or beyond the horizon becomes the nearest one that can be shown.
        """
        raise NotImplementedError

    async def slots(self, resource_id: ResourceId, day: date) -> DayView:
        """The slots of a local day; none if the day has nothing to show."""
        raise NotImplementedError

    async def offer(self, inventory_id: InventoryId) -> OfferView:
        """What a selection's callback data names; also when it is full or booking for it has ended."""
        raise NotImplementedError

    async def quote(self, selection: Selection) -> QuoteView:
        """The price of a selection. Raises Gone, TooLate, NothingChosen, TooMany or SoldOut."""
        raise NotImplementedError

    async def file_id(self, media_id: MediaId) -> str | None:
        """Telegram's name for a picture that was uploaded before."""
        raise NotImplementedError

    async def picture(self, media_id: MediaId) -> Picture:
        """A picture of the catalogue; raises Gone."""
        raise NotImplementedError

    async def remember_file_id(self, media_id: MediaId, telegram_file_id: str) -> None:
        raise NotImplementedError
