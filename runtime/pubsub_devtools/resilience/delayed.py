"""Delayed attempts: calls of a handler that are to follow later. This is the protocol of their store, and its memory form.

The store knows neither handlers nor timers. Whoever runs the attempts takes those that are due, calls the handler inside
`attempt.resuming`, and removes the attempt unless the outcome is ``Outcome.DEFERRED``: then the guards have put its
successor in its place. So an attempt is never lost, and one whose process dies is taken again: at least once.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from pubsub_devtools.model.envelope import Envelope

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

Why = Literal["retry", "rate_limit", "under_way"]


class DelayedAttempt(msgspec.Struct, frozen=True):
    """One call of one handler that is to happen at ``due``.

    Attributes:
        id: Its own; an attempt that follows from this one keeps it, and so replaces it in the store.
        handler: The handler's dotted name.
        event: The event to call it with.
        envelope: That of the delivery that could not be finished.
        due: Seconds since 1970.
        attempt: How many attempts of this delivery have failed so far.
        began: When the first of them began, in seconds since 1970; the deadline of a retry counts from here.
        first_failed: When the first of them failed, in seconds since 1970.
        error: The last of their errors in one line; empty where none has failed.
        why: What delayed it.
        taken: How often it was taken from the store to be called. More than once means that whoever took it died.

    Example:
        >>> DelayedAttempt("1", "shop.mail.write", "event", None, due=60.0, attempt=1, error="OSError: no route").taken
        0
    """

    id: str
    handler: str
    event: BaseEvent
    envelope: Envelope | None
    due: float
    attempt: int = 0
    began: float = 0.0
    first_failed: float = 0.0
    error: str = ""
    why: Why = "retry"
    taken: int = 0


class DelayedAttempts(Protocol):
    """A store of delayed attempts.

    One that waits for a disk or a network gives ``add`` a second time as the coroutine function ``add_async``; guards of
    async handlers then await that.
    """

    def add(self, attempt: DelayedAttempt) -> None:
        """Keep the attempt; it replaces one of the same id. Once this returns, the attempt survives what the store does."""
        ...

    def due(self, now: float, *, limit: int = 100, lease: float = math.inf) -> list[DelayedAttempt]:
        """Take attempts that are due, the earliest first.

        Args:
            now: Seconds since 1970.
            limit: How many at most.
            lease: Seconds after which an attempt that was taken, and neither removed nor replaced, is due again: its taker
                has died. In one process it may be infinite; processes that share a store give more than a call can last.

        Returns:
            The attempts, ``taken`` counted up. The store has kept that count before it returns.
        """
        ...

    def remove(self, id: str) -> None:
        """Forget an attempt; without effect where it is not there."""
        ...

    def next_due(self) -> float | None:
        """Return when the next attempt is due, or its lease ends; None where there is none."""
        ...

    def watch(self, added: Callable[[float], None]) -> None:
        """Call ``added`` with the due time of every attempt that is added in this process, from any thread."""
        ...


class MemoryDelayedAttempts:
    """Delayed attempts in memory: safe from several threads, gone with the process.

    Example:
        >>> store = MemoryDelayedAttempts()
        >>> store.add(DelayedAttempt("1", "shop.mail.write", "event", None, due=60.0))
        >>> store.due(59.0), [attempt.id for attempt in store.due(60.0)]
        ([], ['1'])
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: dict[str, DelayedAttempt] = {}
        # A heap of (when, id). An entry counts only while `_ready` says the same: what is changed stays in the heap.
        self._heap: list[tuple[float, str]] = []
        self._ready: dict[str, float] = {}
        self._watchers: tuple[Callable[[float], None], ...] = ()

    def add(self, attempt: DelayedAttempt) -> None:
        """Keep the attempt; it replaces one of the same id."""
        with self._lock:
            self._put(attempt, attempt.due)
        for added in self._watchers:
            added(attempt.due)

    def due(self, now: float, *, limit: int = 100, lease: float = math.inf) -> list[DelayedAttempt]:
        """Take attempts that are due, the earliest first."""
        found: list[DelayedAttempt] = []
        with self._lock:
            while len(found) < limit and (soonest := self._soonest()) is not None and soonest <= now:
                known = self._attempts[heapq.heappop(self._heap)[1]]
                found.append(msgspec.structs.replace(known, taken=known.taken + 1))
                self._ready.pop(known.id)
            for attempt in found:
                self._put(attempt, now + lease)
        return found

    def remove(self, id: str) -> None:
        """Forget an attempt."""
        with self._lock:
            self._attempts.pop(id, None)
            self._ready.pop(id, None)

    def next_due(self) -> float | None:
        """Return when the next attempt is due, or its lease ends."""
        with self._lock:
            return self._soonest()

    def __len__(self) -> int:
        """How many attempts are kept."""
        return len(self._attempts)

    def watch(self, added: Callable[[float], None]) -> None:
        """Call ``added`` with the due time of every attempt that is added."""
        self._watchers = (*self._watchers, added)

    def _put(self, attempt: DelayedAttempt, when: float) -> None:
        self._attempts[attempt.id] = attempt
        if when < math.inf:
            self._ready[attempt.id] = when
            heapq.heappush(self._heap, (when, attempt.id))
        else:
            self._ready.pop(attempt.id, None)

    def _soonest(self) -> float | None:
        while self._heap:
            when, id = self._heap[0]
            if self._ready.get(id) == when:
                return when
            heapq.heappop(self._heap)
        return None
