"""Builds the services of one shop from its settings and from what they need of the world."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.domain.ids import ChatId
from bot.domain.time import Clock
from bot.mail.letters import Carrier
from bot.payments.gateway import Gateway
from bot.services.attention import AttentionList
from bot.services.baskets import Baskets
from bot.services.bells import Bells
from bot.services.bookings import Bookings
from bot.services.browsing import Browsing
from bot.services.cancelling import Cancelling
from bot.services.catalogue_import import CatalogueImport
from bot.services.checkout import Checkout
from bot.services.checkout_parameters import CheckoutParameters, CheckoutSettings, Wording
from bot.services.customers import Customers
from bot.services.deadlines import Deadlines
from bot.services.inbox import Inbox
from bot.services.links import Links
from bot.services.moving import Moving
from bot.services.offering import Offering, OfferRules
from bot.services.open_orders import OpenOrders
from bot.services.ordering import HoldRules, Ordering
from bot.services.outcomes import Outcomes
from bot.services.privacy import Privacy
from bot.services.questions import Questions
from bot.services.receipts import Receipts
from bot.services.refunds import Refunds
from bot.services.reminders import Reminders
from bot.services.retention import Retention
from bot.services.reviews import Reviews
from bot.services.rivals import Rivals
from bot.services.sales import Sales
from bot.services.searching import Searching
from bot.services.settlement import Mine, Settlement
from bot.services.staff import Staff
from bot.services.staff_news import StaffNews
from bot.services.strays import Strays
from bot.services.sweeping import Sweeping
from bot.services.visits import Visits
from bot.services.waiting import WaitingLists
from storage.database import Database


@dataclass(frozen=True)
class Surroundings:
    """What the services need of the world. `chance` must be unguessable in production; no `post`, no letters."""

    database: Database
    clock: Clock
    chance: Random
    gateway: Gateway
    wording: Wording
    post: Carrier | None = None


class Core:
    """Every service, once. `shop_mark` is the bot's id: it tells this shop's Stripe objects from others."""

    def __init__(self, settings: Settings, world: Surroundings) -> None:
        database, clock, chance = world.database, world.clock, world.chance
        zone: ZoneInfo = settings.shop.timezone
        currency = settings.shop.currency
        self.shop_mark = settings.telegram.token.get_secret_value().partition(":")[0]
        self.bells = Bells()
        parameters = CheckoutParameters(
            CheckoutSettings(
                self.shop_mark, settings.web.public_url, settings.stripe.collect_phone, settings.stripe.promotion_codes
            ),
            world.wording,
            chance,
        )
        self.offering = Offering(chance, offer_rules(settings), Links(parameters), self.bells)
        self.outcomes = Outcomes(
            chance, zone, staff_chats(settings), settings.shop.reminding, self.offering, mail=settings.mail.on
        )
        self.reminders = Reminders(database, clock, settings.shop.reminding)
        self.reviews = Reviews(database, clock, staff_chats(settings), self.bells)
        self._orders(settings, world, parameters)
        self.browsing = Browsing(database, clock, currency, settings.shop.cancellation)
        self.searching = Searching(database, clock, currency)
        self.baskets = Baskets(database, clock, currency, settings.shop.cancellation)
        self.questions = Questions(database, clock, currency)
        self.customers = Customers(database, clock, settings.shop.languages)
        self.bookings = Bookings(database, clock)
        self.receipts = Receipts(database, world.gateway)
        self.sales = Sales(database, clock, zone, currency)
        self.attention = AttentionList(database, clock)
        self.visits = Visits(database, clock, zone)
        self.rivals = Rivals(database, clock, self.outcomes, self.bells)
        self.news = StaffNews(database, self.bookings)
        people = settings.staff
        self.staff = Staff(database, clock, owners=people.owners, managers=people.managers, door=people.door)
        self.privacy = Privacy(database, clock, self.staff.everyone)
        self.retention = Retention(database, clock, settings.shop.keep_records_years, self.staff.everyone)
        self.catalogue_import = CatalogueImport(
            database,
            clock,
            currency=currency,
            time_zone=zone.key,
            languages=settings.shop.languages,
            reminders=self.reminders,
            offering=self.offering,
        )

    def _orders(self, settings: Settings, world: Surroundings, parameters: CheckoutParameters) -> None:
        """What moves seats and money."""
        database, clock, chance, bells = world.database, world.clock, world.chance, self.bells
        rules = HoldRules(
            settings.shop.currency,
            timedelta(minutes=settings.shop.hold_minutes),
            settings.shop.max_open_orders,
            cancellation=settings.shop.cancellation,
        )
        links = Links(parameters)
        strays, mine = Strays(chance, settings.shop.timezone), Mine(self.shop_mark, settings.live)
        self.inbox = Inbox(database, clock, bells)
        self.settlement = Settlement(database, clock, self.outcomes, strays, bells, mine)
        self.ordering = Ordering(database, clock, chance, rules, links, self.outcomes, bells)
        self.checkout = Checkout(database, clock, world.gateway, self.settlement, self.outcomes, parameters, bells)
        self.refunds = Refunds(database, clock, world.gateway, self.settlement, bells, self.shop_mark)
        self.open_orders = OpenOrders(database, clock, bells)
        self.waiting = WaitingLists(database, clock, settings.shop.currency, self.offering)
        self.cancelling = Cancelling(database, clock, self.outcomes, bells)
        self.moving = Moving(database, clock, chance, rules, links, self.outcomes, bells)
        self.deadlines = Deadlines(database, clock, self.outcomes, bells)
        self.sweeping = Sweeping(database, clock, world.gateway, bells)


def staff_chats(settings: Settings) -> list[ChatId]:
    """Where staff are told of sales and problems: their chat, or each owner's own."""
    if settings.staff.alerts_chat is not None:
        return [ChatId(settings.staff.alerts_chat)]
    return [ChatId(owner) for owner in settings.staff.owners]


def offer_rules(settings: Settings) -> OfferRules:
    """How what comes free is offered to those who wait for it."""
    shop = settings.shop
    return OfferRules(shop.currency, timedelta(minutes=shop.offer_minutes), shop.cancellation)
