"""Runs delayed attempts when they are due: those that guards put off in this process, and those found in the store.

The store keeps them and hands each out to one taker at a time; here are the timers, and the calls. An attempt leaves the
store once its call has ended, or its successor has taken its place; if the process dies in between, the lease ends and the
attempt is taken again: at least once.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.delayed import MemoryDelayedAttempts
from pubsub_devtools.resilience.outcome import Outcome

if TYPE_CHECKING:
    from pubsub_devtools.bus.launching import Means
    from pubsub_devtools.bus.timers import Timer
    from pubsub_devtools.resilience.delayed import DelayedAttempt, DelayedAttempts

_log = logging.getLogger("pubsub_devtools")

LEASE = 300.0
"""Seconds after which an attempt whose taker has died is taken again. No call may last longer."""

_UNKNOWN = 60.0
"""Seconds after which attempts of handlers that this bus does not include are looked for again."""


class Resumption:
    """The delayed attempts of one bus.

    Promises:
        - An attempt is called when it is due by the clock of the store, never before; one that was due while no process
          ran, at once.
        - Its handler is called in the context of its delivery: the same envelope, so the same chain and trace.
        - An attempt that fails, is told; one whose handler is not included here stays in the store, and that is told.

    Args:
        store: Holds the attempts.
        clock: Returns seconds since 1970.
        call: Returns the call of a handler by its name, and whether it is async, or None where it is not included.
        failed: Told of an attempt that failed for good.
        means: What the bus lends.
    """

    def __init__(
        self,
        store: DelayedAttempts,
        *,
        clock: Callable[[], float],
        call: Callable[[DelayedAttempt], tuple[Callable[[], Any], bool] | None],
        failed: Callable[[DelayedAttempt, BaseException], None],
        means: Means,
    ) -> None:
        self._store = store
        self._clock = clock
        self._call = call
        self._failed = failed
        self._means = means
        self._lock = threading.Lock()
        self._timer: Timer | None = None
        self._unknown: set[str] = set()
        # Memory has one taker, which cannot die and leave the store behind.
        self._lease = math.inf if isinstance(store, MemoryDelayedAttempts) else LEASE
        store.watch(self._wake_at)

    def start(self) -> None:
        """Look into the store for attempts that were left there."""
        due = self._store.next_due()
        if due is not None:
            self._wake_at(due)

    def stop(self) -> None:
        """Take no more attempts."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    @property
    def in_memory(self) -> int:
        """How many attempts end with this process."""
        return len(self._store) if isinstance(self._store, MemoryDelayedAttempts) else 0

    def _wake_at(self, due: float) -> None:
        with self._lock:
            if self._timer is not None and self._timer.state == "waiting" and self._timer.due <= due:
                return
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._means.timers.at(due, self._wake)

    def _wake(self) -> None:
        """Take what is due. The store may wait for a disk, so a thread asks it, unless somebody moves the clock by hand."""
        if self._means.timers.is_by_hand:
            self._take()
        else:
            self._means.threads.start(self._take)

    def _take(self) -> None:
        try:
            for attempt in self._store.due(self._clock(), lease=self._lease):
                self._begin(attempt)
            due = self._store.next_due()
        except Exception:
            _log.exception("the store of delayed attempts cannot be read; trying again in %.0f s", _UNKNOWN)
            due = self._clock() + _UNKNOWN
        if due is not None:
            self._wake_at(due)

    def _begin(self, attempt: DelayedAttempt) -> None:
        called = self._call(attempt)
        if called is None:
            if attempt.handler not in self._unknown:
                self._unknown.add(attempt.handler)
                _log.error(
                    "a delayed attempt of %s waits, which this bus does not include: include it",
                    attempt.handler,
                )
            return
        call, is_async = called
        self._means.under_way.begin(attempt.handler)
        if is_async:
            loop = self._means.loop()
            loop.call_soon_threadsafe(lambda: _keep(loop.create_task(self._run_async(attempt, call))))
        elif self._means.timers.is_by_hand:
            self._run(attempt, call)
        else:
            self._means.threads.start(partial(self._run, attempt, call))

    def _run(self, attempt: DelayedAttempt, call: Callable[[], Any]) -> None:
        try:
            with resuming(attempt):
                outcome = call()
        except BaseException as error:
            self._ended(attempt, error)
        else:
            self._ended(attempt, None, outcome)

    async def _run_async(self, attempt: DelayedAttempt, call: Callable[[], Any]) -> None:
        try:
            with resuming(attempt):
                outcome = await call()
        except asyncio.CancelledError:
            self._means.under_way.end(attempt.handler)  # broken off: its lease ends, and it is taken again
            raise
        except BaseException as error:
            await asyncio.to_thread(self._ended, attempt, error)
        else:
            await asyncio.to_thread(self._ended, attempt, None, outcome)

    def _ended(self, attempt: DelayedAttempt, error: BaseException | None, outcome: Any = None) -> None:
        try:
            if error is not None:
                self._failed(attempt, error)
            if outcome is not Outcome.DEFERRED:
                self._store.remove(attempt.id)
        except Exception:
            _log.exception("a delayed attempt of %s could not be taken off the store", attempt.handler)
        finally:
            self._means.under_way.end(attempt.handler)


_tasks: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    """A loop holds its tasks weakly."""
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
