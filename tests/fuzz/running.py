"""Sends numbered inputs in bunches to a shop, with good events between them, and says what went wrong.

async with open_fuzz(database) as fuzz:
    await fuzz.play(range(1, 251))        # the complaints, each with the numbers of the inputs that may be the cause
    fuzz.tally                            # what was sent and answered
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from bot.metrics import Metrics
from bot.web.admin import Admin
from bot.web.guards import hosts_of
from bot.web.limits import Limits
from bot.web.media import Media
from bot.web.pages import Pages
from bot.web.server import Public, WebServer
from bot.web.stripe_webhook import StripeWebhook
from bot.web.telegram_webhook import TelegramWebhook
from storage.database import Database
from tests.clock import FakeClock
from tests.fuzz.consequences import complaints
from tests.fuzz.hostile_requests import TELEGRAM_SECRET
from tests.fuzz.inputs import Input, Inputs
from tests.fuzz.oracle import Reader, event_id
from tests.fuzz.stage import Rows, Stage, set_stage
from tests.fuzz.wire import Line
from tests.web.served import CHAT, LOCAL, Behind, Texts
from tests.world import MARK, World, open_world

BUNCH = 500
UNHEARD_OF = frozenset({"web.failed", "stripe_webhook.not_stored", "inbox.batch_failed", "inbox.busy"})
"""What only a mistake of ours could have logged."""
MISTAKES = frozenset({"TypeError", "AttributeError", "KeyError", "IndexError", "AssertionError", "RecursionError"})
"""Errors that say that odd input was not expected; what is refused is refused by name, or by the database."""
LINES = 32
LIMITS = Limits(body_within=1, first_request_within=2, lingering=0.1, grace=1)


@dataclass
class Tally:
    sorts: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    logged: Counter[str] = field(default_factory=Counter)


class Fuzz:
    def __init__(self, stage: Stage, port: int) -> None:
        self._stage, self._inputs = stage, Inputs(stage)
        self._reader = Reader(stage.rows, MARK)
        self._lines = [Line(port) for _ in range(LINES)]
        self.tally = Tally()

    async def play(self, numbers: Sequence[int]) -> list[str]:
        """Bunch by bunch; one that ends badly is sent again in halves, until the guilty inputs are found."""
        found: list[str] = []
        for start in range(0, len(numbers), BUNCH):
            bunch = numbers[start : start + BUNCH]
            if wrong := await self.together(bunch):
                found += await self._guilty(bunch) or wrong
        return found

    async def _guilty(self, numbers: Sequence[int]) -> list[str]:
        if len(numbers) == 1:
            return await self.together(numbers)
        halves = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
        return [line for half in halves if await self.together(half) for line in await self._guilty(half)]

    async def together(self, numbers: Sequence[int]) -> list[str]:
        """Send these in one bunch; each complaint names them."""
        inputs = [self._inputs.make(number) for number in numbers]
        name = f"input {numbers[0]} ({inputs[0].sort})" if len(inputs) == 1 else f"inputs {numbers[0]} to {numbers[-1]}"
        return [f"{name}: {line}" for line in await self._bunch(inputs)]

    @property
    def at(self) -> int:
        """When the events are signed."""
        return int(self._stage.world.clock.now().timestamp())

    def show(self, number: int) -> bytes:
        return self._inputs.make(number).request.content

    async def close(self) -> None:
        for line in self._lines:
            await line.close()

    async def _bunch(self, inputs: Sequence[Input]) -> list[str]:
        stage, wrong = self._stage, list[str]()
        middle = len(inputs) // 2
        waiting = [*inputs[:middle], self._inputs.good(), *inputs[middle:]][::-1]
        with capture_logs() as entries:
            await asyncio.gather(*(self._send(line, waiting, wrong) for line in self._lines))
            await self._settle(wrong)
        after = await stage.now()
        events = [stage.good.body, *(each.event for each in inputs if each.event is not None)]
        wrong += [*complaints(stage.rows, after, self._reader.read(events)), *_good_is_booked(stage, after)]
        wrong += [f"logged: {entry}" for entry in entries if _is_mistake(entry)]
        self.tally.ends.update(str(row["state"]) for row in after["inbox"][len(stage.rows["inbox"]) :])
        self.tally.logged.update(f"{entry['event']} {entry.get('error', '')}" for entry in entries)
        await stage.restore()
        return wrong

    async def _settle(self, wrong: list[str]) -> None:
        try:
            await self._stage.world.settlement.drain()
        except Exception as error:  # noqa: BLE001 - whatever it was, the worker must not meet it
            wrong.append(f"the settlement died: {error!r}")

    async def _send(self, line: Line, waiting: list[Input], wrong: list[str]) -> None:
        while waiting:
            each = waiting.pop()
            status = await line.ask(each.request)
            self.tally.sorts[each.sort] += 1
            self.tally.answers[str(status or "none")] += 1
            if not _rightly_answered(each, status):
                wrong.append(f"answer to {each.number} ({each.sort}): {status}")


def _rightly_answered(sent: Input, status: int | None) -> bool:
    """Nobody is told of a mistake of ours; what is signed is taken, and a bad signature refused, each with its code."""
    if status is None:
        return not sent.request.whole
    if not sent.request.whole or sent.sort in {"strange request", "telegram"}:
        return status < 500
    return status == (200 if sent.event is not None and event_id(sent.event) else 400)


def _is_mistake(entry: Mapping[str, object]) -> bool:
    return entry["event"] in UNHEARD_OF or (entry["event"] == "settlement.bad_event" and entry["error"] in MISTAKES)


def _good_is_booked(stage: Stage, after: Rows) -> list[str]:
    order = next(row for row in after["orders"] if row["id"] == stage.good.order)
    booked = [row["status"] for row in after["booking"] if row["order_id"] == stage.good.order]
    return [] if (order["state"], booked) == ("paid", ["confirmed"]) else [f"the good event was not served: {order}"]


@asynccontextmanager
async def open_fuzz(database: Database) -> AsyncIterator[Fuzz]:
    """A shop behind its real web server, with the one writer of its inbox at work."""
    with capture_logs():
        async with open_world(database, FakeClock()) as world:
            stage = await set_stage(world)
            server, writer = _web(world), asyncio.create_task(world.inbox.run())
            await server.start()
            fuzz = Fuzz(stage, server.public.port)
            try:
                yield fuzz
            finally:
                await fuzz.close()
                await server.stop()
                writer.cancel()


def _web(world: World) -> WebServer:
    metrics, behind = Metrics(CollectorRegistry()), Behind()
    public = Public(
        stripe=StripeWebhook(world.verifier, world.inbox.store, world.clock, metrics, LIMITS),
        telegram=TelegramWebhook(TELEGRAM_SECRET.decode(), _ignore, metrics, LIMITS),
        pages=Pages(Texts(), ("en", "fr"), CHAT),
        media=Media(behind.picture),
        hosts=hosts_of("https://tickets.example"),
    )
    return WebServer(public, Admin(lambda: (), behind.count, metrics), LOCAL, LOCAL, LIMITS)


async def _ignore(_: Mapping[str, object]) -> None:
    """Updates are not what this is about."""
