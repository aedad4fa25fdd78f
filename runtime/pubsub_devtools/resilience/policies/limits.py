"""How often a handler may be called: the sliding window and the token bucket, both without a clock of their own.

A limit answers one question, ``slot``: when is there room for one more? Whoever uses the room says so with ``take``. Both
keep the promise whatever the times are, as long as what is taken is taken at its slot or later.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from typing import Protocol


class Limit(Protocol):
    """What is known of a rate, and what was taken of it."""

    def admits(self, now: float) -> bool:
        """Count a call now where there is room, and tell whether there was: ``slot`` and ``take`` in one."""
        ...

    def slot(self, now: float) -> float:
        """Return the earliest time, ``now`` at the soonest, at which one more call keeps the rate."""
        ...

    def take(self, at: float) -> None:
        """Count a call at this time, which is a slot."""
        ...

    def settle(self, now: float) -> bool:
        """Bring back to ``now`` what lies so far ahead that the clock must have been set back; tell whether it was."""
        ...

    def times(self) -> list[float]:
        """Return the state: finite numbers that ``restored`` understands."""
        ...

    def restored(self, times: Iterable[float]) -> Limit:
        """Return a limit of the same rate in the given state."""
        ...


class SlidingWindow:
    """At most ``max_events`` calls in any half-open interval of ``window`` seconds.

    Exact, since it remembers as many calls as it allows: there is room once the oldest of them lies a window back.

    Example:
        >>> window = SlidingWindow(2, 60.0)
        >>> for now in (0.0, 10.0):
        ...     window.take(window.slot(now))
        >>> window.slot(20.0), window.slot(75.0)
        (60.0, 75.0)
    """

    def __init__(self, max_events: int, window: float, times: Iterable[float] = ()) -> None:
        self._window = window
        self._max_events = max_events
        self._latest = deque(sorted(times), max_events)

    def admits(self, now: float) -> bool:
        """Count a call now where there is room, and tell whether there was."""
        latest = self._latest
        if len(latest) == self._max_events and latest[0] + self._window > now:
            return False
        latest.append(now)
        return True

    def slot(self, now: float) -> float:
        """Return the earliest time at which one more call keeps the rate."""
        if len(self._latest) < self._max_events:
            return now
        return max(now, self._latest[0] + self._window)

    def take(self, at: float) -> None:
        """Count a call at this time."""
        self._latest.append(at)

    def settle(self, now: float) -> bool:
        """Bring calls back to ``now`` that lie more than a window ahead."""
        if not self._latest or self._latest[-1] <= now + self._window:
            return False
        self._latest = deque([min(time, now) for time in self._latest], self._max_events)
        return True

    def times(self) -> list[float]:
        """Return when the calls were that still count."""
        return list(self._latest)

    def restored(self, times: Iterable[float]) -> SlidingWindow:
        """Return a window of the same rate with these calls in it."""
        return SlidingWindow(self._max_events, self._window, times)


class TokenBucket:
    """``rate`` calls a second in the long run, at most ``burst`` at once after a rest.

    Kept as one number, the time at which the bucket is full again: the generic cell rate algorithm of ATM (ITU-T I.371),
    which is the token bucket without a refill to simulate.

    Example:
        >>> bucket = TokenBucket(rate=2.0, burst=2)
        >>> for now in (0.0, 0.0):
        ...     bucket.take(bucket.slot(now))
        >>> bucket.slot(0.0), bucket.slot(0.5)
        (0.5, 0.5)
    """

    def __init__(self, rate: float, burst: int, full_at: float = -math.inf) -> None:
        self._rate = rate
        self._burst = burst
        self._full_at = full_at

    def admits(self, now: float) -> bool:
        """Count a call now where there is room, and tell whether there was."""
        full_at = self._full_at
        if full_at - (self._burst - 1) / self._rate > now:
            return False
        self._full_at = (full_at if full_at > now else now) + 1 / self._rate
        return True

    def slot(self, now: float) -> float:
        """Return the earliest time at which one more call keeps the rate."""
        free = self._full_at - (self._burst - 1) / self._rate
        return free if free > now else now

    def take(self, at: float) -> None:
        """Count a call at this time."""
        self._full_at = max(self._full_at, at) + 1 / self._rate

    def settle(self, now: float) -> bool:
        """Empty the bucket at ``now`` where it seems to have been emptied long after."""
        empty = now + self._burst / self._rate
        if self._full_at <= empty + self._burst / self._rate:
            return False
        self._full_at = empty
        return True

    def times(self) -> list[float]:
        """Return when the bucket is full; nothing while it has never been used."""
        return [self._full_at] if self._full_at > -math.inf else []

    def restored(self, times: Iterable[float]) -> TokenBucket:
        """Return a bucket of the same rate in this state."""
        return TokenBucket(self._rate, self._burst, max(times, default=-math.inf))
