"""Letters, events and a bus's stand-in for the tests of dead letters."""

from datetime import UTC, datetime

from pubsub_devtools import BaseEvent
from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.dead_letters.letter import AuditEntry, DeadLetter, letter_id
from pubsub_devtools.resilience.failed import FailedDelivery


class LetterSent(BaseEvent):
    order: str
    total: int = 0


def letter(event_id="1", *, handler="shop.mail.write", at=10.0, **other):
    values = {
        "id": letter_id(handler, event_id),
        "handler": handler,
        "event_id": event_id,
        "event_type": "shop.LetterSent",
        "body": b'{"n":1}',
        "headers": {"a": "b"},
        "error_type": "OSError",
        "message": "no route",
        "traceback": "Traceback ...",
        "fingerprint": "abc123",
        "attempts": 4,
        "first_failed": at,
        "last_failed": at,
    }
    return DeadLetter(**{**values, **other})


def entry(of, action="replayed", run="run", time=100.0):
    return AuditEntry(time, run, action, of.id, of.handler, of.event_id, of.event_type, "ada", "why")


def envelope(event, key=""):
    time = datetime(2030, 1, 1, tzinfo=UTC)
    return Envelope(event.id, "LetterSent", "", "shop", time, correlation_id=event.id, key=key)


def failed(event, error=None, *, handler="shop.mail.write", key="", at=10.0):
    try:
        raise error or OSError("no route")
    except Exception as raised:
        return FailedDelivery(handler, event, envelope(event, key), raised, 4, at, at)


class Target:
    """Calls functions by name, as a bus calls handlers."""

    def __init__(self, **handlers):
        self.handlers = {name.replace("__", "."): call for name, call in handlers.items()}
        self.calls = []

    def has_handler(self, handler):
        return handler in self.handlers

    def call_handler(self, handler, event, envelope):
        self.calls.append((handler, event.order))
        return self.handlers[handler](event)

    async def call_async(self, handler, event, envelope):
        return self.call_handler(handler, event, envelope)
