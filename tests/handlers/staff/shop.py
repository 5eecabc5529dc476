"""A shop with an owner (1), a manager (2) and somebody at the door (3), whose handlers are fed with updates.

shop = open_staff_shop(database, clock, bot)
await shop.feed(command(bot, 1, "/sales week"))
shop.unknown                         # the updates that got what an unknown command gets
await shop.audit()                   # [(actor, action, data), ...]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from telegram import Update
from telegram.ext import Application, ContextTypes, ExtBot

from bot.domain.catalogue_changes import Change
from bot.domain.customers import Customer, language_of
from bot.domain.ids import CustomerId, TelegramId
from bot.services.attention import AttentionList
from bot.services.bookings import Bookings
from bot.services.sales import Sales
from bot.services.staff import Staff
from bot.services.staff_news import StaffNews
from bot.services.visits import Visits
from handlers.staff_access import StaffAccess
from handlers.staff_answers import StaffAnswers
from handlers.staff_attention import StaffAttention
from handlers.staff_catalogue import StaffCatalogue
from handlers.staff_desk import StaffDesk
from handlers.staff_sales import StaffSales
from handlers.staff_today import StaffToday
from handlers.texts import Translations
from storage import schema
from storage.database import Database
from tests.clock import FakeClock

ZONE = "Europe/Paris"
OWNER, MANAGER, DOOR, STRANGER = map(TelegramId, (1, 2, 3, 4))


class Readers:
    """Fulfils `handlers.ports.Customers` for people who have chosen nothing."""

    async def meet(self, telegram_id: TelegramId, name: str, telegram_language: str | None) -> Customer:
        return Customer(CustomerId(telegram_id), telegram_id, name, telegram_language or "", None)

    async def choose_language(self, customer_id: CustomerId, language: str) -> Customer:
        raise NotImplementedError

    def language_of(self, customer: Customer) -> str:
        return language_of(customer, ("en", "fr"))

    async def language_for(self, telegram_id: TelegramId, telegram_language: str | None) -> str | None:
        raise NotImplementedError

    async def mark_blocked(self, telegram_id: TelegramId) -> None:
        raise NotImplementedError


@dataclass
class FakeCatalogue:
    """Fulfils `handlers.staff_catalogue.CatalogueImport`: says what it was told to say."""

    changes: Sequence[Change] = ()
    refusal: Exception | None = None
    applied: list[tuple[bytes, Mapping[str, bytes], TelegramId]] = field(default_factory=list)

    async def preview(self, toml: bytes, pictures: Mapping[str, bytes]) -> Sequence[Change]:
        if self.refusal:
            raise self.refusal
        return self.changes

    async def apply(self, toml: bytes, pictures: Mapping[str, bytes], by: TelegramId) -> Sequence[Change]:
        self.applied.append((toml, pictures, by))
        return await self.preview(toml, pictures)


@dataclass
class StaffShop:
    database: Database
    desk: StaffDesk
    sales: Sales
    catalogue: FakeCatalogue
    unknown: list[Update]
    context: ContextTypes.DEFAULT_TYPE

    async def feed(self, update: Update) -> bool:
        """What the application would do; False if no handler of staff matches."""
        for handler in self.desk.handlers():
            matched = handler.check_update(update)
            if matched is not None and matched is not False:
                await handler.callback(update, self.context)
                return True
        return False

    async def audit(self) -> list[tuple[int | None, str, Mapping[str, object]]]:
        async with self.database.read() as connection:
            rows = await connection.execute(select(schema.audit).order_by(schema.audit.c.id))
            return [(row.actor, row.action, row.data) for row in rows]


def open_staff_shop(database: Database, clock: FakeClock, bot: ExtBot[None]) -> StaffShop:
    unknown: list[Update] = []

    async def not_known(update: Update) -> None:
        unknown.append(update)

    staff = Staff(database, clock, owners=[OWNER], managers=[MANAGER], door=[DOOR])
    access = StaffAccess(staff, Readers(), Translations(("en", "fr")), not_known)
    attention, news = AttentionList(database, clock), StaffNews(database, Bookings(database, clock))
    sales, catalogue = Sales(database, clock, ZoneInfo(ZONE), "EUR"), FakeCatalogue()
    desk = StaffDesk(
        access,
        sales=StaffSales(sales),
        today=StaffToday(Visits(database, clock, ZoneInfo(ZONE))),
        attention=StaffAttention(attention, news, ZONE),
        catalogue=StaffCatalogue(catalogue),
        answers=StaffAnswers(news),
    )
    # No handler looks at it; the library's signature wants one.
    context = ContextTypes.DEFAULT_TYPE(Application.builder().bot(bot).updater(None).build())
    return StaffShop(database, desk, sales, catalogue, unknown, context)


def buttons(parameters: Mapping[str, object]) -> dict[str, str]:
    """The data of each button of a recorded call, by its label."""
    markup = parameters.get("reply_markup")
    rows = markup["inline_keyboard"] if isinstance(markup, dict) else []
    return {button["text"]: button["callback_data"] for row in rows for button in row}
