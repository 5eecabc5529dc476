"""The whole ticket window in one process: real services and handlers between the simulated Telegram and Stripe.

async with open_counter(world) as counter:            # or the fixture `counter` of tests/handlers/conftest.py
    await counter.say(ADA, "/start")
    await counter.press(ADA, "🥾 Walks")              # a button of the newest message that has it
    counter.screen(ADA).text                          # the newest message, as Ada sees it
    counter.alerts(ADA)                               # what taps were answered, oldest first
    await counter.work()                              # orders, links, deliveries: everything that is due
    counter.calls("editMessageMedia")                 # how often the bot called a method
Ada (1001) is `world.shop.customer_id` and reads English; Blaise (1002) reads French.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random
from typing import IO

import orjson
from sqlalchemy import insert, update
from telegram import Update
from telegram.ext import ApplicationBuilder, ExtBot
from telegram.request import BaseRequest, RequestData

from bot.domain.effects import Notice
from bot.domain.ids import OrderId, ResourceId
from bot.domain.outbox import Channel, OutboxMessage, Undeliverable, Unsure
from bot.mail.letters import Letter
from bot.mail.post import Ambiguous
from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.views import MessageView, Proposed
from bot.sandbox.telegram.wire import Upload
from bot.services.bookings import Bookings
from bot.services.browsing import Browsing
from bot.services.customers import Customers
from bot.services.delivery import Deliverer
from bot.services.privacy import Privacy
from bot.services.receipts import Receipts
from bot.services.reviews import COMMENT, LOW_MARK
from bot.services.searching import Searching
from handlers import taps
from handlers.cancelled_files import CancelledFiles
from handlers.context import Desk, House
from handlers.conversation import Conversation
from handlers.deliveries import Deliveries
from handlers.last_calls import LastCalls
from handlers.mails import MailRoom, Mails
from handlers.messenger import Messenger
from handlers.moved_tickets import MovedTickets
from handlers.pictures import Pictures
from handlers.presenter import Presenter
from handlers.readers import Readers
from handlers.registration import customer_handlers, when_it_fails
from handlers.reminders import ReminderRenderers
from handlers.screens import Message
from handlers.texts import Translations
from handlers.waiting_notices import WaitingRenderers
from storage import schema
from storage.database import Connection, Database
from tests.builders import ZONE
from tests.canaries import BOT_TOKEN as TOKEN
from tests.world import CANCELLATION, STAFF_CHAT, World

ADA, BLAISE = 1001, 1002
BANNER, PHOTO = 1, 2
STAFF_KINDS = (
    Notice.STAFF_SALE,
    Notice.STAFF_REFUND,
    Notice.STAFF_CANCELLED,
    Notice.STAFF_MOVED,
    "attention",
    COMMENT,
    LOW_MARK,
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x04\x00\x00\x00\x03\x08\x02\x00\x00\x00"
HOUSE = House(ZONE, 15, "help@lac.example", "https://lac.example/terms", "https://lac.example/privacy")


class Wire(BaseRequest):
    """Hands the library's calls to the simulated Telegram.

    Per method, `refused` holds answers that come instead, `retry_after` seconds to wait.
    """

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.refused: dict[str, list[tuple[int, str]]] = {}
        self.retry_after: dict[str, int] = {}
        self.made: list[str] = []

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        self.made.append(name)
        await asyncio.sleep(0)
        if name in self.retry_after:
            return 429, _failed(429, "Too Many Requests", {"retry_after": self.retry_after.pop(name)})
        if self.refused.get(name):
            status, description = self.refused[name].pop(0)
            return status, _failed(status, description)
        params = dict(request_data.json_parameters) if request_data else {}
        uploads = (request_data.multipart_data if request_data else None) or {}
        files = {key: Upload(file[0], _bytes(file[1]), file[2]) for key, file in uploads.items()}
        reply = self.telegram.call(TOKEN, name, params, files)
        return reply.status, orjson.dumps(reply.body)


class FakePost:
    """A mail server that keeps what it gets; `answers` are raised instead, one per letter and in turn (None: taken)."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Letter]] = []
        self.tried: list[str] = []
        self.answers: list[Exception | None] = []

    async def send(self, letter: Letter, name: str, now: datetime) -> None:
        self.tried.append(name)
        answer = self.answers.pop(0) if self.answers else None
        if not isinstance(answer, Undeliverable | Unsure) or isinstance(answer, Ambiguous):
            self.taken.append((name, letter))
        if answer is not None:
            raise answer

    @property
    def letters(self) -> list[Letter]:
        return [letter for _, letter in self.taken]


