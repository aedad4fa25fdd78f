"""Where the running code stands: in the delivery of an event, in a span, or in neither.

One context variable for both, since the innermost of them is the cause of what is published next. Tasks inherit it, and so
do ``asyncio.to_thread`` and every thread that is started by ``contextvars.copy_context().run``.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

from pubsub_devtools.tracing.trace_context import TraceContext


class Scope(Protocol):
    """A delivery or a span."""

    @property
    def delivery(self) -> Any:
        """The delivery that this lies in, itself if it is one; None outside of handlers."""
        ...

    @property
    def trace(self) -> TraceContext:
        """The place in the trace that is the parent of what is published or begun here."""
        ...


scope: ContextVar[Scope | None] = ContextVar("pubsub_devtools_scope", default=None)
"""The innermost scope of the running code."""
