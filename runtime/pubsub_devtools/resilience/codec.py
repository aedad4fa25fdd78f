"""How the stores of resilience turn events into bytes and back. Any codec fits that does these two things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.known import UnknownEventError
from pubsub_devtools.serialization import decode, encode

__all__ = ["ClassOf", "EventCodec", "JsonEventCodec", "Stored", "UnknownEventError"]

ClassOf = Callable[[str, str], type[BaseEvent] | None]
"""From the name and version of an event to its class, None where no such class is imported."""


class Stored(NamedTuple):
    """An event as a store keeps it."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]


class EventCodec(Protocol):
    """Encodes events with their identity, so that a decoded one has the id of the one that was encoded."""

    def encode(self, event: BaseEvent) -> Stored:
        """Return the event as bytes.

        Raises:
            Exception: It cannot be encoded.
        """
        ...

    def decode(self, stored: Stored) -> BaseEvent:
        """Return the event with the id that it had.

        Raises:
            UnknownEventError: Its class is not known.
            Exception: The bytes are damaged, or the event no longer fits its class.
        """
        ...


class JsonEventCodec:
    """JSON, read back as the class that declares its name and version.

    Args:
        class_of: Finds the class; by default among all subclasses of ``BaseEvent`` that are imported, the youngest first.

    Example:
        >>> class Pocket(BaseEvent):
        ...     count: int
        >>> codec, pocket = JsonEventCodec(), Pocket(1)
        >>> again = codec.decode(codec.encode(pocket))
        >>> again == pocket, again.id == pocket.id
        (True, True)
    """

    CONTENT_TYPE = "application/json"

    def __init__(self, class_of: ClassOf | None = None) -> None:
        self._classes = _Classes(class_of) if class_of else None

    def encode(self, event: BaseEvent) -> Stored:
        """Return the event as JSON, its identity beside it."""
        encoded = encode(event, content_type=self.CONTENT_TYPE)
        return Stored(encoded.body, encoded.content_type, encoded.headers)

    def decode(self, stored: Stored) -> BaseEvent:
        """Return the event that was stored."""
        event, _ = decode(stored.body, stored.content_type, stored.headers, registry=self._classes)
        return event


class _Classes:
    def __init__(self, class_of: ClassOf) -> None:
        self._class_of = class_of

    def event_class(self, type: str, version: str) -> type[BaseEvent]:
        cls = self._class_of(type, version)
        if cls is None:
            name = f"{type} {version}".strip()
            raise UnknownEventError(
                f"no class for the event {name} is imported; import the module that declares it"
            )
        return cls
