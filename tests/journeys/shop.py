"""The whole application in one process with the simulated world, over real HTTP on loopback.

The fixture `shop` (conftest.py) is such a shop on a fresh database with the journeys' catalogue:
    await shop.alice.says("/start"); await shop.alice.presses("🥾"); await shop.alice.sees("Walks")
    await shop.advance(minutes=31)                    # the world's clock, and with it the application's
    await shop.fault("stripe", "error", "/v1/checkout/sessions", status=503, times=None)
    await shop.rows(schema.orders)                    # what the database says
`eventually` looks again and again and lets the world's time run faster meanwhile, so that waiting for a
rate limit or a backoff costs nothing; `at_own_pace` keeps the world's clock at the pace of the real one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import aiohttp
from sqlalchemy import Table, select

from bot import importing
from bot.app import Shop as Application
from bot.app import opened_shop
from bot.config import Settings, load
from bot.sandbox.server import serve
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.telegram.model import Telegram
from bot.sandbox.world import TEAM_CHAT, World
from bot.sandbox.world import Person as Someone
from storage import schema
from tests.journeys.people import Person
from tests.oracles import stripe as stripe_oracle
from tests.oracles import telegram as telegram_oracle
from tests.sandbox.world.client import PIXEL, Sandbox

FIRST_DAY = datetime(2030, 6, 3, 8, tzinfo=UTC)
"""When the journeys begin: a Monday, 10:00 in Paris."""
PUBLIC_URL = "http://127.0.0.1:9"
"""Where customers would find the web server; it listens on any port that is free."""
PATIENCE = 20.0  # real seconds
PAUSE = 0.005  # real seconds between two looks
FASTER = (10, timedelta(seconds=1))  # after so many looks the world's clock moves on by so much
CATALOGUE = Path(__file__).with_name("catalogue.toml")
SHOP = """[shop]
name = "Lac & Sentiers"
currency = "EUR"
timezone = "Europe/Paris"
languages = ["en", "fr"]
support = "bonjour@lac.example"
max_open_orders = 3
"""
Found = TypeVar("Found")
AnyRow = Mapping[str, object]


class Shop:
    """A running shop and its world."""

    def __init__(self, sandbox: Sandbox, application: Application) -> None:
        self.sandbox, self.application = sandbox, application
        self.alice, self.camille, self.noe = (Person(self, user) for user in (1001, 1002, 9001))
        self.team = Person(self, 9001, TEAM_CHAT)
        self._own_pace = False

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def telegram(self) -> Telegram:
        return self.world.telegram

    @property
    def stripe(self) -> Stripe:
        return self.world.stripe

    @property
    def web_url(self) -> str:
        """Where the shop's own web server listens."""
        assert self.application._web is not None
        return f"http://127.0.0.1:{self.application._web.public.port}"

    def newcomer(self, number: int, language: str = "en", name: str = "") -> Person:
        """One more customer."""
        self.world.add_person(Someone(20_000 + number, name or f"Customer {number}", language))
        return Person(self, 20_000 + number)

    # Time

    async def advance(self, **by: float) -> None:
        """Move the world's clock, and wait until the application has followed."""
        self.world.advance(timedelta(**by))
        clock, near = self.application.core.inbox._clock, timedelta(seconds=0.5)
        with self.at_own_pace():
            await self.eventually(
                lambda: abs(clock.now() - self.world.clock.now()) < near or None, lambda: "the application's clock"
            )

    @contextmanager
    def at_own_pace(self) -> Iterator[None]:
        """Waiting does not make the world's time run faster."""
        before, self._own_pace = self._own_pace, True
        yield
        self._own_pace = before

    async def eventually(self, look: Callable[[], Found | None], wanted: Callable[[], str]) -> Found:
        """What `look` finds, as soon as it finds something; AssertionError with `wanted` when patience ends."""
        for number in range(round(PATIENCE / PAUSE)):
            found = look()
            if found is not None and found is not False:
                return found
            await asyncio.sleep(PAUSE)
            if number % FASTER[0] == FASTER[0] - 1 and not self._own_pace:
                self.world.advance(FASTER[1])
        raise AssertionError(f"waited in vain for {wanted()}")

    async def attended(self) -> None:
        """Every update that people have caused is dealt with; what workers do may follow later."""
        calm = 0
        async with asyncio.timeout(PATIENCE):
            while calm < 3:
                calm = 0 if self._busy() else calm + 1
                await asyncio.sleep(0.002)

    def _busy(self) -> bool:
        library = self.application.telegram._application
        lanes = getattr(library.update_processor, "users", 0)
        return bool(self.telegram.pending or library.update_queue.qsize() or lanes)

    # What goes wrong

    async def fault(self, service: str, kind: str, operation: str = "", **more: object) -> None:
        await self.sandbox.post("faults", {"service": service, "kind": kind, "operation": operation, **more})

    async def heal(self) -> None:
        """Nothing goes wrong from now on."""
        await self.sandbox.ask("DELETE", "faults")

    async def webhooks(self, mode: str) -> None:
        await self.sandbox.post("webhooks", {"mode": mode})

    # What is then

    async def rows(self, table: Table) -> list[AnyRow]:
        database = self.application._world.database
        async with database.read() as connection:
            first, *_ = table.primary_key.columns
            found = await connection.execute(select(table).order_by(first))
            return [{str(name): value for name, value in row._mapping.items()} for row in found]

    async def order(self) -> AnyRow:
        """The newest order."""
        return (await self.rows(schema.orders))[-1]

    async def taken(self) -> int:
        """Units of all inventories that are held or sold."""
        return sum(int(str(row["taken"])) for row in await self.rows(schema.inventory))

    async def becomes(self, state: str) -> None:
        """The newest order comes to that state."""
        await self.until(schema.orders, lambda rows: bool(rows) and rows[-1]["state"] == state, f"the state {state}")

    async def until(self, table: Table, fits: Callable[[Sequence[AnyRow]], bool], wanted: str) -> list[AnyRow]:
        """The rows of a table, as soon as they fit."""
        for number in range(round(PATIENCE / PAUSE / 4)):
            found = await self.rows(table)
            if fits(found):
                return found
            await asyncio.sleep(4 * PAUSE)
            if number % 3 == 2 and not self._own_pace:
                self.world.advance(FASTER[1])
        raise AssertionError(f"waited in vain for {wanted}: {[dict(row) for row in found]}")


