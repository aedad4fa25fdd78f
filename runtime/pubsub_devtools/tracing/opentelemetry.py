"""The OpenTelemetry API, where it is installed: the one module that knows it, and it loads it only for `tracer.span`.

Whoever else has loaded it, an instrumented web framework for instance, is heard as well: what is published inside of its
spans belongs to their trace.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from sys import modules
from typing import Any

from pubsub_devtools.tracing.trace_context import TraceContext

API = "opentelemetry.trace"


@cache
def load() -> Any:
    """Return the API, None where it is not installed."""
    try:
        return import_module(API)
    except ImportError:
        return None


def current_span() -> TraceContext | None:
    """Return where the span stands that OpenTelemetry has open here; None where there is none, or nobody uses it."""
    api = modules.get(API)
    return _context(api.get_current_span()) if api is not None else None


@contextmanager
def recorded(
    name: str, parent: TraceContext | None, attributes: Mapping[str, Any] | None
) -> Generator[tuple[Any, TraceContext] | None, None, None]:
    """Open a span for whoever has set OpenTelemetry up to record it.

    Yields:
        OpenTelemetry's span and where it stands; None where nobody records.
    """
    api = load()
    span = api and _started(api, name, parent, attributes)
    context = span and _context(span)
    if not context or context == parent:  # without an SDK the API gives back what it was given
        yield None
        return
    with api.use_span(span, end_on_exit=True):
        yield span, context


def _started(api: Any, name: str, parent: TraceContext | None, attributes: Mapping[str, Any] | None) -> Any:
    around = None
    if parent is not None and parent != current_span():
        around = api.set_span_in_context(api.NonRecordingSpan(_remote(api, parent)))
    return api.get_tracer("pubsub_devtools").start_span(name, context=around, attributes=attributes)


def _remote(api: Any, context: TraceContext) -> Any:
    return api.SpanContext(
        trace_id=int(context.trace_id, 16),
        span_id=int(context.span_id, 16),
        is_remote=True,
        trace_flags=api.TraceFlags(context.flags),
        trace_state=api.TraceState.from_header([context.state]),
    )


def _context(span: Any) -> TraceContext | None:
    about = span.get_span_context()
    if not about.is_valid:
        return None
    trace_id, span_id = f"{about.trace_id:032x}", f"{about.span_id:016x}"
    return TraceContext(trace_id, span_id, about.trace_flags & 1, about.trace_state.to_header())
