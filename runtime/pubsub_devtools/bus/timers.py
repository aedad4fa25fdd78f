"""What is to happen later: kept in order of time, fired by a thread of its own or by hand.

Two clocks count. "In an hour" is measured by a clock that only grows: setting the system's time neither hastens nor delays it.
"At noon" follows the system's time wherever it is set: forward over noon, it fires at once; back, it waits longer. What has
fired never fires again.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from typing import Literal

_log = logging.getLogger("pubsub_devtools")

Basis = Literal["elapsed", "wall"]

_NOTICE = 1.0
"""Seconds after which a change of the system's time is noticed at the latest."""

_SPARE = 64
"""Cancelled timers that may lie in a heap before it is cleaned, if they are most of it."""


class Timer:
    """One thing to do later. ``due`` is in the seconds of its basis."""

    __slots__ = ("_timers", "action", "basis", "due", "state")

    def __init__(self, timers: Timers, due: float, basis: Basis, action: Callable[[], None]) -> None:
        self.due = due
        self.basis: Basis = basis
        self.action = action
        self.state: Literal["waiting", "fired", "cancelled"] = "waiting"
        self._timers = timers

    def cancel(self) -> bool:
        """Keep it from firing. False if it has fired or was cancelled already."""
        return self._timers.cancel(self)


_Entry = tuple[float, int, Timer]


