"""Sends the webhooks of the simulated Stripe, and keeps its time going."""

import asyncio

import aiohttp

from bot.sandbox.clock import WorldClock
from bot.sandbox.stripe.deliveries import Dispatch
from bot.sandbox.stripe.model import Stripe

ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)


class Courier:
    """`run` is a task of the world; it ends only when it is cancelled."""

    def __init__(self, stripe: Stripe, clock: WorldClock, session: aiohttp.ClientSession, *, at_once: int = 8) -> None:
        self._stripe = stripe
        self._clock = clock
        self._session = session
        self._slots = asyncio.Semaphore(at_once)
        self._turn = asyncio.Event()
        stripe.deliveries.listen(self._wake)

    async def run(self) -> None:
        """Send what is due, and sleep until something is."""
        async with asyncio.TaskGroup() as sendings:
            while True:
                turn = self._turn
                self._stripe.tick()
                for dispatch in self._stripe.deliveries.due():
                    sendings.create_task(self._send(dispatch))
                await self._rest(turn)

    async def answered(self, event_id: str, within: float = 10.0) -> None:
        """Wait until an event had its first answer, but not longer than that many seconds."""
        try:
            async with asyncio.timeout(within):
                while self._stripe.deliveries.under_way(event_id):
                    await self._turn.wait()
        except TimeoutError:
            return

    async def _rest(self, turn: asyncio.Event) -> None:
        """Until there is something new or the next thing is due, by the world's clock."""
        dues = (self._stripe.next_due(), self._stripe.deliveries.next_due())
        due = min((each for each in dues if each is not None), default=None)
        if due is None:
            await turn.wait()
            return
        naps = {asyncio.ensure_future(turn.wait()), asyncio.ensure_future(self._clock.sleep_until(due))}
        try:
            await asyncio.wait(naps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for nap in naps:
                nap.cancel()

    async def _send(self, dispatch: Dispatch) -> None:
        status: int | None = None
        try:
            async with self._slots:
                status = await self._post(dispatch)
        finally:
            self._stripe.deliveries.report(dispatch.delivery_id, status)

    async def _post(self, dispatch: Dispatch) -> int | None:
        try:
            async with self._session.post(
                dispatch.url,
                data=dispatch.body,
                headers=dispatch.headers,
                allow_redirects=False,
                timeout=ANSWER_WITHIN,
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    def _wake(self) -> None:
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()
