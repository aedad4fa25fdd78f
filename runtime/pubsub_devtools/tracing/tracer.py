"""`tracer`: spans around the user's own steps, by the OpenTelemetry API where it is installed and without it where not.

In both cases what is published inside a span belongs to its trace. Who records spans, and where to, is set up with
OpenTelemetry's SDK as anywhere else; where nobody records, a span carries the ids on and nothing more.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from pubsub_devtools.tracing.ids import new_ids, new_span_id
from pubsub_devtools.tracing.opentelemetry import recorded
from pubsub_devtools.tracing.scope import scope
from pubsub_devtools.tracing.spans import open_span
from pubsub_devtools.tracing.trace_context import TraceContext

Attribute = str | bool | int | float


class Span:
    """One step that is being traced.

    Attributes:
        name: What the step is called.
        trace: Where it stands: its trace and its own id.
        delivery: The delivery of the handler that it lies in, None outside of handlers.
    """

    __slots__ = ("_recorded", "delivery", "name", "trace")

    def __init__(self, name: str, trace: TraceContext, delivery: Any, recorded: Any = None) -> None:
        self.name = name
        self.trace = trace
        self.delivery = delivery
        self._recorded = recorded

    def set_attribute(self, name: str, value: Attribute) -> None:
        """Note something about the step, for whoever records it."""
        if self._recorded is not None:
            self._recorded.set_attribute(name, value)


class Tracer:
    """Opens spans.

    Example:
        >>> from pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler
        >>> class OrderPaid(BaseEvent): ...
        >>> @event_handler(OrderPaid)
        ... def ship(event: OrderPaid, envelope: Envelope) -> None:
        ...     print(envelope.traceparent == span.trace.traceparent)
        >>> bus = EventBus()
        >>> bus.include(ship)
        >>> with tracer.span("process_order") as span:
        ...     _ = bus.publish(OrderPaid())
        True
    """

    @contextmanager
    def span(
        self, name: str, *, attributes: Mapping[str, Attribute] | None = None
    ) -> Generator[Span, None, None]:
        """Trace what runs inside ``with``, sync or async.

        Args:
            name: What the step is called.
            attributes: What is known of it from the start.

        Yields:
            The span. Its parent is the span that is open here, else the event that the running handler got; where there is
            neither, a trace begins.
        """
        around = scope.get()
        parent = open_span(around) or (around.trace if around else None)
        with recorded(name, parent, attributes) as found:
            recording, trace = found or (None, _inside(parent))
            span = Span(name, trace, around.delivery if around else None, recording)
            token = scope.set(span)
            try:
                yield span
            finally:
                scope.reset(token)


def _inside(parent: TraceContext | None) -> TraceContext:
    if parent is None:
        return TraceContext(*new_ids())
    return TraceContext(parent.trace_id, new_span_id(), parent.flags, parent.state)


tracer = Tracer()
"""The tracer of this process."""
