"""Where a running handler stands: the delivery that it serves, and through it the chain that the event belongs to."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.event import BaseEvent, event_id
from pubsub_devtools.schema.event_metadata import metadata


class Delivery:
    """One event under way through one bus. The envelope is made when somebody first looks at it.

    It holds its chain's first event and the event that caused it, not its parent's delivery: a chain that never ends
    must not grow in memory.
    """

    def __init__(
        self, event: BaseEvent, source: Callable[[], str], time: float, parent: Delivery | None
    ) -> None:
        self.event = event
        self.first: BaseEvent = parent.first if parent else event
        self._cause = parent.event if parent else None
        self._source = source
        self._time = time

    @cached_property
    def envelope(self) -> Envelope:
        """The delivery as handlers see it."""
        about = metadata(self.event)
        return Envelope(
            id=about.id,
            type=about.type,
            version=about.version,
            source=self._source(),
            time=datetime.fromtimestamp(self._time, UTC),
            correlation_id=event_id(self.first),
            causation_id=event_id(self._cause) if self._cause else "",
        )


delivery: ContextVar[Delivery | None] = ContextVar("pubsub_devtools_delivery", default=None)
"""The delivery of the running handler; tasks and ``asyncio.to_thread`` inherit it."""


def current_context() -> Envelope | None:
    """Return the envelope of the event that the running handler got, or None outside of a handler.

    Example:
        >>> current_context() is None
        True
    """
    current = delivery.get()
    return current.envelope if current else None
