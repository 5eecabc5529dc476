"""One run's world, database and shop: the shop dies and is started again, the world goes on."""

import asyncio
import shutil
import signal
import socket
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import TypeVar

from bot.config import Settings, load
from bot.sandbox.server import serve
from bot.sandbox.stripe.deliveries import Mode
from bot.sandbox.world import Person, World
from tests.crash.plan import Plan
from tests.crash.process import Victim
from tests.database import sqlite_url
from tests.sandbox.world.client import PIXEL
from tests.simulation.disk import Disk
from tests.simulation.house import House
from tests.simulation.trace import Trace

Found = TypeVar("Found")
PATIENCE, AFTERWARDS = 2.5, 1.0  # real seconds, of a shop that runs: before and after it has been killed
PAUSE = 0.01  # real seconds between two looks
FASTER = (4, timedelta(seconds=1))  # after so many looks the world's clock moves on by so much
BACK_AGAIN = 0.4  # real seconds, after which a customer taps again when the shop was away
STOPS_WITHIN = 10.0
CUSTOMERS = tuple(Person(1001 + each, f"Customer {each}", "fr" if each % 2 else "en") for each in range(6))
STAFF = Person(9001, "Noé", "en", "staff")
DATABASE = "guichet.db"
CATALOGUE = Path(__file__).parents[1] / "journeys" / "catalogue.toml"
FIRST_DAY = datetime(2030, 6, 3, 8, tzinfo=UTC)
SHOP = """[shop]
name = "Lac & Sentiers"
currency = "EUR"
timezone = "Europe/Paris"
languages = ["en", "fr"]
support = "bonjour@lac.example"
max_open_orders = 3
"""
STORED = "SELECT event_id FROM inbox"


class Books(Disk):
    """The database file, as a second process may read it."""

    def __init__(self, file: Path) -> None:
        self.raw = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        self.raw.close()


class Premises(House):
    """What the simulation's checks look at, without the simulated life in it."""

    def __init__(self, world: World, disk: Disk) -> None:
        self.world, self.disk, self.trace = world, disk, Trace()
        self.deaths = 0
        self.ever_blocked: set[int] = set()
        self.strange: set[str] = set()
        self.forged: set[str] = set()
        self.confirmed: defaultdict[str, set[int]] = defaultdict(set)


@dataclass(frozen=True)
class Script:
    """What the lives of the shop are told, the first life first; those after them are told nothing."""

    plans: tuple[Plan, ...] = ()
    pause: timedelta = timedelta()
    mode: Mode = Mode.NORMAL


