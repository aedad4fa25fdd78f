"""What ties events together across handlers, tasks, threads and services: W3C Trace Context, made without OpenTelemetry.

Correlation and causation ids stand in the envelope; here are the trace that it carries and the spans that users open.
"""

from pubsub_devtools.tracing.trace_context import TraceContext, parse_traceparent, parse_tracestate
from pubsub_devtools.tracing.tracer import Span, Tracer, tracer

__all__ = ["Span", "TraceContext", "Tracer", "parse_traceparent", "parse_tracestate", "tracer"]
