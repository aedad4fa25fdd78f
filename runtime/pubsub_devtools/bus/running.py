"""Run the steps of a plan, one after the other: a step that raises never keeps the next from running."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Iterable

from pubsub_devtools.bus.failing import Failed
from pubsub_devtools.bus.plan import Step
from pubsub_devtools.bus.receipt import Receipt


def run(steps: Iterable[Step], receipt: Receipt, failed: Failed) -> None:
    """Run synchronous steps."""
    event = receipt.event
    for step in steps:
        try:
            if (result := step.call(event)) is not None:
                refuse_awaitable(result)
        except Exception as error:
            failed(step.name, error, receipt)


async def run_async(steps: Iterable[Step], receipt: Receipt, failed: Failed) -> None:
    """Run steps of either kind and await the async ones, without a task of their own: that would cost five handlers."""
    event = receipt.event
    for step in steps:
        try:
            if step.is_async:
                await step.call(event)
            elif (result := step.call(event)) is not None:
                refuse_awaitable(result)
        except Exception as error:
            failed(step.name, error, receipt)


def refuse_awaitable(result: object) -> None:
    """A synchronous handler that returns a coroutine would never run to its end, and nobody would notice."""
    if inspect.iscoroutine(result):
        result.close()
    if inspect.isawaitable(result):
        raise TypeError("the handler returned an awaitable: declare it with 'async def'")


class Work:
    """The async handlers of one delivery, to be run later: as a task at once, or by a worker from a queue.

    Whoever takes it over runs it in the context in which it was made, and calls ``broken_off`` if ``run`` does not come
    to its end.
    """

    __slots__ = ("_failed", "_left", "key", "receipt")

    def __init__(self, steps: Iterable[Step], receipt: Receipt, key: str, failed: Failed) -> None:
        self._left = deque(steps)
        self._failed = failed
        self.receipt = receipt
        self.key = key

    async def run(self) -> None:
        """Run the handlers; one that has ended is not run, or blamed, again."""
        while self._left:
            await run_async([self._left[0]], self.receipt, self._failed)
            self._left.popleft()
        self.receipt.part_ended()

    def broken_off(self, reason: BaseException) -> None:
        """Tell the failure of those that have not ended."""
        for step in self._left:
            self._failed(step.name, reason, self.receipt)
        self._left.clear()
        self.receipt.part_ended()
