"""Which delayed attempt is being made: told by whoever runs it, read by the guards where they need to count on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pubsub_devtools.schema.event import event_id

if TYPE_CHECKING:
    from pubsub_devtools.resilience.delayed import DelayedAttempt
    from pubsub_devtools.schema.event import BaseEvent

running: ContextVar[DelayedAttempt | None] = ContextVar("pubsub_devtools_attempt", default=None)
"""The attempt that is being made, up to the guard that reads it last; handlers run outside of it."""


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
    token = running.set(attempt)
    try:
        yield
    finally:
        running.reset(token)


def resumed(handler: str, event: BaseEvent) -> DelayedAttempt | None:
    """Return the attempt that this call resumes, or None."""
    attempt = running.get()
    if attempt is None or attempt.handler != handler or event_id(attempt.event) != event_id(event):
        return None
    return attempt


def leaving(call: Callable[[BaseEvent], Any], *, is_async: bool) -> Callable[[BaseEvent], Any]:
    """Return the call as one in which no attempt is made any more, so that what it publishes in turn is no part of one.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> from pubsub_devtools.resilience.delayed import DelayedAttempt
        >>> class Ping(BaseEvent): ...
        >>> ping = Ping()
        >>> with resuming(DelayedAttempt("1", "shop.pong", ping, None, due=0.0)):
        ...     leaving(lambda event: resumed("shop.pong", event), is_async=False)(ping) is None
        True
    """

    def calling(event: BaseEvent) -> Any:
        token = running.set(None)
        try:
            return call(event)
        finally:
            running.reset(token)

    async def awaiting(event: BaseEvent) -> Any:
        token = running.set(None)
        try:
            return await call(event)
        finally:
            running.reset(token)

    left = awaiting if is_async else calling
    return lambda event: call(event) if running.get() is None else left(event)
