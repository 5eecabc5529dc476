"""Puts the shop together, starts its parts in order, and stops them in the opposite order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random, SystemRandom

import aiohttp
import structlog
from prometheus_client import CollectorRegistry

from bot.clock import FollowedClock, SystemClock
from bot.config import Settings
from bot.conversation import Conversations
from bot.core import Core, Surroundings
from bot.domain.outbox import Channel
from bot.domain.time import Clock
from bot.mail.letters import Sender
from bot.mail.post import MailServer, Post
from bot.metrics import Metrics
from bot.payments.events import Verifier
from bot.payments.gateway import Gateway, client
from bot.services.backlog import Backlogs
from bot.services.delivery import Deliverer
from bot.web import telegram_webhook
from bot.web.admin import Admin
from bot.web.guards import hosts_of
from bot.web.limits import Limits
from bot.web.media import Media
from bot.web.pages import Kind, Pages, PageWords
from bot.web.server import Address, Public, WebServer
from bot.web.stripe_webhook import StripeWebhook
from bot.web.telegram_webhook import TelegramWebhook
from bot.workers import Work, Workers
from handlers.application import NotConnected, Reception, TelegramApplication
from handlers.page_words import after_leaving, after_paying
from handlers.texts import Translations
from handlers.wording import CheckoutWording
from storage.database import Database, engine
from storage.instance import database_file, only_instance
from storage.integrity import check_database
from storage.migrating import migrate

log = structlog.get_logger()


@dataclass(frozen=True)
class PageTexts:
    """The texts of the web pages, as the web server wants them."""

    translations: Translations

    def page(self, kind: Kind, language: str) -> PageWords:
        texts = self.translations.for_(language)
        return PageWords(*(after_paying(texts) if kind == "done" else after_leaving(texts)))


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """The shop's database, ours alone, sound and of today's shape; raises AlreadyRunning, DamagedFile, OutOfReach."""
    url = settings.storage.url.get_secret_value()
    async with only_instance(url):
        if file := database_file(url):
            await asyncio.to_thread(check_database, file)
        database = Database(engine(url))
        try:
            await migrate(database.engine)
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def opened_clock(settings: Settings, session: aiohttp.ClientSession) -> AsyncIterator[Clock]:
    if not settings.clock.url:
        yield SystemClock()
        return
    async with FollowedClock(settings.clock.url, session) as followed:
        yield followed


def opened_post(settings: Settings) -> Post | None:
    """The way to the mail server, if the shop has one."""
    mail = settings.mail
    if not mail.on:
        return None
    password = mail.password.get_secret_value() if mail.password else ""
    server = MailServer(mail.host, mail.port, mail.security, mail.username, password)
    return Post(server, Sender(settings.shop.name, mail.sender, mail.reply_to))


class Shop:
    """One running shop. `core` is its services."""

    def __init__(self, settings: Settings, world: Surroundings, translations: Translations) -> None:
        self._settings = settings
        self._world = world
        self._translations = translations
        self._fatal: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.core = Core(settings, world)
        self.telegram = TelegramApplication(
            _reception(settings), world.clock, self._give_up, rival=self.core.rivals.met
        )
        self._conversations = Conversations(settings, self.core, world, translations, self.telegram)
        self._workers = self._build_workers()
        self._web: WebServer | None = None

    async def start(self) -> None:
        """Connect, work, listen, and only then take updates."""
        await self.telegram.connect()
        web = self._web = self._build_web()
        await self._workers.start()
        await web.start()
        await self._conversations.start()
        log.info("shop.open", bot=self.telegram.bot.username, web_port=web.public.port)

    async def until_stopped(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set; raises what makes going on impossible."""
        waiting = asyncio.create_task(_set(stop))
        await asyncio.wait([waiting, self._fatal], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._fatal.done():
            self._fatal.result()

    async def stop(self) -> None:
        """Take nothing more, finish what was taken; what is stored goes on at the next start."""
        await self.telegram.stop()
        if self._web is not None:
            await self._web.stop()
        await self._workers.stop()
        await self.telegram.disconnect()
        log.info("shop.closed")

    def _give_up(self, error: Exception) -> None:
        if not self._fatal.done():
            self._fatal.set_exception(error)

    def _build_workers(self) -> Workers:
        core, world = self.core, self._world
        deliverer = Deliverer(world.database, world.clock, self._conversations.deliveries, core.outcomes, core.bells)
        mails = self._conversations.mails
        mail = Deliverer(world.database, world.clock, mails, core.outcomes, core.bells, Channel.MAIL)
        work = Work(
            inbox=core.inbox,
            settlement=core.settlement,
            checkout=core.checkout,
            refunds=core.refunds,
            deliverer=deliverer,
            mail=mail,
            deadlines=core.deadlines,
            sweeping=core.sweeping,
            upkeep=core.catalogue_import,
            retention=core.retention,
            waiting=core.waiting,
        )
        return Workers(work, world.clock, core.bells)

    def _build_web(self) -> WebServer:
        settings, world = self._settings, self._world
        metrics, limits = Metrics(CollectorRegistry()), Limits()
        secrets = [secret.get_secret_value() for secret in settings.stripe.webhook_secrets]
        link = settings.telegram.chat_url or f"https://t.me/{self.telegram.bot.username}"
        public = Public(
            stripe=StripeWebhook(Verifier(secrets), self.core.inbox.store, world.clock, metrics, limits),
            telegram=self._telegram_webhook(metrics, limits),
            pages=Pages(PageTexts(self._translations), self._translations.languages, link),
            media=Media(self.core.browsing.picture),
            hosts=hosts_of(settings.web.public_url),
        )
        admin = Admin(self._missing, Backlogs(world.database, world.clock).count, metrics)
        web = settings.web
        return WebServer(public, admin, Address(web.host, web.port), Address("127.0.0.1", web.admin_port), limits)

    def _telegram_webhook(self, metrics: Metrics, limits: Limits) -> TelegramWebhook | None:
        secret = self._settings.telegram.webhook_secret
        if self._settings.telegram.mode != "webhook" or secret is None:
            return None
        return TelegramWebhook(secret.get_secret_value(), self.telegram.accept, metrics, limits)

    def _missing(self) -> Sequence[str]:
        parts: dict[str, Callable[[], bool]] = {
            "workers": lambda: self._workers.running,
            "telegram": lambda: self.telegram.running,
        }
        return [name for name, runs in parts.items() if not runs()]


async def _set(stop: asyncio.Event) -> None:
    await stop.wait()


def _reception(settings: Settings) -> Reception:
    telegram = settings.telegram
    webhook = telegram.mode == "webhook"
    return Reception(
        telegram.token.get_secret_value(),
        telegram.api_url,
        settings.web.public_url.rstrip("/") + telegram_webhook.PATH if webhook else None,
        telegram.webhook_secret.get_secret_value() if telegram.webhook_secret else None,
    )


@asynccontextmanager
async def opened_shop(settings: Settings, chance: Random | None = None) -> AsyncIterator[Shop]:
    """A shop with its database, its clock and its way to Stripe, not started yet."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        clock = await stack.enter_async_context(opened_clock(settings, session))
        database = await stack.enter_async_context(opened_database(settings))
        translations = Translations(settings.shop.languages)
        gateway = Gateway(client(session, settings.stripe.secret_key.get_secret_value(), settings.stripe.api_url))
        wording = CheckoutWording(translations)
        world = Surroundings(database, clock, chance or SystemRandom(), gateway, wording, opened_post(settings))
        yield Shop(settings, world, translations)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Keep the shop open until `stop` is set, also if that is before it has opened."""
    opened = asyncio.Event()
    shop = asyncio.create_task(_keep_open(settings, stop, opened))
    asked = asyncio.create_task(_set(stop))
    await asyncio.wait([shop, asked], return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not opened.is_set():
        shop.cancel()
    with suppress(asyncio.CancelledError):
        await shop


async def _keep_open(settings: Settings, stop: asyncio.Event, opened: asyncio.Event) -> None:
    async with opened_shop(settings) as shop:
        try:
            await shop.start()
            opened.set()
            await shop.until_stopped(stop)
        finally:
            await shop.stop()


@dataclass(frozen=True)
class WhoAmI:
    """What Telegram says to our token: a name, or why there is none."""

    username: str | None
    why: str = ""


async def whoami(settings: Settings) -> WhoAmI:
    telegram = TelegramApplication(_reception(settings), SystemClock(), lambda _: None)
    try:
        await telegram.connect()
    except NotConnected as refused:
        return WhoAmI(None, str(refused))
    try:
        return WhoAmI(telegram.bot.username)
    finally:
        await telegram.disconnect()
