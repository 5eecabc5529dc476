"""What every conversation needs at hand: the services, the words, and a few settings."""

from dataclasses import dataclass
from random import Random

from bot.domain.time import Clock
from handlers.ports import (
    Baskets,
    Bookings,
    Browsing,
    Cancelling,
    Checkout,
    Customers,
    Moving,
    OpenOrders,
    Ordering,
    Privacy,
    Questions,
    Receipts,
    Reviews,
    Searching,
    WaitingLists,
)
from handlers.presenter import Presenter
from handlers.texts import Translations


@dataclass(frozen=True)
class House:
    """What the shop's own settings say about it."""

    time_zone: str
    hold_minutes: int
    support: str
    terms_url: str | None = None
    privacy_url: str | None = None
    keep_years: int = 10
    public_url: str = ""
    offer_minutes: int = 120


@dataclass(frozen=True)
class Desk:
    """The ticket window. `chance` must be unguessable in production (`random.SystemRandom`)."""

    browsing: Browsing
    searching: Searching
    customers: Customers
    bookings: Bookings
    cancelling: Cancelling
    moving: Moving
    ordering: Ordering
    checkout: Checkout
    privacy: Privacy
    reviews: Reviews
    receipts: Receipts
    waiting: WaitingLists
    open_orders: OpenOrders
    baskets: Baskets
    questions: Questions
    presenter: Presenter
    translations: Translations
    house: House
    clock: Clock
    chance: Random
