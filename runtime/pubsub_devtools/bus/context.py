"""Where a running handler stands: the delivery that it serves, and through it the chain that the event belongs to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.event import BaseEvent, event_id
from pubsub_devtools.tracing.ids import new_ids, new_span_id
from pubsub_devtools.tracing.scope import Scope, scope
from pubsub_devtools.tracing.spans import open_span
from pubsub_devtools.tracing.trace_context import TraceContext, parse_traceparent

_lock = threading.Lock()


class Delivery(msgspec.Struct, eq=False):
    """One event under way through one bus. Ids, envelope and trace are made when somebody first looks at them.

    It holds its chain's first delivery and the event that caused it, not its parent's delivery: a chain that never ends
    must not grow in memory. ``span`` is what was open around the publish, ``envelope`` what the event came with if it
    was not published here.
    """

    event: BaseEvent
    source: Callable[[], str]
    time: float
    key: str = ""
    headers: Mapping[str, str] | None = None
    first: Delivery | None = None
    cause: BaseEvent | None = None
    span: TraceContext | None = None
    made: Envelope | None = None
    traced: TraceContext | None = None

    @property
    def delivery(self) -> Delivery:
        """Itself: a delivery is a scope."""
        return self

    @property
    def envelope(self) -> Envelope:
        """The delivery as handlers see it."""
        return self.made or self._enveloped()

    @property
    def correlation_id(self) -> str:
        """The id that the whole chain shares: that of the event which began it."""
        first = self.first or self
        return first.made.correlation_id if first.made else event_id(first.event)

    @property
    def trace(self) -> TraceContext:
        """The place in the trace: the open span's, else a new one in the trace of the chain."""
        return self.traced or self._traced()

    def _enveloped(self) -> Envelope:
        trace, event, schema = self.trace, self.event, self.event.__event_schema__
        identity = event_id(event)
        self.made = made = Envelope(
            identity,
            schema.name,
            schema.version,
            self.source(),
            datetime.fromtimestamp(self.time, UTC),
            identity if self.first is None else self.first.correlation_id,
            event_id(self.cause) if self.cause is not None else "",
            trace.traceparent,
            trace.state,
            self.key,
            self.headers or {},
        )
        return made

    def _traced(self) -> TraceContext:
        above = self.first.trace if self.first else None  # outside of the lock, which it may need itself
        with _lock:  # two handlers may ask at once, and must agree
            if self.traced is None:
                self.traced = self.span or self._began(above)
            return self.traced

    def _began(self, above: TraceContext | None) -> TraceContext:
        if above is not None:
            return TraceContext(above.trace_id, new_span_id(), above.flags, above.state)
        came = parse_traceparent(self.made.traceparent, self.made.tracestate) if self.made else None
        return came or TraceContext(*new_ids())


def under(
    parent: Scope | None,
    event: BaseEvent,
    source: Callable[[], str],
    time: float,
    key: str,
    headers: Mapping[str, str] | None,
) -> Delivery:
    """Return the delivery of an event that is published in a handler, in a span, in both, or in neither."""
    cause: Delivery | None = parent.delivery if parent else None
    span = open_span(parent)
    if cause is None:
        return Delivery(event, source, time, key, headers, span=span)
    return Delivery(event, source, time, key, headers, cause.first or cause, cause.event, span)


def current_delivery() -> Delivery | None:
    """Return the delivery that the running handler serves, or None outside of a handler."""
    current = scope.get()
    return current.delivery if current else None


def current_context() -> Envelope | None:
    """Return the envelope of the event that the running handler got, or None outside of a handler.

    Example:
        >>> current_context() is None
        True
    """
    current = current_delivery()
    return current.envelope if current else None