class Timers:
    """All timers of one bus.

    Promises:
        - A timer fires once, or is cancelled, never both; never before it is due by its clock.
        - Those that are due together fire in the order of their due times, equals in the order in which they were set.
        - An action that raises, or sets and cancels timers, disturbs no other timer.
        - Without timers there is no thread.

    Args:
        clock: Seconds since 1970, for ``basis="wall"``.
        monotonic: Seconds that only grow, for ``basis="elapsed"``.

    Example:
        >>> now = 0.0
        >>> timers = Timers()
        >>> with timers.by_hand(lambda: now):
        ...     timer = timers.after(60.0, lambda: print("a minute has passed"))
        ...     now = 60.0
        ...     timers.fire_due()
        a minute has passed
        1
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clocks: dict[Basis, Callable[[], float]] = {"wall": clock, "elapsed": monotonic}
        self._heaps: dict[Basis, list[_Entry]] = {"wall": [], "elapsed": []}
        self._cancelled: dict[Basis, int] = {"wall": 0, "elapsed": 0}
        self._numbers = itertools.count()
        self._changed = threading.Condition()  # its lock is an RLock
        self._thread: threading.Thread | None = None
        self.is_by_hand = False

    def elapsed(self) -> float:
        """Return the seconds of the clock that only grows."""
        return self._clocks["elapsed"]()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Set a timer that fires when so many seconds have passed. The action must not block."""
        return self._add(self._clocks["elapsed"]() + max(0.0, seconds), "elapsed", action)

    def at(self, due: float, action: Callable[[], None]) -> Timer:
        """Set a timer that fires when the system's time is there, in seconds since 1970: at once
        where it is past. The action must not block."""
        return self._add(max(due, self._clocks["wall"]()), "wall", action)

    def cancel(self, timer: Timer) -> bool:
        """Keep a timer from firing. False if it has fired or was cancelled already."""
        with self._changed:
            if timer.state != "waiting":
                return False
            timer.state = "cancelled"
            self._cancelled[timer.basis] += 1
            self._clean(timer.basis)
            return True

    def waiting(self) -> list[Timer]:
        """Return the timers that have not fired, in no order."""
        with self._changed:
            entries = itertools.chain.from_iterable(self._heaps.values())
            return [timer for _, _, timer in entries if timer.state == "waiting"]

    def seconds_to_next(self) -> float | None:
        """Return the seconds until the next timer is due, 0 where one is overdue, or None where nothing waits."""
        with self._changed:
            return self._seconds_to_next()

    def fire_due(self) -> int:
        """Fire what is due, and return how many fired. What the actions set for now waits for the next call."""
        fired, before = 0, next(self._numbers)
        while (timer := self._next_due(before)) is not None:
            fired += 1
            try:
                timer.action()
            except Exception:
                _log.exception("a timer's action failed")
        return fired

    @contextmanager
    def by_hand(
        self, clock: Callable[[], float], monotonic: Callable[[], float] | None = None
    ) -> Generator[None, None, None]:
        """Stop the thread and take other clocks: inside, timers fire when ``fire_due`` is called.

        Timers that waited before keep the seconds that were left, or the instant that they were set for.

        Args:
            clock: Seconds since 1970.
            monotonic: Seconds that only grow; ``clock`` where it is not given.
        """
        before, was_by_hand = dict(self._clocks), self.is_by_hand
        self._set_clocks({"wall": clock, "elapsed": monotonic or clock}, by_hand=True)
        try:
            yield
        finally:
            self._set_clocks(before, by_hand=was_by_hand)

    def close(self) -> list[Timer]:
        """Cancel what waits, and return it. The thread ends; a later timer starts it again."""
        with self._changed:
            left = self.waiting()
            for timer in left:
                timer.state = "cancelled"
            for basis, heap in self._heaps.items():
                heap.clear()
                self._cancelled[basis] = 0
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        return left

    def _add(self, due: float, basis: Basis, action: Callable[[], None]) -> Timer:
        with self._changed:
            timer = Timer(self, due, basis, action)
            heappush(self._heaps[basis], (due, next(self._numbers), timer))
            self._be_served()
            self._changed.notify_all()
            return timer

    def _next_due(self, before: int) -> Timer | None:
        """Take out the timer that has been due for longest, of those that were set before the number."""
        with self._changed:
            heads: list[tuple[float, int, Basis]] = [
                (heap[0][0] - self._clocks[basis](), heap[0][1], basis)
                for basis, heap in self._live_heaps()
                if heap[0][1] < before
            ]
            if not heads or min(heads)[0] > 0:
                return None
            timer = heappop(self._heaps[min(heads)[2]])[2]
            timer.state = "fired"
            return timer

    def _seconds_to_next(self) -> float | None:
        left = [heap[0][0] - self._clocks[basis]() for basis, heap in self._live_heaps()]
        return max(0.0, min(left)) if left else None

    def _live_heaps(self) -> list[tuple[Basis, list[_Entry]]]:
        """Return the heaps that hold a timer, each with one that waits on top."""
        for basis, heap in self._heaps.items():
            while heap and heap[0][2].state == "cancelled":
                heappop(heap)
                self._cancelled[basis] -= 1
        return [(basis, heap) for basis, heap in self._heaps.items() if heap]

    def _clean(self, basis: Basis) -> None:
        """Let go of cancelled timers, which may hold large events, before their time comes."""
        heap = self._heaps[basis]
        if self._cancelled[basis] > _SPARE and self._cancelled[basis] * 2 > len(heap):
            heap[:] = [entry for entry in heap if entry[2].state == "waiting"]
            heapify(heap)
            self._cancelled[basis] = 0

    def _set_clocks(self, clocks: Mapping[Basis, Callable[[], float]], *, by_hand: bool) -> None:
        with self._changed:
            shift = clocks["elapsed"]() - self._clocks["elapsed"]()
            for entry in self._heaps["elapsed"]:
                entry[2].due += shift
            self._heaps["elapsed"] = [
                (due + shift, number, timer) for due, number, timer in self._heaps["elapsed"]
            ]
            self._clocks = dict(clocks)
            self.is_by_hand = by_hand
            if any(self._heaps.values()):
                self._be_served()
            self._changed.notify_all()

    def _be_served(self) -> None:
        """Start the thread where there is none: it is a daemon, and gone after a fork."""
        if not self.is_by_hand and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._serve, name="pubsub-devtools-timers", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        me = threading.current_thread()
        while True:
            with self._changed:
                if self._thread is not me:
                    return
                left = None if self.is_by_hand else self._seconds_to_next()
                if left is None or left > 0:
                    self._changed.wait(self._patience(left))
                    continue
            self.fire_due()

    def _patience(self, left: float | None) -> float | None:
        """Return how long to sleep: the system's time may be set meanwhile, and nothing tells of it."""
        if left is not None and self._heaps["wall"]:
            return min(left, _NOTICE)
        return None if left is None else min(left, threading.TIMEOUT_MAX)
