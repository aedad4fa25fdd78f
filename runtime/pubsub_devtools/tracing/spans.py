"""Which span is open where something is published or begun: ours, or one that others opened inside of it."""

from __future__ import annotations

from pubsub_devtools.tracing.opentelemetry import current_span
from pubsub_devtools.tracing.scope import Scope
from pubsub_devtools.tracing.trace_context import TraceContext


def open_span(around: Scope | None) -> TraceContext | None:
    """Return where the innermost span stands.

    A span of OpenTelemetry counts where it is of the same trace: then it was opened inside of ours, or carries it on. A
    worker's own span, around the handling of an event that came from elsewhere, does not take that event's trace over.

    Args:
        around: The innermost of our scopes.

    Returns:
        None where no span is open, be it in the delivery of an event or not.
    """
    foreign = current_span()
    if foreign is not None and (around is None or foreign.trace_id == around.trace.trace_id):
        return foreign
    return None if around is None or around is around.delivery else around.trace
