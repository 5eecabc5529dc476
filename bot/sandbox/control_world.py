"""The control API for the surroundings: the clock, the faults, and the whole state that the page follows."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta

from aiohttp import web

from bot.sandbox.faults import Fault, Kind, Service
from bot.sandbox.fields import Fields, WrongFieldError, query_number
from bot.sandbox.snapshot import faults_in_force, snapshot, version_of
from bot.sandbox.wiring import answer, body_fields
from bot.sandbox.world import Person, World

LONGEST_WAIT = 25.0  # real seconds; then the same answer comes once more
LONGEST_STEP = 366 * 86400
CALM = 0.04  # real seconds; what changes within them is shown together


class Surroundings:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.get("/control/clock", self.clock),
            web.get("/control/clock/wait", self.wait),
            web.post("/control/clock", self.advance),
            web.get("/control/faults", self.faults),
            web.post("/control/faults", self.plan),
            web.delete("/control/faults", self.heal),
            web.get("/control/state", self.state),
        )

    async def clock(self, _: web.Request) -> web.Response:
        return answer(self._time())

    async def wait(self, request: web.Request) -> web.Response:
        """Answer as soon as the offset is another than `after`, at the latest after LONGEST_WAIT."""
        known = query_number(request.query, "after")
        end = time.monotonic() + LONGEST_WAIT
        while self._offset() == known and (left := end - time.monotonic()) > 0 and not self._world.changed.closed:
            await self._world.changed.wait(left)
        return answer(self._time())

    async def advance(self, request: web.Request) -> web.Response:
        fields = await body_fields(request)
        step = fields.number("advance_seconds", least=0, most=LONGEST_STEP)
        fields.done()
        self._world.advance(timedelta(seconds=step))
        return answer(self._time())

    def _offset(self) -> float:
        return self._world.clock.offset.total_seconds()

    def _time(self) -> dict[str, object]:
        return {"now": self._world.clock.now().isoformat(), "offset": self._offset()}

    async def faults(self, _: web.Request) -> web.Response:
        return answer(faults_in_force(self._world))

    async def plan(self, request: web.Request) -> web.Response:
        """A fault for the next calls; `times` null: until it is healed."""
        fields = await body_fields(request)
        fault = _fault(fields)
        fields.done()
        return answer(self._world.faults.plan(fault))

    async def heal(self, request: web.Request) -> web.Response:
        """Withdraw the rule `id` of the query, or all rules."""
        chosen = int(query_number(request.query, "id")) if "id" in request.query else None
        if chosen is not None and chosen not in {rule.id for rule in self._world.faults.rules()}:
            raise WrongFieldError(f"The field id names no fault in force: {chosen}.")
        self._world.faults.heal(chosen)
        return answer(faults_in_force(self._world))

    async def state(self, request: web.Request) -> web.Response:
        """Everything that the page shows, as soon as it is not what `after` names."""
        people, known = self._people(request), request.query.get("after", "")
        end = time.monotonic() + LONGEST_WAIT
        while True:
            state = snapshot(self._world, people)
            version = version_of(state)
            if version != known or self._world.changed.closed or (left := end - time.monotonic()) <= 0:
                return answer({"version": version, "now": self._world.clock.now().isoformat(), **state})
            await self._world.changed.wait(left)
            await asyncio.sleep(CALM)

    def _people(self, request: web.Request) -> list[Person]:
        """The cast, or the people whose ids the query names."""
        chosen = request.query.get("people")
        if not chosen:
            return list(self._world.cast)
        try:
            return [self._world.people[int(each)] for each in chosen.split(",")]
        except (ValueError, KeyError) as error:
            raise WrongFieldError("The field people must be ids of users, separated by commas.") from error


def _fault(fields: Fields) -> Fault:
    service, kind = fields.choice("service", Service), fields.choice("kind", Kind)
    operation = fields.text("operation", "", longest=200)
    status = fields.whole("status", 500, least=400, most=599)
    retry_after = fields.whole("retry_after", least=0, most=86400) if fields.has("retry_after") else None
    seconds = fields.number("seconds", 30.0, least=0, most=600)
    times = None if fields.is_null("times") else fields.whole("times", 1, least=1, most=100_000)
    return Fault(0, service, kind, operation, status, retry_after, seconds, times)
