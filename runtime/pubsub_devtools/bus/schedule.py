"""Events that are published later: after so many seconds, or at an instant."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextvars import Context, copy_context
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.timers import Timer, Timers

if TYPE_CHECKING:
    from pubsub_devtools.bus.launching import Means
    from pubsub_devtools.bus.receipt import Receipt
    from pubsub_devtools.schema.event import BaseEvent

Publish = Callable[[], "Receipt | None"]
"""Publishes the event where nobody waits for it: it never raises, errors are told."""


class ScheduledEvent:
    """An event that is to be published later.

    Attributes:
        event: The event. Its id is made now, its envelope when it is published.
        receipt: What the publish returned; None until then.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus
        >>> class Reminder(BaseEvent): ...
        >>> bus = EventBus()
        >>> later = bus.schedule(Reminder(), delay=3600)
        >>> later.cancel(), later.receipt
        (True, None)
    """

    def __init__(self, event: BaseEvent, publish: Publish, means: Means) -> None:
        self.event = event
        self.receipt: Receipt | None = None
        self._publish = publish
        self._means = means
        self._loop = running_loop()
        self._context: Context = copy_context()
        self._timer: Timer | None = None

    def cancel(self) -> bool:
        """Keep the event from being published. False if it was, or was cancelled already."""
        return self._timer is not None and self._timer.cancel()

    @property
    def state(self) -> Literal["waiting", "published", "cancelled"]:
        """Whether it still waits, and if not, what became of it."""
        state = self._timer.state if self._timer else "waiting"
        return "published" if state == "fired" else state

    def start(self, timers: Timers, delay: float | None, at: float | None) -> None:
        """Set the timer."""
        self._timer = (
            timers.after(delay, self._fire) if delay is not None else timers.at(at or 0.0, self._fire)
        )

    def _fire(self) -> None:
        """Publish where it was scheduled: on that loop, or where it has ended, or none ran, on a thread.

        Where somebody moves the clock by hand, whoever moves it does the work: when the clock stands again, it is done.
        """
        means = self._means
        name = f"scheduled {self.event.type}"
        means.under_way.begin(name)
        if means.timers.is_by_hand:
            self._context.run(self._now, name)
        elif self._loop is None or not _called_soon(self._loop, lambda: self._now(name), self._context):
            means.threads.start(lambda: self._context.run(self._now, name))

    def _now(self, name: str) -> None:
        try:
            self.receipt = self._publish()
        finally:
            self._means.under_way.end(name)

    def __repr__(self) -> str:
        return f"<ScheduledEvent {self.event.type} {self.state}>"


def _called_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None], context: Context) -> bool:
    try:
        if loop.is_running():
            loop.call_soon_threadsafe(call, context=context)
            return True
    except RuntimeError:  # it was closed just now
        pass
    return False


def when(delay: float | timedelta | None, at: datetime | float | None) -> tuple[float | None, float | None]:
    """Return the seconds to wait, or the instant in seconds since 1970; one of both is None.

    Raises:
        TypeError: Not exactly one of both is given, or it is no time.
        ValueError: The delay is negative or not finite, or the datetime has no time zone.
    """
    if (delay is None) == (at is None):
        raise TypeError("give either delay=, seconds from now, or at=, an instant")
    if delay is not None:
        if not isinstance(delay, int | float | timedelta):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"delay is a number of seconds or a timedelta, not {delay!r}")
        seconds = delay.total_seconds() if isinstance(delay, timedelta) else float(delay)
        if not 0 <= seconds < math.inf:
            raise ValueError(f"delay is a number of seconds from 0 up, not {delay!r}")
        return seconds, None
    if not isinstance(at, int | float | datetime):
        raise TypeError(f"at is a datetime with a time zone, or seconds since 1970, not {at!r}")
    if not isinstance(at, datetime):
        instant = float(at)
        if not math.isfinite(instant):
            raise ValueError(f"at is an instant in seconds since 1970, not {at!r}")
        return None, instant
    if at.tzinfo is None:
        raise ValueError(f"at={at!r} has no time zone: add one, such as tzinfo=datetime.UTC")
    return None, at.timestamp()
