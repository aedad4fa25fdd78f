"""A delivery that has failed for good, as the guards hand it to the store of dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from pubsub_devtools.model.envelope import Envelope

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent


class FailedDelivery(msgspec.Struct, frozen=True):
    """What is known when a handler has failed on an event for good.

    Attributes:
        handler: The handler's dotted name.
        event: The event it failed on.
        envelope: That of the delivery.
        error: The last error, with its traceback.
        attempts: How often the handler was called.
        first_failed: When it failed first, in seconds since 1970.
        last_failed: When it failed last, in seconds since 1970.

    Example:
        >>> FailedDelivery("shop.mail.write", "event", None, OSError("no route"), 4, 10.0, 70.0).attempts
        4
    """

    handler: str
    event: BaseEvent
    envelope: Envelope | None
    error: Exception
    attempts: int
    first_failed: float
    last_failed: float


class DeadLetterSink(Protocol):
    """Where dead letters are put: all that the guards know of their store.

    One that waits for a disk or a network gives ``put`` a second time as the coroutine function ``put_async``; guards of
    async handlers then await that.
    """

    def put(self, failed: FailedDelivery) -> None:
        """Keep the event as a dead letter; once this returns, it survives what the store survives."""
        ...
