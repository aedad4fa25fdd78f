"""Where a lane's work runs: async handlers as tasks on the loop that published, or on the bus's own where none ran;
synchronous ones on threads. Each in a copy of the publisher's context.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from pubsub_devtools.bus.flow import Ticket
from pubsub_devtools.bus.keyed import Work
from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.threads import Threads
from pubsub_devtools.bus.timers import Timers
from pubsub_devtools.bus.under_way import UnderWay


class Means(msgspec.Struct, frozen=True):
    """What the lanes of one bus share."""

    loop: Callable[[], asyncio.AbstractEventLoop]
    threads: Threads
    timers: Timers
    under_way: UnderWay


class LoopEnded(asyncio.CancelledError):
    """A handler was broken off, or not begun, since its event loop has ended."""


class Launcher:
    """Starts works and tells how each ended.

    Args:
        call: Takes what a work gives.
        is_async: Whether it returns an awaitable.
        means: What the bus lends.
        ended: Called once for each work that ``start`` returned no error for, on any thread.
    """

    def __init__(
        self,
        call: Callable[[Work[Ticket]], Any],
        *,
        is_async: bool,
        means: Means,
        ended: Callable[[Work[Ticket], BaseException | None], None],
    ) -> None:
        self._call = call
        self._is_async = is_async
        self._means = means
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Work[Ticket]) -> BaseException | None:
        """Let a work run soon; it never runs inside this call. Returns why that is impossible, or None."""
        try:
            if self._is_async:
                self._start_on_loop(work)
            else:
                context = work.items[0].context
                self._means.threads.start(lambda: context.run(self._run, work))
        except Exception as error:
            return error
        except LoopEnded as ended:
            return ended
        return None

    def _start_on_loop(self, work: Work[Ticket]) -> None:
        loop = work.items[0].loop or self._means.loop()
        if loop is running_loop():
            self._spawn(work, loop)
        elif loop.is_closed():
            raise LoopEnded("the event loop that published it has ended")
        else:
            loop.call_soon_threadsafe(self._spawn, work, loop)

    def _spawn(self, work: Work[Ticket], loop: asyncio.AbstractEventLoop) -> None:
        task = loop.create_task(self._run_async(work), context=work.items[0].context)
        self._tasks.add(task)  # the loop itself holds its tasks weakly
        task.add_done_callback(partial(self._task_ended, work))

    def _run(self, work: Work[Ticket]) -> None:
        try:
            self._call(work)
        except BaseException as error:
            self._ended(work, error)
        else:
            self._ended(work, None)

    async def _run_async(self, work: Work[Ticket]) -> None:
        await self._call(work)

    def _task_ended(self, work: Work[Ticket], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self._ended(work, task.exception())
        elif task.cancelling():  # from outside: so does a loop that ends, and it would not run another task
            self._ended(work, LoopEnded("cancelled, for instance because the event loop ended"))
        else:
            self._ended(work, asyncio.CancelledError("the handler was cancelled by what it awaited"))
