"""`event_bus`: the bus of programs that need only one. It hears every declared handler, without ``include``."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from pubsub_devtools.bus.bus import EventBus
from pubsub_devtools.bus.declare import watch

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pubsub_devtools.bus.plan import Plan
    from pubsub_devtools.bus.schedule import ScheduledEvent
    from pubsub_devtools.schema.event import BaseEvent


class DefaultBus(EventBus):
    """Includes declared functions at the next publish: at declaration their module is only half run, and the types in
    their annotations may not exist yet. Methods need an instance: ``event_bus.include(instance)``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._declared: list[Callable[..., Any]] = []
        watch(self._hear)

    @contextmanager
    def isolated(self) -> Generator[Self, None, None]:
        """Forget at the end what is declared or included inside."""
        with super().isolated():
            before = list(self._declared)
            try:
                yield self
            finally:
                self._declared = before

    def _hear(self, function: Callable[..., Any]) -> None:
        with self._lock:
            self._declared.append(function)
            self._plans = {}

    def _compiled(self, cls: type) -> Plan:
        with self._lock:
            if self._declared:
                self.include(*self._declared)  # if one is wrong, this publish and the next say so
                self._declared = []
            return super()._compiled(cls)


event_bus: EventBus = DefaultBus()
"""The default bus."""


def schedule_event(
    event: BaseEvent,
    *,
    delay: float | timedelta | None = None,
    at: datetime | float | None = None,
    key: str = "",
    headers: Mapping[str, str] | None = None,
) -> ScheduledEvent:
    """Publish an event later on the default bus: as ``EventBus.schedule``.

    Args:
        event: What will have happened.
        delay: Seconds from now.
        at: A datetime with a time zone, or seconds since 1970.
        key: As of ``publish``.
        headers: As of ``publish``.

    Returns:
        A handle: ``cancel()``, ``state``, and later ``receipt``.

    Raises:
        TypeError: Not exactly one of ``delay`` and ``at`` is given.
        ValueError: The delay is negative, or the datetime has no time zone.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Remind(BaseEvent): ...
        >>> handle = schedule_event(Remind(), delay=3600)
        >>> handle.cancel(), handle.state
        (True, 'cancelled')
    """
    return event_bus.schedule(event, delay=delay, at=at, key=key, headers=headers)
