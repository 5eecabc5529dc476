"""Work on a shop's database from the command line, while the shop is not running."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.app import opened_clock, opened_database
from bot.config import Settings
from bot.domain.catalogue_changes import picture_paths
from bot.domain.catalogue_entries import CatalogueFile, CatalogueMistake, CatalogueMistakes
from bot.services.catalogue_export import CatalogueExport
from bot.services.catalogue_import import CatalogueImport
from bot.services.reminders import Reminders


async def migrate(settings: Settings) -> None:
    """Bring the database to today's shape."""
    async with opened_database(settings):
        pass


async def take(settings: Settings, file: Path, confirmed: Callable[[Sequence[str]], bool]) -> None:
    """Take a catalogue file, all of it or nothing, if its changes are confirmed. Raises CatalogueMistakes."""
    async with _opened(settings) as catalogue:
        wanted = catalogue.read(await asyncio.to_thread(file.read_bytes))
        plan = await catalogue.plan(wanted, _pictures(wanted, file.parent))
        if confirmed([str(change) for change in plan.changes]):
            await catalogue.apply(plan)


async def give(settings: Settings, file: Path) -> None:
    """Write the catalogue into a file, and its pictures beside it."""
    async with _opened(settings) as catalogue:
        export = await catalogue.export()
    await asyncio.to_thread(_write, export, file)


def _write(export: CatalogueExport, file: Path) -> None:
    for path, content in export.pictures.items():
        picture = file.parent / path
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(content)
    file.write_text(export.text, encoding="utf-8")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[CatalogueImport]:
    shop = settings.shop
    async with (
        aiohttp.ClientSession() as session,
        opened_clock(settings, session) as clock,
        opened_database(settings) as database,
    ):
        yield CatalogueImport(
            database,
            clock,
            currency=shop.currency,
            time_zone=shop.timezone.key,
            languages=shop.languages,
            reminders=Reminders(database, clock, shop.reminding),
        )


def _pictures(wanted: CatalogueFile, folder: Path) -> dict[str, bytes]:
    """The pictures that the file names; raises CatalogueMistakes for those that are not there."""
    found: dict[str, bytes] = {}
    mistakes: list[CatalogueMistake] = []
    for name in sorted(picture_paths(wanted)):
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as error:
            mistakes.append(CatalogueMistake(name, f"a picture beside the file, but: {error.strerror}"))
    if mistakes:
        raise CatalogueMistakes(mistakes)
    return found
