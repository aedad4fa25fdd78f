"""The bus: who handles an event is declared at the handler, decided when a bus includes it, and compiled at first publish."""

from pubsub_devtools.bus.bus import EventBus
from pubsub_devtools.bus.context import current_context
from pubsub_devtools.bus.declare import HandlerDeclaration, event_handler
from pubsub_devtools.bus.middleware import Middleware, Outgoing
from pubsub_devtools.bus.receipt import Failure, Receipt

__all__ = [
    "EventBus",
    "Failure",
    "HandlerDeclaration",
    "Middleware",
    "Outgoing",
    "Receipt",
    "current_context",
    "event_handler",
]