async def plainly(message: OutboxMessage) -> Message:
    """What staff are told is none of the customers' business."""
    return Message(message.kind)


class Counter:
    def __init__(self, world: World, telegram: Telegram) -> None:
        self.world, self.telegram, self.wire = world, telegram, Wire(telegram)
        self.application = ApplicationBuilder().bot(self._bot()).updater(None).job_queue(None).build()
        self.asked, self.post = "", FakePost()
        self.slow: list[Coroutine[object, object, None]] = []
        self.desk = self._desk()
        self.conversation = Conversation(self.desk, self.slow.append)

    def _bot(self) -> ExtBot[None]:
        return ExtBot(TOKEN, request=self.wire, get_updates_request=self.wire)

    def _desk(self) -> Desk:
        world, translations = self.world, Translations(("en", "fr"))
        browsing = Browsing(world.database, world.clock, "EUR", CANCELLATION)
        bookings = Bookings(world.database, world.clock)
        self.pictures = Pictures(browsing, bookings)
        customers = Customers(world.database, world.clock, translations.languages)
        messenger, readers = Messenger(self.application.bot, self.pictures), Readers(customers, translations)
        self.deliveries = Deliveries(
            messenger,
            world.ordering,
            bookings,
            browsing,
            readers,
            {
                **dict.fromkeys(STAFF_KINDS, plainly),
                **ReminderRenderers(world.reminders, customers, translations, world.clock).by_kind,
                **WaitingRenderers(world.waiting, readers).by_kind,
            },
            {
                **LastCalls(messenger, world.ordering, readers, world.clock).by_kind,
                **CancelledFiles(messenger, world.reminders, customers, translations, world.clock).by_kind,
                **MovedTickets(messenger, world.ordering, bookings, browsing, readers).by_kind,
            },
        )
        room = MailRoom(
            world.ordering,
            bookings,
            browsing,
            self.pictures,
            translations,
            world.clock,
            HOUSE.support,
            chat=lambda: f"https://t.me/{self.telegram.username}",
            bot_name=lambda: self.telegram.username,
        )
        self.mails = Mails(self.post, room)
        world.mailer = Deliverer(world.database, world.clock, self.mails, world.outcomes, world.bells, Channel.MAIL)
        world.deliverer = Deliverer(world.database, world.clock, self.deliveries, world.outcomes, world.bells)
        return Desk(
            browsing=browsing,
            searching=Searching(world.database, world.clock, "EUR"),
            customers=customers,
            bookings=bookings,
            cancelling=world.cancelling,
            moving=world.moving,
            ordering=world.ordering,
            checkout=world.checkout,
            privacy=Privacy(world.database, world.clock, ()),
            reviews=world.reviews,
            baskets=world.baskets,
            questions=world.questions,
            receipts=Receipts(world.database, world.gateway),
            waiting=world.waiting,
            open_orders=world.open_orders,
            presenter=Presenter(self.pictures),
            translations=translations,
            house=HOUSE,
            clock=world.clock,
            chance=Random(11),
        )

    # What people do

    async def say(self, user: int, text: str) -> None:
        self.telegram.say(user, text)
        await self.turn()

    async def press(self, user: int, text: str, message_id: int | None = None) -> None:
        """Tap the button whose label begins so, on the newest message that has one."""
        found, label = self._find(user, text, message_id)
        self.telegram.press(user, found.id, text=label)
        await self._answered(user)

    async def ask(self, user: int, query: str, offset: str = "") -> Proposed:
        """What the bot proposes to whoever writes its name and these words in any chat."""
        asked = self.telegram.ask_inline(user, query, offset=offset)
        await self.turn()
        proposed = self.telegram.proposed(user, asked.query_id)
        assert proposed is not None, "every inline query is answered"
        self.asked = asked.query_id
        return proposed

    async def forge(self, user: int, data: str, message_id: int | None = None) -> None:
        """Tap a button that is not there."""
        self.telegram.press_forged(user, message_id or self.screen(user).id, data)
        await self._answered(user)

    async def _answered(self, user: int) -> None:
        await self.turn()
        assert not self.telegram.unanswered(user), "every tap is answered"

    def _find(self, user: int, text: str, message_id: int | None) -> tuple[MessageView, str]:
        for message in reversed(self.messages(user)):
            for label in self.labels(message):
                if label.startswith(text) and message_id in {None, message.id}:
                    return message, label
        there = [self.labels(message) for message in self.messages(user)]
        raise AssertionError(f"no button {text!r} among {there}")

    # What the program does

    async def turn(self) -> None:
        """Every update that waits finds its handler, and what was left for later is done."""
        while (waiting := self.telegram.next_update()) is not None:
            self.telegram.delivered(waiting)
            update = Update.de_json(dict(waiting.as_json()), self.application.bot)
            await taps.answer_early(update)
            await self.application.process_update(update)
        while self.slow:
            await self.slow.pop(0)

    async def work(self) -> None:
        """All that is due: links, settlement, messages. Telegram's rate is waited for."""
        for _ in range(8):
            await self.world.work()
            await self.world.advance(seconds=2)

    async def orders(self) -> list[OrderId]:
        return [OrderId(int(str(row._mapping["id"]))) for row in await self.world.rows(schema.orders)]

    async def pay(self, card: str = "success") -> None:
        """The newest order is paid on Stripe's page, and what follows from it is done."""
        await self.world.pay((await self.orders())[-1], card)
        await self.world.deliver_webhooks()
        await self.work()

    # What is seen

    def messages(self, user: int) -> list[MessageView]:
        """What the bot has written and is still there, oldest first."""
        return [message for message in self.telegram.messages(user) if message.from_bot]

    def screen(self, user: int) -> MessageView:
        return self.messages(user)[-1]

    def labels(self, message: MessageView) -> list[str]:
        return [button.text for row in message.keyboard for button in row]

    def alerts(self, user: int) -> list[str]:
        return [notice.text for notice in self.telegram.notices(user) if notice.show_alert]

    def calls(self, *methods: str) -> int:
        return sum(made in methods for made in self.wire.made)


