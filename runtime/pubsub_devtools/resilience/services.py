"""What guards are given: the handler that they stand around, clocks, randomness, stores and the plugins' slots."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import random as draw
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from pubsub_devtools.resilience.delayed import DelayedAttempts, MemoryDelayedAttempts
from pubsub_devtools.resilience.failed import DeadLetterSink, FailedDelivery
from pubsub_devtools.resilience.seen import MemorySeen, SeenStore
from pubsub_devtools.resilience.states import MemoryStates, StateStore

if TYPE_CHECKING:
    from pubsub_devtools.model.envelope import Envelope
    from pubsub_devtools.schema.event import BaseEvent

Call = Callable[["BaseEvent"], Any]
"""Calls a handler with an event; that of an async handler returns an awaitable."""


class Handled(msgspec.Struct, frozen=True):
    """The handler that guards stand around: its dotted name, the event (or pattern) it is declared for, its kind.

    Example:
        >>> Handled("shop.mail.write", "OrderPlaced", is_async=True).event
        'OrderPlaced'
    """

    name: str
    event: str
    is_async: bool


class GuardHooks(Protocol):
    """The slots of plugins that guards call. An empty one is None; they are read where something has happened."""

    @property
    def on_retry(self) -> Callable[[str, BaseEvent, BaseException, int, float], None] | None:
        """Handler, event, error, number of the attempt that failed, seconds until the next."""
        ...

    @property
    def on_dead_letter(self) -> Callable[[str, BaseEvent, BaseException, int], None] | None:
        """Handler, event, error, attempts made."""
        ...

    @property
    def on_breaker_changed(self) -> Callable[[str, str, str], None] | None:
        """Handler, state before, state after."""
        ...

    @property
    def on_rate_limited(self) -> Callable[[str, BaseEvent, str, float], None] | None:
        """Handler, event, ``delay`` or ``reject`` or ``dlq``, seconds until there is room."""
        ...

    @property
    def on_bulkhead_full(self) -> Callable[[str, BaseEvent], None] | None:
        """Handler, event."""
        ...

    @property
    def on_timed_out(self) -> Callable[[str, BaseEvent, float], None] | None:
        """Handler, event, the bound in seconds."""
        ...

    @property
    def on_duplicate(self) -> Callable[[str, BaseEvent], None] | None:
        """Handler, event."""
        ...


class NoHooks:
    """No plugin is registered: every slot is empty."""

    on_retry = None
    on_dead_letter = None
    on_breaker_changed = None
    on_rate_limited = None
    on_bulkhead_full = None
    on_timed_out = None
    on_duplicate = None


class MemoryDeadLetterSink:
    """Keeps the latest failed deliveries in a list: for tests, and where guards stand apart from a bus.

    Args:
        max_entries: How many are kept; older ones go.

    Example:
        >>> MemoryDeadLetterSink().failed
        []
    """

    def __init__(self, max_entries: int = 1000) -> None:
        self._max_entries = max_entries
        self.failed: list[FailedDelivery] = []

    def put(self, failed: FailedDelivery) -> None:
        """Keep it, and forget the oldest where there are too many."""
        self.failed.append(failed)
        del self.failed[: -self._max_entries]


def _outside_a_bus() -> Envelope | None:
    return None


class Services:
    """What the guards of one bus share. Every part has a default that needs nothing but this process.

    Args:
        clock: Returns seconds since 1970; for what is kept or shared.
        monotonic: Returns seconds of a clock that nobody sets; for durations.
        random: Returns a number from 0 up to 1; for jitter.
        envelope: Returns the envelope of the running delivery.
        hooks: The slots of the registered plugins.
        dead_letters: Where events go that failed for good.
        seen: What handlers have seen.
        delayed: Attempts that follow later.
        states: What breakers and limiters share with other processes.

    Example:
        >>> Services(clock=lambda: 0.0).clock()
        0.0
    """

    __slots__ = (
        "clock",
        "dead_letters",
        "delayed",
        "envelope",
        "hooks",
        "monotonic",
        "random",
        "seen",
        "states",
    )

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = draw,
        envelope: Callable[[], Envelope | None] = _outside_a_bus,
        hooks: GuardHooks | None = None,
        dead_letters: DeadLetterSink | None = None,
        seen: SeenStore | None = None,
        delayed: DelayedAttempts | None = None,
        states: StateStore | None = None,
    ) -> None:
        self.clock = clock
        self.monotonic = monotonic
        self.random = random
        self.envelope = envelope
        self.hooks: GuardHooks = hooks or NoHooks()
        self.dead_letters: DeadLetterSink = dead_letters or MemoryDeadLetterSink()
        self.seen: SeenStore = seen or MemorySeen()
        self.delayed: DelayedAttempts = delayed or MemoryDelayedAttempts()
        self.states: StateStore = states or MemoryStates()
