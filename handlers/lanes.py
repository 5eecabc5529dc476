"""Each user's taps in order, all users side by side."""

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable, Callable

import structlog
from telegram import Update
from telegram.ext import BaseUpdateProcessor

Early = Callable[[Update], Awaitable[None]]


class Lanes(BaseUpdateProcessor):
    """One lane per user; a lane exists only while somebody is in it.

    `slots` bounds how many updates are handled at once. An update takes its slot at the head of its lane, so one
    user's slow taps never keep another waiting. `waiting` bounds how many updates of one user may wait, `pending`
    how many may be under way or waiting in all. `early` runs for each update as soon as it arrives, before its
    turn: that is the place to answer a tap.
    """

    __slots__ = ("_early", "_lanes", "_log", "_slots", "_waiting")

    def __init__(self, early: Early, *, slots: int = 64, waiting: int = 20, pending: int = 10_000) -> None:
        # The base class takes its own semaphore before an update reaches its lane: here it only bounds memory.
        super().__init__(max_concurrent_updates=pending)
        self._early = early
        self._slots = asyncio.Semaphore(slots)
        self._waiting = waiting
        self._lanes: dict[int, deque[asyncio.Event]] = {}
        self._log = structlog.get_logger(__name__)

    @property
    def users(self) -> int:
        """How many users have an update under way."""
        return len(self._lanes)

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Called by the library for each update, as a task of its own; `coroutine` runs its handlers."""
        try:
            if not isinstance(update, Update) or update.effective_user is None:
                async with self._slots:
                    await coroutine
            else:
                await self._in_lane(update, update.effective_user.id, coroutine)
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close: the application waits for its updates itself."""

    async def _in_lane(self, update: Update, user: int, coroutine: Awaitable[object]) -> None:
        lane = self._lanes.setdefault(user, deque())
        if len(lane) > self._waiting:
            self._log.warning("update.dropped", user=user, update=update.update_id, waiting=self._waiting)
            return
        turn = asyncio.Event()
        lane.append(turn)
        try:
            await self._run_early(update)
            if lane[0] is not turn:
                await turn.wait()
            async with self._slots:
                await coroutine
        finally:
            self._leave(user, lane, turn)

    def _leave(self, user: int, lane: deque[asyncio.Event], turn: asyncio.Event) -> None:
        lane.remove(turn)
        if lane:
            lane[0].set()
        else:
            del self._lanes[user]

    async def _run_early(self, update: Update) -> None:
        """A tap that could not be answered is still handled."""
        try:
            await self._early(update)
        except Exception:  # noqa: BLE001 - whatever happened, the tap still has its turn
            self._log.exception("update.early_failed", update=update.update_id)
