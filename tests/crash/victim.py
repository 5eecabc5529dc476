"""A process of the real program that dies where it is told: python -m tests.crash.victim --point P -- run --config F.

Nothing in the program knows of it: what it is made of is wrapped from outside, see seams.py.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path

import aiosqlite
import uvloop

from bot import cli
from tests.crash.plan import Plan, Points
from tests.crash.seams import instrument
from tests.simulation.bugs import BUGS

LOADED = (aiosqlite, uvloop)
"""Imported here so that processes which begin as a copy of this one need not."""


def live(plan: Plan, words: tuple[str, ...], log: Path) -> None:
    """Be `python bot.py words`; what is written goes to the file."""
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    with ExitStack() as stack:
        if plan.bug:
            stack.enter_context(BUGS[plan.bug]())
        instrument(Points(plan, log.with_suffix(".points")))
        sys.argv = ["bot.py", *words]
        cli.main()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--point", default="")
    parser.add_argument("--hit", type=int, default=1)
    parser.add_argument("words", nargs="+")
    asked = parser.parse_args()
    live(Plan(asked.point, asked.hit), tuple(asked.words), Path("victim.log"))


if __name__ == "__main__":
    main()
