"""An event loop in which time is a number: when nothing is ready, it jumps to the next timer. No threads or sockets."""

import asyncio
import heapq
from asyncio.events import Handle, TimerHandle
from collections import deque
from collections.abc import Callable
from contextvars import Context, ContextVar
from typing import TypeVar, TypeVarTuple

Args = TypeVarTuple("Args")
Result = TypeVar("Result")


BUSY = 20_000
"""Rounds of callbacks at one instant; an honest run needs some tens."""


class Deadlock(Exception):
    """Somebody waits for something that nobody will ever do."""


class Livelock(Exception):
    """Somebody is busy at one and the same instant for ever."""


class Life:
    """One life of the application. What runs in it stops for good at its death, without any farewell."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.alive = True
        self.tasks: list[asyncio.Task[object]] = []


LIFE: ContextVar[Life | None] = ContextVar("life", default=None)
"""Whose life a task or callback belongs to; None: the world's."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Callbacks run in the order in which they became ready; those of a life that is over are dropped."""

    _ready: deque[Handle]
    _scheduled: list[TimerHandle]
    _stopping: bool

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._rounds = 0
        self.set_task_factory(_task)  # type: ignore[arg-type]  # typeshed wants overloads
        self.troubles: list[str] = []
        self.set_exception_handler(self._note)

    def time(self) -> float:
        return self._now

    def skip(self, seconds: float) -> None:
        """Let time pass as if the machine had slept: whatever was due meanwhile is due now."""
        self._now += seconds

    def clear(self) -> None:
        """Forget everything that was to be run."""
        self._ready.clear()
        self._scheduled.clear()

    def run_in_executor(  # at once and here, since there are no threads
        self, executor: object, func: Callable[[*Args], Result], *args: *Args
    ) -> asyncio.Future[Result]:
        done: asyncio.Future[Result] = self.create_future()
        done.set_result(func(*args))
        return done

    def _run_once(self) -> None:
        self._wake()
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled() and not _is_over(handle):
                handle._run()

    def _wake(self) -> None:
        """Move the timers that are due to those that are ready; time passes only when nothing is ready."""
        timers = self._scheduled
        while timers and (timers[0].cancelled() or _is_over(timers[0])):
            heapq.heappop(timers)
        self._rounds += 1
        if self._rounds > BUSY:
            raise Livelock
        if not self._ready and not self._stopping:
            if not timers:
                raise Deadlock
            if timers[0].when() > self._now:
                self._now, self._rounds = timers[0].when(), 0
        while timers and timers[0].when() <= self._now:
            self._ready.append(heapq.heappop(timers))

    def _timer_handle_cancelled(self, handle: TimerHandle) -> None:
        """Cancelled timers are dropped when their time comes."""

    def _write_to_self(self) -> None:
        """Nobody else can be waiting for us."""

    def _process_events(self, event_list: object) -> None:
        raise AssertionError("there are no sockets")

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self.troubles.append(f"{context.get('message')}: {context.get('exception')!r}")


def _is_over(handle: Handle) -> bool:
    context: Context = handle._context  # type: ignore[attr-defined]  # typeshed leaves it out
    life = context.get(LIFE)
    return life is not None and not life.alive


def _task(loop: asyncio.AbstractEventLoop, work: object, **more: object) -> asyncio.Task[object]:
    """Tasks of a life are remembered, so that the dead are not swept away in the middle of a run."""
    task: asyncio.Task[object] = asyncio.Task(work, loop=loop, **more)  # type: ignore[arg-type]  # handed through
    context = more.get("context")
    life = context.get(LIFE) if isinstance(context, Context) else LIFE.get()
    if life is not None:
        if len(life.tasks) > 200:
            life.tasks = [known for known in life.tasks if not known.done()]
        life.tasks.append(task)
    return task
