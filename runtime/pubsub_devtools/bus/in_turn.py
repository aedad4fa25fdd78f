"""Deliveries with a key, of handlers that stand behind no queue: one of a key at a time, in the order of publishing.

Where the turn is free the handlers run as without a key. Else a publisher that can wait does; one that cannot, inside a loop
or in the turn of another event, goes on, and the handlers follow in a task when the turn comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools.bus.loops import running_loop

if TYPE_CHECKING:
    from pubsub_devtools.bus.keyed import Work as TurnTaken
    from pubsub_devtools.bus.launching import Means
    from pubsub_devtools.bus.running import Work
    from pubsub_devtools.bus.turns import Turn, Turns


class Following:
    """Handlers of an event that run as a task when its turn comes."""

    def __init__(
        self, work: Work, turns: Turns, means: Means, then: Callable[[], None] | None = None
    ) -> None:
        self._work = work
        self._turns = turns
        self._means = means
        self._then = then
        self._name = f"{work.receipt.event.type} with key {work.key}"
        self._loop: Callable[[], asyncio.AbstractEventLoop] = means.loop
        if (loop := running_loop()) is not None:
            self._loop = lambda: loop
        self._context: Context = copy_context()
        self._task: asyncio.Task[None] | None = None

    def begin_in_turn(self) -> None:
        """Run when the turn comes, which may be now."""
        self._means.under_way.begin(self._name)
        self._turns.enter(self._work.key, self._begin)

    def _begin(self, turn: TurnTaken[Turn]) -> None:
        loop = self._loop()
        try:
            loop.call_soon_threadsafe(partial(self._start, loop, turn), context=self._context)
        except RuntimeError:
            # On a thread of its own: a thousand that follow on a loop that has ended are no recursion.
            reason = asyncio.CancelledError("the event loop that published it has ended")
            self._means.threads.start(lambda: self._ended(reason, turn))

    def _start(self, loop: asyncio.AbstractEventLoop, turn: TurnTaken[Turn]) -> None:
        self._task = loop.create_task(self._run(turn))
        self._task.add_done_callback(lambda task: self._task_ended(task, turn))

    async def _run(self, turn: TurnTaken[Turn]) -> None:
        with self._turns.marked(turn):
            await self._work.run()

    def _task_ended(self, task: asyncio.Task[None], turn: TurnTaken[Turn]) -> None:
        if task.cancelled():
            reason: BaseException | None = asyncio.CancelledError(
                "cancelled, for instance because the event loop ended"
            )
        else:
            reason = task.exception()
        self._ended(reason, turn)

    def _ended(self, reason: BaseException | None, turn: TurnTaken[Turn]) -> None:
        try:
            if reason is not None:
                self._work.broken_off(reason)
        finally:
            if self._then is not None:
                self._then()
            self._turns.leave(turn)
            self._means.under_way.end(self._name)
