"""PubSub DevTools: the event bus, its schemas and its sagas.

Every public name is imported on first use (PEP 562), so that ``import pubsub_devtools`` costs nothing and the values in
``pubsub_devtools.model`` can be used where pydantic must not be loaded, above all in the language server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus
    from pubsub_devtools.bus.context import current_context
    from pubsub_devtools.bus.declare import event_handler
    from pubsub_devtools.bus.default import event_bus, schedule_event
    from pubsub_devtools.bus.middleware import Middleware
    from pubsub_devtools.bus.queueing import QueueFull
    from pubsub_devtools.bus.receipt import Failure, Receipt
    from pubsub_devtools.bus.replies import (
        NoReplyError,
        NoResponderError,
        RequestError,
        RequestFailedError,
        RequestTimeoutError,
        reply,
    )
    from pubsub_devtools.bus.schedule import ScheduledEvent
    from pubsub_devtools.model.envelope import Envelope
    from pubsub_devtools.resilience.declarations import Idempotent
    from pubsub_devtools.resilience.declare import bulkhead, circuit_breaker, rate_limit, throttle, timeout
    from pubsub_devtools.resilience.errors import (
        BulkheadFullError,
        CircuitOpenError,
        HandlerTimeoutError,
        PoisonMessageError,
        RateLimitedError,
    )
    from pubsub_devtools.resilience.policies.retry import RetryPolicy
    from pubsub_devtools.sagas.declare import saga, step
    from pubsub_devtools.schema.contract import EventContract
    from pubsub_devtools.schema.declare import event_schema
    from pubsub_devtools.schema.event import BaseEvent
    from pubsub_devtools.schema.event_metadata import metadata
    from pubsub_devtools.schema.invalid import EventInvalid
    from pubsub_devtools.schema.migrator import EventMigrator, MigrationError
    from pubsub_devtools.schema.registry.default import schema_registry
    from pubsub_devtools.schema.validation import Validation
    from pubsub_devtools.tracing.tracer import tracer

__all__ = [
    "BaseEvent",
    "BulkheadFullError",
    "CircuitOpenError",
    "Envelope",
    "EventBus",
    "EventContract",
    "EventInvalid",
    "EventMigrator",
    "Failure",
    "HandlerTimeoutError",
    "Idempotent",
    "Middleware",
    "MigrationError",
    "NoReplyError",
    "NoResponderError",
    "PoisonMessageError",
    "QueueFull",
    "RateLimitedError",
    "Receipt",
    "RequestError",
    "RequestFailedError",
    "RequestTimeoutError",
    "RetryPolicy",
    "ScheduledEvent",
    "Validation",
    "bulkhead",
    "circuit_breaker",
    "current_context",
    "event_bus",
    "event_handler",
    "event_schema",
    "metadata",
    "rate_limit",
    "reply",
    "saga",
    "schedule_event",
    "schema_registry",
    "step",
    "throttle",
    "timeout",
    "tracer",
]

_HOMES = {
    "BaseEvent": "schema.event",
    "BulkheadFullError": "resilience.errors",
    "CircuitOpenError": "resilience.errors",
    "Envelope": "model.envelope",
    "EventBus": "bus.bus",
    "EventContract": "schema.contract",
    "EventInvalid": "schema.invalid",
    "EventMigrator": "schema.migrator",
    "Failure": "bus.receipt",
    "HandlerTimeoutError": "resilience.errors",
    "Idempotent": "resilience.declarations",
    "Middleware": "bus.middleware",
    "MigrationError": "schema.migration_error",
    "NoReplyError": "bus.replies",
    "NoResponderError": "bus.replies",
    "PoisonMessageError": "resilience.errors",
    "QueueFull": "bus.queueing",
    "RateLimitedError": "resilience.errors",
    "Receipt": "bus.receipt",
    "RequestError": "bus.replies",
    "RequestFailedError": "bus.replies",
    "RequestTimeoutError": "bus.replies",
    "RetryPolicy": "resilience.policies.retry",
    "ScheduledEvent": "bus.schedule",
    "Validation": "schema.validation",
    "bulkhead": "resilience.declare",
    "circuit_breaker": "resilience.declare",
    "current_context": "bus.context",
    "event_bus": "bus.default",
    "event_handler": "bus.declare",
    "event_schema": "schema.declare",
    "metadata": "schema.event_metadata",
    "rate_limit": "resilience.declare",
    "reply": "bus.replies",
    "saga": "sagas.declare",
    "schedule_event": "bus.default",
    "schema_registry": "schema.registry.default",
    "step": "sagas.declare",
    "throttle": "resilience.declare",
    "timeout": "resilience.declare",
    "tracer": "tracing.tracer",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
