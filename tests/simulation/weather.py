"""Draws what goes wrong: each seed has a climate of its own, so that some runs are calm and some are storms."""

import asyncio
import sqlite3
from dataclasses import dataclass
from random import Random

from tests.simulation.trace import Trace

CALL = (
    "error",
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
    "truncated",
    "slow",
    "crash_before",
    "crash_after",
)
KINDS = {
    "telegram": (*CALL, "flood", "outage"),
    "stripe": (*CALL, "error_after", "too_many", "conflict", "lagging", "outage", "altered"),
    "mail": (
        *("error", "timeout_before", "timeout_after", "reset_before", "reset_after", "refused"),
        *("crash_before", "crash_after", "outage"),
    ),
    "webhook": ("lost", "doubled", "delayed", "unanswered", "corrupted", "hung_up", "refused"),
    "database": ("busy", "full", "slow", "crash_begin", "crash_statement", "crash_commit", "crash_committed"),
    "application": ("killed", "restarted", "clock_forward", "clock_back"),
}
"""Every kind of fault there is; in a long run each must happen."""
OF_THEMSELVES = frozenset({"outage", "lagging", "altered"})
"""Faults that are not those of one call."""
BUSIER = {"telegram": 1.0, "stripe": 2.5, "mail": 4.0, "webhook": 3.0, "database": 0.1, "application": 5.0}
"""How much likelier than with others something goes wrong with one call of a service."""
NEW_PAGE = "post /v1/checkout/sessions"
LONGEST = 35 * 60.0
"""Virtual seconds in which things go wrong and people do something."""


@dataclass(frozen=True)
class Outage:
    service: str
    start: float
    end: float


@dataclass(frozen=True)
class Climate:
    """How often something goes wrong with a call of each service, and which kinds do."""

    often: dict[str, float]
    kinds: dict[str, tuple[str, ...]]
    outages: tuple[Outage, ...]
    """`sweeps_only`: no webhook arrives. `length`: virtual seconds until all faults heal."""
    sweeps_only: bool
    forgetful: bool
    """Stripe makes many a page of which it then says nothing: the shop loses sight of it, customers may pay it."""
    length: float

    @classmethod
    def drawn(cls, chance: Random) -> "Climate":
        fair = chance.random() < 0.15
        often = {service: 0.0 if fair else chance.choice((0.0, 0.02, 0.06, 0.14)) for service in KINDS}
        often = {service: share * BUSIER[service] for service, share in often.items()}
        kinds = {service: tuple(kind for kind in of_it if chance.random() < 0.6) for service, of_it in KINDS.items()}
        outages = tuple(
            Outage(service, start, start + chance.uniform(60, 1500))
            for service in ("telegram", "stripe", "mail")
            if not fair and chance.random() < 0.15
            for start in (chance.uniform(0, LONGEST),)
        )
        return cls(
            often,
            kinds,
            outages,
            sweeps_only=not fair and chance.random() < 0.1,
            forgetful=not fair and chance.random() < 0.2,
            length=chance.uniform(0.3, 1.0) * LONGEST,
        )


class Weather:
    """`calm` once all faults have healed."""

    def __init__(self, seed: int, trace: Trace) -> None:
        self.climate = Climate.drawn(Random(f"{seed} climate"))
        self.trace = trace
        self.calm = False
        self._chances = {service: Random(f"{seed} {service}") for service in (*KINDS, "latency")}

    def chance(self, service: str) -> Random:
        return self._chances[service]

    def draw(self, service: str, about: str, *, times: float = 1.0, among: tuple[str, ...] = ()) -> str:
        """What happens to this call; empty: nothing."""
        if self.calm:
            return ""
        if self._is_out(service):
            self.trace.fault(f"{service}.outage", about)
            return "reset_before"
        chance = self._chances[service]
        if self.climate.forgetful and about == NEW_PAGE and chance.random() < 0.7:
            self.trace.fault("stripe.error_after", about)
            return "error_after"
        if chance.random() >= self.climate.often[service] * times:
            return ""
        kinds = [kind for kind in self.climate.kinds[service] if kind not in OF_THEMSELVES]
        possible = [kind for kind in kinds if not among or kind in among]
        kind = chance.choice(possible) if possible else ""
        if kind:
            self.trace.fault(f"{service}.{kind}", about)
        return kind

    def _is_out(self, service: str) -> bool:
        now = asyncio.get_running_loop().time()
        return any(each.service == service and each.start <= now < each.end for each in self.climate.outages)

    def enabled(self, service: str, kind: str) -> bool:
        if kind == "lagging" and self.climate.forgetful:
            return not self.calm
        return not self.calm and kind in self.climate.kinds[service] and self.climate.often[service] > 0

    def latency(self) -> float:
        """Of a call that goes well, in seconds."""
        return self._chances["latency"].uniform(0.02, 0.3)

    def lateness(self) -> float:
        """Of a slow call: some end before the caller's patience, some after."""
        return self._chances["latency"].uniform(3, 40)


class Interruptions:
    """The trouble that a transaction can meet in one life of the application (see `disk.Trouble`)."""

    def __init__(self, weather: Weather, die: "Death") -> None:
        self._weather = weather
        self._die = die
        self._busy = self._full = 0
        self.failed = 0

    async def begin(self) -> None:
        chance = self._weather.chance("latency")
        if chance.random() < 0.2:
            await asyncio.sleep(chance.uniform(0.0001, 0.003))
        if self._busy > 0:
            self._busy -= 1
            raise _locked()
        match self._weather.draw("database", "begin", among=("busy", "slow", "crash_begin")):
            case "busy":
                self._busy = self._weather.chance("database").choice((0, 3, 4, 9, 30))
                raise _locked()
            case "slow":
                await asyncio.sleep(self._weather.lateness() / 4)
            case "crash_begin":
                await self._die.here("database begin")

    async def statement(self) -> None:
        match self._weather.draw("database", "statement", among=("crash_statement",), times=0.5):
            case "crash_statement":
                await self._die.here("database statement")

    async def commit(self) -> None:
        await asyncio.sleep(self._weather.chance("latency").uniform(0.0005, 0.004))
        if self._full > 0 and not self._weather.calm:
            self._full -= 1
            self.failed += 1
            raise _full()
        match self._weather.draw("database", "commit", among=("full", "crash_commit"), times=2.0):
            case "full":
                self._full = self._weather.chance("database").choice((0, 0, 3, 30))
                self.failed += 1
                raise _full()
            case "crash_commit":
                await self._die.here("database before commit")

    async def committed(self) -> None:
        self._die.committed()
        match self._weather.draw("database", "committed", among=("crash_committed",), times=2.0):
            case "crash_committed":
                await self._die.here("database after commit")


class Death:
    """Ends the life of the application; `committed` lets the world look at what was written."""

    def committed(self) -> None:
        raise NotImplementedError

    async def here(self, where: str) -> None:
        """Never returns."""
        raise NotImplementedError


def _locked() -> sqlite3.OperationalError:
    return sqlite3.OperationalError("database is locked")


def _full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error