def _failed(status: int, description: str, parameters: Mapping[str, int] | None = None) -> bytes:
    body = {"ok": False, "error_code": status, "description": description}
    return orjson.dumps(body | ({"parameters": parameters} if parameters else {}))


def _bytes(content: bytes | IO[bytes]) -> bytes:
    return content if isinstance(content, bytes) else content.read()


async def _pictures(database: Database, event_id: ResourceId) -> None:
    """The shop has a banner, the event a photo."""
    png = {"content_type": "image/png", "content": PNG}

    async def add(connection: Connection) -> None:
        await connection.execute(insert(schema.media).values(id=BANNER, digest="banner", **png))
        await connection.execute(insert(schema.media).values(id=PHOTO, digest="photo", **png))
        await connection.execute(update(schema.shop).values(banner_id=BANNER))
        event = schema.resource.c.id == event_id
        await connection.execute(update(schema.resource).where(event).values(photo_id=PHOTO))

    await database.run(add)


@asynccontextmanager
async def open_counter(world: World) -> AsyncIterator[Counter]:
    await _pictures(world.database, world.shop.event.id)
    telegram = Telegram(world.clock.now, token=TOKEN)
    telegram.add_user(ADA, "Ada", "en")
    telegram.add_user(BLAISE, "Blaise", "fr")
    telegram.add_group(STAFF_CHAT, "Alerts")
    counter = Counter(world, telegram)
    counter.application.add_handlers(customer_handlers(counter.conversation))
    counter.application.add_error_handler(when_it_fails(counter.desk.customers))
    async with counter.application:
        yield counter
