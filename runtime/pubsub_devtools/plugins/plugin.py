"""`Plugin`: the base of what users write to see everything that happens on a bus. A slot is a method to override."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["Plugin"]


class Plugin:
    """Override the slots that you want; those that nobody overrides cost the bus nothing.

    Slots are plain functions and run where the thing happens, in the publisher's or the handler's thread: be quick, and
    hand slow work to a thread or queue of your own. What a slot raises is logged and reaches neither publisher nor handler;
    a slot that fails ``Hooks.FAILURES_ALLOWED`` times in a row takes its plugin out. A slot is not called for what it causes itself: a plugin
    that publishes in ``on_event_published`` does not hear that publish.

    ``handler`` is a handler's dotted name. Durations are seconds.

    Attributes:
        name: What logs and ``unregister_plugin`` call it; the class's name where it is empty.
        priority: Plugins are called from the highest to the lowest, equal ones in the order of their registration.

    Example:
        >>> from pubsub_devtools.plugins import Hooks, Plugin
        >>> class Slow(Plugin):
        ...     def on_handler_executed(self, handler: str, duration: float) -> None:
        ...         if duration > 1:
        ...             print(handler, "took", duration, "s")
        >>> hooks = Hooks([Slow()])
        >>> hooks.on_handler_executed("shop.mail.write", 2.5)
        shop.mail.write took 2.5 s
        >>> hooks.on_event_published is None
        True
    """

    name: ClassVar[str] = ""
    priority: ClassVar[int] = 0

    def on_bus_started(self, bus: EventBus) -> None:
        """A bus begins to take events."""

    def on_bus_stopped(self, bus: EventBus) -> None:
        """A bus has been closed."""

    def on_event_published(self, event: BaseEvent) -> None:
        """An event was published, and none of its handlers has run yet."""

    def on_event_dropped(self, event: BaseEvent, reason: str) -> None:
        """An event will not be handled: a full queue dropped it, or it was found invalid."""

    def on_handler_started(self, handler: str, event: BaseEvent) -> None:
        """A handler is about to be called, once for each attempt."""

    def on_handler_executed(self, handler: str, duration: float) -> None:
        """A handler has returned."""

    def on_handler_failed(self, handler: str, event: BaseEvent, error: BaseException) -> None:
        """A handler has raised, after the last of its attempts."""

    def on_retry(
        self, handler: str, event: BaseEvent, error: BaseException, attempt: int, delay: float
    ) -> None:
        """Attempt number ``attempt`` (from 1) has failed with ``error``; the next one follows after ``delay``."""

    def on_dead_letter(self, handler: str, event: BaseEvent, error: BaseException, attempts: int) -> None:
        """An event was put among the dead letters of a handler, after so many attempts."""

    def on_breaker_changed(self, handler: str, before: str, after: str) -> None:
        """A circuit breaker has gone from one state to another: ``closed``, ``open``, ``half-open``."""

    def on_rate_limited(self, handler: str, event: BaseEvent, action: str, wait: float) -> None:
        """An event is over a handler's rate: it was delayed by ``wait``, or ``action`` says what became of it
        (``delay``, ``reject``, ``dlq``).
        """

    def on_bulkhead_full(self, handler: str, event: BaseEvent) -> None:
        """A handler has as many calls under way as it may, and this event had to wait or was refused."""

    def on_timed_out(self, handler: str, event: BaseEvent, timeout: float) -> None:
        """A handler has taken longer than it may."""

    def on_duplicate(self, handler: str, event: BaseEvent) -> None:
        """A handler has seen this event before and is not called again."""

    def on_alert(self, rule: str, message: str) -> None:
        """An alert rule holds."""