class Scene:
    """`house` is what is checked at the end; `broken` is what was found on the way."""

    def __init__(
        self, source: ForkServerContext, world: World, folder: Path, settings: Settings, script: Script
    ) -> None:
        self._source, self._folder, self.settings, self._script = source, folder, settings, script
        self.world = world
        self.house = Premises(world, Books(folder / DATABASE))
        self.broken: list[str] = []
        self.lives: list[Victim] = []
        self._up = asyncio.Event()

    # The shop

    @property
    def config(self) -> str:
        return str(self._folder / "config.toml")

    @property
    def fired(self) -> bool:
        """Every plan has ended the life that was told it."""
        plans = self._script.plans
        return len(self.lives) > len(plans) and all(life.fired for life in self.lives[: len(plans)])

    @property
    def intact(self) -> bool:
        """The shop has not ended yet."""
        return len(self.lives) < 2

    @property
    def up(self) -> bool:
        return self._up.is_set()

    async def keep_open(self) -> None:
        """Start the shop, and again whenever it has ended."""
        while True:
            number = len(self.lives)
            plan = self._script.plans[number] if number < len(self._script.plans) else Plan()
            life = self.start(plan, "run", "--config", self.config)
            opening = asyncio.create_task(self._opened(life))
            code = await life.end()
            self._up.clear()
            opening.cancel()
            await self._ended(life, plan, code)

    def start(self, plan: Plan, *words: str) -> Victim:
        life = Victim(self._source, plan, words, self._folder / f"life{len(self.lives)}.log")
        self.lives.append(life)
        return life

    async def _opened(self, life: Victim) -> None:
        await _until(lambda: "shop.open" in life.output)
        self._up.set()
        if signal.SIGTERM in {plan.number for plan in self._script.plans}:
            await self._ends_in_time(life)

    async def _ends_in_time(self, life: Victim) -> None:
        """A shop that is told to stop ends soon."""
        await _until(lambda: life.fired)
        await asyncio.sleep(STOPS_WITHIN)
        self.broken.append("told to stop, and still there after ten seconds")
        life.kill()

    async def _ended(self, life: Victim, plan: Plan, code: int) -> None:
        wanted = -signal.SIGKILL if plan.number == signal.SIGKILL else 0
        if not life.fired or code != wanted:
            self.broken.append(f"the shop ended by itself with {code}: {life.output[-2000:]}")
            await asyncio.sleep(1)
        if code != 0:
            self.house.deaths += 1
        await asyncio.sleep(PAUSE)
        self.broken.extend(self.unstored())
        self.world.advance(self._script.pause)

    def unstored(self) -> list[str]:
        """Events that were acknowledged and are not there."""
        stored = {row[0] for row in self.house.disk.rows(STORED)}
        known = {each.event_id for each in self.world.stripe.deliveries.log() if each.status == 200}
        return [f"event {each[-6:]} is acknowledged and not stored" for each in sorted(known - stored)]

    # Time

    async def shown(self, look: Callable[[], Found | None]) -> Found | None:
        """What `look` finds, as soon as it does; None when a shop that runs has not shown it for a while."""
        until, number = time.monotonic() + (PATIENCE if self.intact else AFTERWARDS), 0
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            await asyncio.sleep(PAUSE)
            number += 1
            if number % FASTER[0] == 0:
                self.world.advance(FASTER[1])
            if not self.up:
                await self._up.wait()
                until = time.monotonic() + BACK_AGAIN
        return None

    async def advance(self, **by: float) -> None:
        """Let time pass at once, and the shop do what falls due with it."""
        await self._up.wait()
        self.world.advance(timedelta(**by))
        calm = 0
        before = self._doings()
        for _ in range(400):
            await asyncio.sleep(PAUSE)
            now = self._doings()
            calm = calm + 1 if now == before and self.up else 0
            before = now
            if calm > 5:
                return

    def _doings(self) -> tuple[int, int, object]:
        ((version,),) = self.house.disk.rows("PRAGMA data_version")
        return len(self.world.telegram.journal), len(list(self.world.stripe.journal.calls())), version

    def close(self) -> None:
        for life in self.lives:
            life.close()


@asynccontextmanager
async def opened(
    source: ForkServerContext, folder: Path, stocked: Path | None, script: Script, seed: int
) -> AsyncIterator[Scene]:
    """A world with a shop that is still closed; without `stocked` its database is empty."""
    world = World(cast=(*CUSTOMERS, STAFF), seed=str(seed))
    world.clock.advance(FIRST_DAY - world.clock.now())
    world.stripe.deliveries.mode = script.mode
    served = await serve(world)
    try:
        web_url = f"http://127.0.0.1:{_free_port()}"
        world.register_webhook(web_url)
        settings = _settings(folder, world.settings(served.url, web_url, 0))
        if stocked is not None:
            shutil.copy(stocked, folder / DATABASE)
        else:
            (folder / DATABASE).touch(0o600)
        scene = Scene(source, world, folder, settings, script)
        try:
            yield scene
        finally:
            scene.close()
    finally:
        await served.close()


async def _until(true: Callable[[], bool]) -> None:
    while True:
        if true():
            return
        await asyncio.sleep(PAUSE)


def _settings(folder: Path, tables: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(f'{SHOP}\n[storage]\nurl = "{sqlite_url(folder / DATABASE)}"\n\n{tables}', encoding="utf-8")
    file.chmod(0o600)
    (folder / CATALOGUE.name).write_bytes(CATALOGUE.read_bytes())
    (folder / "banner.png").write_bytes(PIXEL)
    return load(file, {})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
