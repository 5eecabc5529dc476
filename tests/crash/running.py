"""Plays one run from the opening of the shop to four quiet days later, and says what was found."""

import asyncio
import tempfile
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tests.crash.cases import Case
from tests.crash.commands import command
from tests.crash.files import file_command
from tests.crash.points import Where
from tests.crash.scene import Scene, Script, opened
from tests.crash.story import Story, four_days
from tests.crash.verdict import faults_at_the_end, sales_differ

LONGEST = 90.0  # real seconds


@dataclass(frozen=True)
class Outcome:
    """`fired`: the process died where it was to die. `broken`: promises."""

    case: Case
    fired: bool
    broken: Sequence[str]
    seconds: float
    log: str

    @property
    def fine(self) -> bool:
        return self.fired and not self.broken


async def play(source: ForkServerContext, stocked: Path, case: Case) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guichet-crash-") as folder:
        begins_empty = case.point.where in {Where.MIGRATE, Where.IMPORT}
        script = Script(case.plans, case.pause, case.mode)
        async with opened(source, Path(folder), None if begins_empty else stocked, script, case.seed) as scene:
            broken = await _within(_played(scene, case))
            fired = scene.fired
            log = "\n".join(life.output for life in scene.lives)
    return Outcome(case, fired, broken, time.monotonic() - began, log)


async def _played(scene: Scene, case: Case) -> list[str]:
    match case.point.where:
        case Where.DAY | Where.STOPPING:
            return await _day(scene, case)
        case Where.MIGRATE | Where.IMPORT:
            return await command(scene, case)
        case Where.BACKUP | Where.RESTORE:
            return await file_command(scene, case)


async def _within(work: Coroutine[object, object, list[str]]) -> list[str]:
    try:
        async with asyncio.timeout(LONGEST):
            return await work
    except TimeoutError:
        return [f"not done after {LONGEST:.0f} seconds"]


async def _day(scene: Scene, case: Case) -> list[str]:
    story, keeping = Story(scene, case.seed), asyncio.create_task(scene.keep_open())
    storm = asyncio.create_task(story.storm() if case.politely else asyncio.sleep(0))
    try:
        await (story.tell_in_brief(with_refund=8 in case.point.rows) if case.brief else story.tell())
        storm.cancel()
        await four_days(scene)
        broken = await faults_at_the_end(scene, *([0.5] if case.bug else []))
    finally:
        for task in (storm, keeping):
            task.cancel()
        await asyncio.wait((storm, keeping))
    scene.lives[-1].kill()
    await scene.lives[-1].end()
    return [*scene.broken, *broken, *await sales_differ(scene.settings, scene.house.disk)]
