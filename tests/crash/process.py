"""Starts victims as copies of a process that has imported everything, which takes milliseconds and not seconds."""

import asyncio
import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tests.crash.plan import FIRED, Plan
from tests.crash.victim import live

LOOK = 0.004


def context() -> ForkServerContext:
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.crash.victim", "tests.crash.running"])
    return made


class Victim:
    """One process of the program."""

    def __init__(self, source: ForkServerContext, plan: Plan, words: tuple[str, ...], log: Path) -> None:
        self._log = log
        self._process = source.Process(target=live, args=(plan, words, log), daemon=True)
        self._process.start()

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def points(self) -> list[str]:
        """The points that it has passed so far."""
        notes = self._log.with_suffix(".points")
        return notes.read_text(encoding="utf-8").split() if notes.exists() else []

    @property
    def fired(self) -> bool:
        return FIRED in self.points

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    async def end(self) -> int:
        while True:
            code = self.code
            if code is not None:
                return code
            await asyncio.sleep(LOOK)

    def kill(self) -> None:
        self.send(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        if self.code is None and self._process.pid is not None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._process.pid, number)

    def close(self) -> None:
        self.kill()
        self._process.join()
        self._process.close()
