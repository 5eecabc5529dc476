"""Connects the chat's handlers with the services: one desk for customers, one for staff."""

from functools import partial

from bot.config import Settings
from bot.core import Core, Surroundings
from bot.domain.ids import TelegramId
from bot.services.catalogue_upload import CatalogueUpload
from handlers.application import TelegramApplication
from handlers.cancelled_files import CancelledFiles
from handlers.context import Desk, House
from handlers.conversation import Conversation
from handlers.deliveries import Deliveries
from handlers.last_calls import LastCalls
from handlers.mails import MailRoom, Mails, NoPost
from handlers.messenger import Messenger
from handlers.moved_tickets import MovedTickets
from handlers.pictures import Pictures
from handlers.presenter import Presenter
from handlers.readers import Readers
from handlers.registration import Menus, StaffCommands, customer_handlers, when_it_fails
from handlers.reminders import ReminderRenderers
from handlers.staff_access import StaffAccess
from handlers.staff_answers import StaffAnswers
from handlers.staff_attention import StaffAttention
from handlers.staff_catalogue import StaffCatalogue
from handlers.staff_desk import StaffDesk, staff_commands
from handlers.staff_notices import StaffRenderers
from handlers.staff_sales import StaffSales
from handlers.staff_today import StaffToday
from handlers.texts import Translations
from handlers.waiting_notices import WaitingRenderers


class Conversations:
    """`deliveries` and `mails` are how the outbox speaks."""

    def __init__(
        self,
        settings: Settings,
        core: Core,
        world: Surroundings,
        translations: Translations,
        telegram: TelegramApplication,
    ) -> None:
        self._core = core
        self._translations = translations
        self._telegram = telegram
        self._zone = settings.shop.timezone.key
        pictures = Pictures(core.browsing, core.bookings)
        house = House(
            self._zone,
            settings.shop.hold_minutes,
            settings.shop.support,
            settings.shop.terms_url,
            settings.shop.privacy_url,
            settings.shop.keep_records_years,
            settings.web.public_url,
            settings.shop.offer_minutes,
        )
        desk = Desk(
            browsing=core.browsing,
            searching=core.searching,
            customers=core.customers,
            bookings=core.bookings,
            cancelling=core.cancelling,
            moving=core.moving,
            ordering=core.ordering,
            checkout=core.checkout,
            privacy=core.privacy,
            reviews=core.reviews,
            baskets=core.baskets,
            questions=core.questions,
            receipts=core.receipts,
            waiting=core.waiting,
            open_orders=core.open_orders,
            presenter=Presenter(pictures),
            translations=translations,
            house=house,
            clock=world.clock,
            chance=world.chance,
        )
        self._conversation = Conversation(desk, telegram.later)
        staff = StaffRenderers(core.news, core.attention, core.reviews, translations.for_(None), self._zone)
        reminding = ReminderRenderers(core.reminders, core.customers, translations, world.clock)
        messenger, readers = Messenger(telegram.bot, pictures), Readers(core.customers, translations)
        self.deliveries = Deliveries(
            messenger,
            core.ordering,
            core.bookings,
            core.browsing,
            readers,
            {**staff.by_kind, **reminding.by_kind, **WaitingRenderers(core.waiting, readers).by_kind},
            {
                **LastCalls(messenger, core.ordering, readers, world.clock).by_kind,
                **CancelledFiles(messenger, core.reminders, core.customers, translations, world.clock).by_kind,
                **MovedTickets(messenger, core.ordering, core.bookings, core.browsing, readers).by_kind,
            },
        )

        room = MailRoom(
            core.ordering,
            core.bookings,
            core.browsing,
            pictures,
            translations,
            world.clock,
            settings.shop.support,
            chat=lambda: settings.telegram.chat_url or f"https://t.me/{messenger.bot_name}",
            bot_name=lambda: messenger.bot_name,
        )
        self.mails: Mails | NoPost = NoPost() if world.post is None else Mails(world.post, room)

    async def start(self) -> None:
        """Take updates, and show everybody their commands."""
        menus = Menus(self._translations, self._staff_commands())
        handlers = [*self._staff_desk().handlers(), *customer_handlers(self._conversation, menus.started)]
        await self._telegram.start(handlers, when_it_fails(self._core.customers))
        await menus.announce(self._telegram.bot)

    def _staff_desk(self) -> StaffDesk:
        core = self._core
        access = StaffAccess(core.staff, core.customers, self._translations, self._conversation.unknown)
        return StaffDesk(
            access,
            sales=StaffSales(core.sales),
            today=StaffToday(core.visits),
            attention=StaffAttention(core.attention, core.news, self._zone),
            catalogue=StaffCatalogue(CatalogueUpload(core.catalogue_import)),
            answers=StaffAnswers(core.news),
        )

    def _staff_commands(self) -> StaffCommands:
        roles = {member: self._core.staff.role_of(TelegramId(member)) for member in self._core.staff.everyone}
        return {member: partial(staff_commands, role) for member, role in roles.items() if role is not None}
