"""Which delayed attempt is being made: told by whoever runs it, read by the guards where they need to count on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from pubsub_devtools.schema.event import event_id

if TYPE_CHECKING:
    from pubsub_devtools.resilience.delayed import DelayedAttempt
    from pubsub_devtools.schema.event import BaseEvent

_running: ContextVar[DelayedAttempt | None] = ContextVar("pubsub_devtools_attempt", default=None)


@contextmanager
def resuming(attempt: DelayedAttempt) -> Generator[None, None, None]:
    """Call the attempt's handler with its event inside, so that the guards go on counting where they left off.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> from pubsub_devtools.resilience.delayed import DelayedAttempt
        >>> class Ping(BaseEvent): ...
        >>> ping = Ping()
        >>> with resuming(DelayedAttempt("1", "shop.pong", ping, None, due=0.0, attempt=2)):
        ...     resumed("shop.pong", ping).attempt, resumed("shop.other", ping)
        (2, None)
    """
    token = _running.set(attempt)
    try:
        yield
    finally:
        _running.reset(token)


def resumed(handler: str, event: BaseEvent) -> DelayedAttempt | None:
    """Return the attempt that this call resumes. What its handler publishes in turn is no part of it."""
    attempt = _running.get()
    if attempt is None or attempt.handler != handler or event_id(attempt.event) != event_id(event):
        return None
    return attempt
