"""What has happened on a bus since its control socket was opened, counted by a plugin."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.plugins.plugin import Plugin
from pubsub_devtools.schema.declare import schema_of

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["HandlerMetrics", "Meter", "Metrics"]


class HandlerMetrics(msgspec.Struct):
    """Counts of one handler. ``seconds`` is the sum of the durations of calls that returned, ``slowest`` the longest."""

    executed: int = 0
    failed: int = 0
    retried: int = 0
    dead_letters: int = 0
    duplicates: int = 0
    rate_limited: int = 0
    timed_out: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


class Metrics(msgspec.Struct):
    """Counts of one bus. ``since`` is when counting began, in seconds since 1970; ``published`` counts by event."""

    since: float
    published: dict[str, int] = {}
    dropped: dict[str, int] = {}
    handlers: dict[str, HandlerMetrics] = {}
    breakers: dict[str, str] = {}
    """The state of every breaker that has ever changed, by handler."""


class Meter(Plugin):
    """Counts. It is called first, so that other plugins cannot delay it."""

    name = "control"
    priority = 1_000_000

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._since = clock()
        self._published: defaultdict[str, int] = defaultdict(int)
        self._dropped: defaultdict[str, int] = defaultdict(int)
        self._handlers: defaultdict[str, HandlerMetrics] = defaultdict(HandlerMetrics)
        self._breakers: dict[str, str] = {}

    def metrics(self) -> Metrics:
        """Return the counts as they are now."""
        with self._lock:
            handlers = {name: msgspec.structs.replace(counts) for name, counts in self._handlers.items()}
            return Metrics(
                self._since, dict(self._published), dict(self._dropped), handlers, dict(self._breakers)
            )

    def on_event_published(self, event: BaseEvent) -> None:
        """Count it by its name."""
        with self._lock:
            self._published[schema_of(type(event)).name] += 1

    def on_event_dropped(self, event: BaseEvent, reason: str) -> None:
        """Count it by its name."""
        with self._lock:
            self._dropped[schema_of(type(event)).name] += 1

    def on_handler_executed(self, handler: str, duration: float) -> None:
        """Count it, and how long it took."""
        with self._lock:
            counts = self._handlers[handler]
            counts.executed += 1
            counts.seconds += duration
            counts.slowest = max(counts.slowest, duration)

    def on_handler_failed(self, handler: str, event: BaseEvent, error: BaseException) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].failed += 1

    def on_retry(
        self, handler: str, event: BaseEvent, error: BaseException, attempt: int, delay: float
    ) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].retried += 1

    def on_dead_letter(self, handler: str, event: BaseEvent, error: BaseException, attempts: int) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].dead_letters += 1

    def on_duplicate(self, handler: str, event: BaseEvent) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].duplicates += 1

    def on_rate_limited(self, handler: str, event: BaseEvent, action: str, wait: float) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].rate_limited += 1

    def on_timed_out(self, handler: str, event: BaseEvent, timeout: float) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].timed_out += 1

    def on_bulkhead_full(self, handler: str, event: BaseEvent) -> None:
        """Count it."""
        with self._lock:
            self._handlers[handler].refused += 1

    def on_breaker_changed(self, handler: str, before: str, after: str) -> None:
        """Keep the state."""
        with self._lock:
            self._breakers[handler] = after
