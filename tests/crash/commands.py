"""Commands that die: what they were to change is as it was or as it should be, and a second try gets there."""

import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

from storage.schema import metadata
from tests.crash.cases import Case
from tests.crash.plan import Plan
from tests.crash.points import Where
from tests.crash.scene import CATALOGUE, DATABASE, Scene, Script, opened
from tests.crash.verdict import sound
from tests.simulation.disk import Disk

TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
RESOURCES = "SELECT count(*) FROM resource"
ALL = len(metadata.tables) + 1  # and the one that names the revision
FORMS = {(0, 0), (ALL, 0), (ALL, 4)}
"""Tables and resources, before and after each command."""
DONE = {Where.MIGRATE: (ALL, 0), Where.IMPORT: (ALL, 4)}


async def stock(source: ForkServerContext, folder: Path) -> Path:
    """A database with tables and a catalogue, made by the program itself."""
    async with opened(source, folder, None, Script(), 0) as scene:
        life = scene.start(Plan(), *import_catalogue(scene))
        if await life.end() != 0:
            raise AssertionError(life.output)
    return folder / DATABASE


async def command(scene: Scene, case: Case) -> list[str]:
    words = _words(case.point.where, scene)
    life = scene.start(case.plans[0], *words)
    if await life.end() != -signal.SIGKILL:
        return [f"not killed: {life.output}"]
    broken = _wrong(scene.house.disk, FORMS)
    again = scene.start(Plan(), *words)
    if await again.end() != 0:
        broken.append(f"not possible a second time: {again.output}")
    return [*broken, *_wrong(scene.house.disk, {DONE[case.point.where]})]


def _words(where: Where, scene: Scene) -> tuple[str, ...]:
    return import_catalogue(scene) if where is Where.IMPORT else ("migrate", "--config", scene.config)


def import_catalogue(scene: Scene) -> tuple[str, ...]:
    file = Path(scene.config).with_name(CATALOGUE.name)
    return ("catalogue", "import", str(file), "--yes", "--config", scene.config)


def _wrong(disk: Disk, forms: set[tuple[int, int]]) -> list[str]:
    form = _form(disk)
    return [*sound(disk), *([] if form in forms else [f"between old and new: {form}"])]


def _form(disk: Disk) -> tuple[int, int]:
    tables = int(str(disk.rows(TABLES)[0][0]))
    return tables, int(str(disk.rows(RESOURCES)[0][0])) if tables == ALL else 0
