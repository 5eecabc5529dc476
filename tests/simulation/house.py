"""The application as it is composed in one life, and the supervisor that starts it again whenever it dies."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from random import Random

from prometheus_client import CollectorRegistry
from telegram.error import TelegramError

from bot.app import _reception
from bot.conversation import Conversations
from bot.core import Core, Surroundings
from bot.domain.errors import GuichetError
from bot.domain.outbox import Channel
from bot.mail.letters import Letter
from bot.metrics import Metrics
from bot.payments.events import NotFromStripe, Verifier
from bot.sandbox.stripe.deliveries import Dispatch
from bot.sandbox.world import World
from bot.services.delivery import Deliverer
from bot.web.limits import Limits
from bot.web.stripe_webhook import StripeWebhook
from bot.workers import Work, Workers
from handlers.application import TelegramApplication
from handlers.wording import CheckoutWording
from tests.simulation.clock import SimulatedClock
from tests.simulation.disk import Disk
from tests.simulation.loop import LIFE, Life
from tests.simulation.mail_line import MailLine
from tests.simulation.phone_line import Effect, PhoneLine
from tests.simulation.till_line import TillLine
from tests.simulation.trace import Trace
from tests.simulation.weather import Death, Interruptions, Weather
from tests.simulation.workshop import BASE, Workshop

Committed = Callable[[], None]


class Application:
    """Everything of the shop that is made anew in each life, put together as in `bot.app`."""

    def __init__(self, workshop: Workshop, house: "House", chance: Random) -> None:
        settings, translations, world = workshop.settings, workshop.translations, house.world
        lines = [PhoneLine(world.telegram, house.weather, house, house.effect) for _ in range(2)]
        self.poll_line = lines[1]
        till = TillLine(world.stripe, house.weather, house, house.trace)
        gateway = till.gateway(settings.stripe.secret_key.get_secret_value(), f"{BASE}/stripe")
        self.database = workshop.database(house.disk)
        mail = MailLine(house.weather, house, house.trace, house.letters, house.readers)
        surroundings = Surroundings(self.database, house.clock, chance, gateway, CheckoutWording(translations), mail)
        self.core = core = Core(settings, surroundings)
        self.telegram = TelegramApplication(
            _reception(settings), house.clock, lambda error: house.die(f"gave way: {error}"), (lines[0], lines[1])
        )
        self._conversations = Conversations(settings, core, surroundings, translations, self.telegram)
        said, bells = self._conversations, core.bells
        deliverer = Deliverer(self.database, house.clock, said.deliveries, core.outcomes, bells)
        work = Work(
            inbox=core.inbox,
            settlement=core.settlement,
            checkout=core.checkout,
            refunds=core.refunds,
            deliverer=deliverer,
            deadlines=core.deadlines,
            sweeping=core.sweeping,
            upkeep=core.catalogue_import,
            retention=core.retention,
            mail=Deliverer(self.database, house.clock, said.mails, core.outcomes, bells, Channel.MAIL),
            waiting=core.waiting,
        )
        self._workers = Workers(work, house.clock, core.bells)
        secrets = [secret.get_secret_value() for secret in settings.stripe.webhook_secrets]
        self._clock = house.clock
        self._verifier = Verifier(secrets)
        self._webhook = StripeWebhook(
            self._verifier, core.inbox.store, house.clock, Metrics(CollectorRegistry()), Limits()
        )

    async def start(self) -> None:
        await self.telegram.connect()
        await self._workers.start()
        await self._conversations.start()

    async def stop(self) -> None:
        await self.telegram.stop()
        await self._workers.stop()
        await self.telegram.disconnect()

    async def webhook(self, body: bytes, signature: str) -> int:
        """The status with which our web server answers an event."""
        try:
            event = self._verifier.verify(body, signature, self._clock.now())
        except NotFromStripe:
            return 400
        return 200 if await self._webhook._stored(event) else 503


class House(Death):
    """Where the application lives: its disk and clock stay, the application comes and goes."""

    def __init__(self, workshop: Workshop, world: World, weather: Weather, trace: Trace, seed: int) -> None:
        self.world, self.weather, self.trace = world, weather, trace
        self.clock, self.disk = SimulatedClock(), Disk(workshop.stocked)
        self.on_commit: list[Committed] = []
        self.effect: Effect = lambda *_: None
        self.deaths = 0
        self.failed_transactions = 0
        self.application: Application | None = None
        self.lives: list[Life] = []
        self._workshop, self._seed = workshop, seed
        self._chance = Random(f"{seed} house")
        self._died = asyncio.Event()
        self._pending: dict[int, asyncio.Future[int | None]] = {}
        self._calls = 0
        self._context: Context | None = None
        self.up, self.healed = asyncio.Event(), asyncio.Event()
        self.ever_blocked: set[int] = set()
        self.strange: set[str] = set()
        self.forged: set[str] = set()
        self.confirmed: defaultdict[str, set[int]] = defaultdict(set)
        self.gathered: dict[str, int] = {}
        self.given_up: set[tuple[int, int, int]] = set()
        self.joined: set[tuple[object, object]] = set()
        self.left: set[tuple[object, object]] = set()
        self.moved: set[tuple[object, object, object]] = set()
        self.been: set[tuple[object, object]] = set()
        self.marked: set[tuple[int, int]] = set()
        self.letters: Counter[str] = Counter()
        self.readers: dict[str, Letter] = {}
        world.telegram.listen(self._telegram_changed)

    # Living and dying

    async def keep_alive(self) -> None:
        """Start the application, and again after each death."""
        while True:
            self._begin()
            await self._died.wait()
            self._died.clear()
            await self._down(self._chance.choice((0.2, 2.0, 30.0, 150.0, 3000.0)))

    async def _down(self, pause: float) -> None:
        """Nobody starts it again for a while, except that all is well again."""
        try:
            async with asyncio.timeout(pause):
                await self.healed.wait()
        except TimeoutError:
            return

    def die(self, where: str) -> None:
        """The process is gone, in the middle of whatever it was doing."""
        life = self.lives[-1]
        if not life.alive:
            return
        life.alive = False
        self.deaths += 1
        self.trace.note(f"application dies: {where}")
        self.up.clear()
        self.application = None
        self.disk.cut_off()
        for answer in self._pending.values():
            if not answer.done():
                answer.set_result(None)
        self._died.set()

    async def here(self, where: str) -> None:
        self.die(where)
        await asyncio.get_running_loop().create_future()

    async def restart(self) -> None:
        """Stop as on SIGTERM, and start again."""
        application, life = self.application, self.lives[-1]
        if application is not None:
            done = self.within(application.stop())
            try:
                await asyncio.wait([done], timeout=30)
            finally:
                if life is self.lives[-1]:
                    self.die("stopped")

    def committed(self) -> None:
        for look in self.on_commit:
            look()

    # What the world does with it

    def within(self, work: Coroutine[object, object, object]) -> asyncio.Future[int | None]:
        """Run something in the application's life; None if it dies before the end, or fails."""
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._calls += 1
        number = self._calls
        self._pending[number] = answer

        async def run() -> None:
            try:
                result = await work
                value = result if isinstance(result, int) else 0
            except (GuichetError, asyncio.CancelledError):
                value = None
            self._pending.pop(number, None)
            if not answer.done():
                answer.set_result(value)

        asyncio.get_running_loop().create_task(run(), context=self._context)
        return answer

    async def deliver(self, dispatch: Dispatch, body: bytes) -> int | None:
        """Post an event to the shop's web server; None: no answer."""
        application = self.application
        if application is None or not self.up.is_set():
            return None
        return await self.within(application.webhook(body, dispatch.headers["Stripe-Signature"]))

    async def deliver_and_hang_up(self, dispatch: Dispatch, body: bytes) -> None:
        """Post an event and leave before the answer."""
        application = self.application
        if application is None or not self.up.is_set():
            return
        task = asyncio.get_running_loop().create_task(
            application.webhook(body, dispatch.headers["Stripe-Signature"]), context=self._context
        )
        await asyncio.sleep(self.weather.chance("webhook").uniform(0, 0.004))
        task.cancel()

    def bury(self) -> None:
        """Forget the application of the last life."""
        self.application = None
        self._context = None
        self.on_commit.clear()
        self._pending.clear()

    # Inside

    def _begin(self) -> None:
        life = Life(len(self.lives) + 1)
        self.lives.append(life)
        self.trace.note(f"application starts, life {life.number}")
        self._context = copy_context()
        self._context.run(LIFE.set, life)
        self._context.run(self._compose, life)

    def _compose(self, life: Life) -> None:
        self.interruptions = Interruptions(self.weather, self)
        self.disk.trouble = self.interruptions
        self.application = Application(self._workshop, self, Random(f"{self._seed} chance {life.number}"))
        asyncio.get_running_loop().create_task(self._start(self.application))

    async def _start(self, application: Application) -> None:
        try:
            await application.start()
        except (TelegramError, GuichetError) as error:
            await self.here(f"start failed: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must end and say so
            self.trace.violate(f"the start fails: {error!r}")
            await self.here("start failed")
        self.trace.note("application is open")
        self.up.set()

    def _telegram_changed(self) -> None:
        if self.application is not None:
            self.application.poll_line.world_changed.set()