@asynccontextmanager
async def served_world() -> AsyncIterator[Sandbox]:
    """A world that stands at FIRST_DAY."""
    world = World()
    world.clock.advance(FIRST_DAY - world.clock.now())
    served = await serve(world)
    try:
        async with aiohttp.ClientSession() as session:
            yield Sandbox(served, session)
    finally:
        await served.close()


def settings_for(sandbox: Sandbox, database_url: str, folder: Path, environ: Mapping[str, str]) -> Settings:
    """The settings as the sandbox hands them out, read from a file like anybody's."""
    base = sandbox.served.url
    file = folder / "config.toml"
    text = f'{SHOP}\n[storage]\nurl = "{database_url}"\n\n' + sandbox.world.settings(base, PUBLIC_URL, 0)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return load(file, {"GUICHET_WEB__PORT": "0", **environ})


async def stock(database_url: str, folder: Path) -> None:
    """Bring a database to today's form and fill it with the journeys' catalogue."""
    file = folder / CATALOGUE.name
    file.write_bytes(CATALOGUE.read_bytes())
    (folder / "banner.png").write_bytes(PIXEL)
    async with served_world() as sandbox:
        settings = settings_for(sandbox, database_url, folder, {})
        await importing.take(settings, file, lambda _: True)


@asynccontextmanager
async def open_shop(database_url: str, folder: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Shop]:
    """A shop that is open; at the end every call that it made is held against independent descriptions."""
    async with served_world() as sandbox:
        settings = settings_for(sandbox, database_url, folder, environ or {})
        async with opened_shop(settings, Random(5)) as application:
            try:
                await application.start()
                shop = Shop(sandbox, application)
                sandbox.world.register_webhook(shop.web_url)
                yield shop
            finally:
                await application.stop()
    check_calls(sandbox.world)


def check_calls(world: World) -> None:
    """Every call that was made, in the words of Telegram and of Stripe."""
    for entry in world.telegram.journal:
        telegram_oracle.check(entry)
    for call in world.stripe.journal.calls():
        stripe_oracle.check(call)
