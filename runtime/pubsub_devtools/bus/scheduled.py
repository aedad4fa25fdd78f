"""Async handlers that were scheduled rather than waited for, and the wait for them.

A publish inside a running loop must not block it, so its async handlers become one task. What is under way is known as
futures that no loop owns: `drain` may be called from another loop or thread than the one that publishes.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.running import Work

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

_children: ContextVar[list[Future[None]] | None] = ContextVar("pubsub_devtools_children", default=None)


class Scheduled:
    """The tasks of one bus that are under way."""

    def __init__(self) -> None:
        self._under_way: set[Future[None]] = set()

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._under_way)

    def start(self, work: Work) -> None:
        """Start the work as a task on the running loop.

        It is broken off with the reason if it does not come to its end: it was cancelled, or asked the program to exit.
        """
        import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop
        from concurrent.futures import Future  # noqa: PLC0415

        ended: Future[None] = Future()
        self._under_way.add(ended)
        if (siblings := _children.get()) is not None:
            siblings.append(ended)
        task = asyncio.get_running_loop().create_task(work.run())

        def end(task: asyncio.Task[None]) -> None:
            if task.cancelled():
                work.broken_off(
                    asyncio.CancelledError("cancelled, for instance because the event loop ended")
                )
            elif (reason := task.exception()) is not None:
                work.broken_off(reason)
            self._under_way.discard(ended)
            ended.set_result(None)

        task.add_done_callback(end)

    async def wait(self) -> None:
        """Wait until nothing is under way, what is started meanwhile included."""
        import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop

        while self._under_way:
            # asyncio.wait leaves what it waits for untouched when it is itself cancelled.
            await asyncio.wait([asyncio.wrap_future(ended) for ended in tuple(self._under_way)])


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do the work, then wait for all tasks that its handlers, and theirs in turn, have scheduled.

    For a publisher without a loop: when its publish returns, the loop may never run again.
    """
    import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop

    children: list[Future[None]] = []
    _children.set(children)
    await work
    while children:
        await asyncio.wrap_future(children.pop())
