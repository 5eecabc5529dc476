"""Where a process is to die, as it is told when it starts."""

import os
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FIRED = "fired"


@dataclass(frozen=True)
class Plan:
    """`point`: where, when it is passed for the `hit`th time, the process sends itself `number`.

    `first`: a point at which the process is told to stop before, so that it can die while it stops.
    `bug`: the name of a planted bug of the simulation.
    """

    point: str = ""
    hit: int = 1
    number: int = signal.SIGKILL
    first: str = ""
    bug: str = ""


class Points:
    """Counts the points that are passed and notes them in a file, since the process may not live to tell."""

    def __init__(self, plan: Plan, notes: Path) -> None:
        self._plan = plan
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._passed: Counter[str] = Counter()

    def next_is(self, name: str) -> bool:
        """Whether the process dies when it passes that point once more."""
        return name == self._plan.point and self._passed[name] + 1 == self._plan.hit

    def reach(self, name: str) -> None:
        """Pass a point, or die there."""
        dies = self.next_is(name)
        self._passed[name] += 1
        os.write(self._notes, f"{name}\n".encode())
        if name == self._plan.first and self._passed[name] == 1:
            os.kill(os.getpid(), signal.SIGTERM)
        if dies:
            os.write(self._notes, f"{FIRED}\n".encode())
            os.kill(os.getpid(), self._plan.number)
