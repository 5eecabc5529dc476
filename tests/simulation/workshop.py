"""What every run of one process shares because making it takes long: settings, texts, the engine, a stocked shop."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.config import Settings, load
from bot.sandbox.world import World
from bot.services.catalogue_import import CatalogueImport
from handlers.texts import Translations
from storage.database import Database
from storage.schema import metadata
from tests.sandbox.world.client import PIXEL
from tests.simulation.clock import SimulatedClock
from tests.simulation.disk import Disk
from tests.simulation.engine import LoopEngine, Press
from tests.simulation.loop import VirtualLoop

CATALOGUE = Path(__file__).with_name("catalogue.toml")
BASE = "http://127.0.0.1:8800"
SHOP = """[shop]
name = "Lac & Sentiers"
currency = "EUR"
timezone = "Europe/Paris"
languages = ["en", "fr"]
support = "bonjour@lac.example"
max_open_orders = 3
offer_minutes = 20
[storage]
url = "sqlite+aiosqlite:///simulated.db"
"""


@dataclass(frozen=True)
class Workshop:
    """`stocked`: a database with the catalogue and nothing else."""

    settings: Settings
    translations: Translations
    press: Press
    stocked: bytes

    def database(self, disk: Disk) -> Database:
        """The disk as a new process opens it; compiled statements are kept."""
        self.press.disk = disk
        return Database(LoopEngine(self.press))

    def forget(self) -> None:
        """Let go of the last disk and of whoever waited for it."""
        self.press.disk.cut_off()
        self.press.disk = Disk()


def open_workshop(*, guarded: bool = True) -> Workshop:
    """`guarded`: the database's own constraints are in force."""
    settings = _settings()
    empty = Workshop(settings, Translations(settings.shop.languages), Press(), b"")
    disk = Disk()
    _create_tables(disk, guarded=guarded)
    loop = VirtualLoop()
    loop.run_until_complete(_stock(empty, disk))
    loop.close()
    return Workshop(settings, empty.translations, empty.press, disk.raw.serialize())


def _settings() -> Settings:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.toml")
        world = World()
        world.mailbox.port = 25  # nobody listens there: the house has a line of its own
        file.write_text(SHOP + world.settings(BASE), encoding="utf-8")
        file.chmod(0o600)
        return load(file, {})


def _create_tables(disk: Disk, *, guarded: bool) -> None:
    made = create_engine("sqlite://", creator=lambda: disk.raw, poolclass=StaticPool)
    with made.begin() as connection:
        metadata.create_all(connection)
    if not guarded:
        _drop_guards(disk)


def _drop_guards(disk: Disk) -> None:
    """The tables without what guards the number of seats."""
    guards = ("taken <= capacity", "taken >= 0", "refund_claimed <= amount")
    disk.raw.execute("PRAGMA writable_schema=ON")
    for guard in guards:
        disk.raw.execute("UPDATE sqlite_master SET sql = replace(sql, ?, '1')", (guard,))
    content = disk.raw.serialize()
    disk.raw.deserialize(content)


async def _stock(workshop: Workshop, disk: Disk) -> None:
    database = workshop.database(disk)
    shop = workshop.settings.shop
    catalogue = CatalogueImport(
        database, SimulatedClock(), currency=shop.currency, time_zone=shop.timezone.key, languages=shop.languages
    )
    pictures = {"banner.png": PIXEL}
    await catalogue.apply(await catalogue.plan(catalogue.read(CATALOGUE.read_bytes()), pictures))
