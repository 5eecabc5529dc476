"""Which runs there are: every point, at different passings of it, with different pauses, and then stopped politely."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, cycle, islice

from bot.sandbox.stripe.deliveries import Mode
from tests.crash.plan import Plan
from tests.crash.points import POINTS, Point, Where

PAUSES = (timedelta(), timedelta(minutes=2), timedelta(hours=2), timedelta(hours=25))
"""How long the shop stays closed, by the world's clock."""
MODES = (Mode.NORMAL, Mode.DOUBLED, Mode.NORMAL, Mode.SHUFFLED)
POLITELY, TWICE = 9, 6
"""In every so many runs the shop is told to stop instead, or is killed once more when it opens again."""
SAMPLE = (
    "update.confirmed",
    "commit.place.after",
    "commit.place.after",
    "stripe.create.after",
    "commit.link.after",
    "webhook.verified",
    "webhook.unanswered",
    "message.booked.after",
    "stripe.refund.after",
)
SAMPLE_OF_COMMANDS = (
    (Where.MIGRATE, "migration.before_commit"),
    (Where.IMPORT, "commit.catalogue.before"),
    (Where.BACKUP, "file.before_rename"),
    (Where.RESTORE, "file.second_name"),
)
DYING_AGAIN = "commit.resume.after"


@dataclass(frozen=True)
class Case:
    """One run: `seed` draws the story; in a `brief` one there are only those customers whom the point needs."""

    seed: int
    point: Point
    hit: int = 1
    pause: timedelta = timedelta()
    mode: Mode = Mode.NORMAL
    politely: bool = False
    twice: bool = False
    brief: bool = False
    bug: str = ""

    @property
    def plans(self) -> tuple[Plan, ...]:
        if self.politely:
            return (Plan(self.point.name, self.hit, signal.SIGTERM, bug=self.bug),)
        first = "commit.settle.after" if self.point.where is Where.STOPPING else ""
        again = (Plan(DYING_AGAIN),) if self.twice else ()
        return (Plan(self.point.name, self.hit, first=first, bug=self.bug), *again)

    def __str__(self) -> str:
        how = "told to stop" if self.politely else "killed twice" if self.twice else "killed"
        what = "" if self.point.where is Where.DAY else f"{self.point.where} "
        return (
            f"{what}{self.point.name} {self.hit}, {how}, away for {self.pause}, webhooks {self.mode}, seed {self.seed}"
        )


def cases() -> Iterator[Case]:
    """Without end, every point once in each round."""
    for turn in count():
        for number, point in enumerate(POINTS):
            day = point.where is Where.DAY
            yield Case(
                seed=turn * len(POINTS) + number,
                point=point,
                hit=1 + (turn * 7) % point.hits,
                pause=PAUSES[(turn + number) % len(PAUSES)],
                mode=MODES[(turn + number // 3) % len(MODES)],
                politely=day and (turn + number) % POLITELY == 0 and not point.name.startswith(("lock", "start")),
                twice=day and (turn + number) % TWICE == 1,
            )


def first(runs: int) -> list[Case]:
    return list(islice(cases(), runs))


def named(name: str, where: Where = Where.DAY) -> Point:
    return next(point for point in POINTS if (point.name, point.where) == (name, where))


def sample() -> list[Case]:
    """Runs for each of the first rows of the table of faults, for those in a hurry."""
    points = [*(named(name) for name in SAMPLE), *(named(name, where) for where, name in SAMPLE_OF_COMMANDS)]
    pauses = cycle(PAUSES[:3])
    killed = [Case(number, point, pause=next(pauses), brief=True) for number, point in enumerate(points)]
    return [*killed, Case(len(killed), named("commit.settle.before"), politely=True, brief=True)]
