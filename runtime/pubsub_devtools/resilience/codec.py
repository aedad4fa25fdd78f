"""How the stores of resilience turn events into bytes and back. Any codec fits that does these two things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

import msgspec

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.wire import decode, encode

ClassOf = Callable[[str, str], type[BaseEvent] | None]
"""From the name and version of an event to its class, None where no such class is imported."""


class Stored(NamedTuple):
    """An event as a store keeps it."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]


class UnknownEventError(LookupError):
    """No class of this name and version is known here, so the event cannot be read."""


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
        >>> class Ping(BaseEvent):
        ...     count: int
        >>> codec, ping = JsonEventCodec(), Ping(1)
        >>> again = codec.decode(codec.encode(ping))
        >>> again == ping, again.id == ping.id
        (True, True)
    """

    CONTENT_TYPE = "application/json"

    def __init__(self, class_of: ClassOf | None = None) -> None:
        self._class_of = class_of or _imported_class

    def encode(self, event: BaseEvent) -> Stored:
        """Return the event as JSON."""
        return Stored(encode(event), self.CONTENT_TYPE, {})

    def decode(self, stored: Stored) -> BaseEvent:
        """Return the event that the JSON says."""
        about = msgspec.json.decode(stored.body, type=_About)
        cls = self._class_of(about.type, about.version)
        if cls is None:
            name = f"{about.type} {about.version}".strip()
            raise UnknownEventError(
                f"no class for the event {name} is imported; import the module that declares it"
            )
        return decode(cls, stored.body)


class _About(msgspec.Struct):
    type: str
    version: str


def _imported_class(name: str, version: str) -> type[BaseEvent] | None:
    found = [
        cls
        for cls in _subclasses(BaseEvent)
        if (schema := schema_of(cls)).name == name and schema.version == version
    ]
    return found[-1] if found else None


def _subclasses(cls: type[BaseEvent]) -> Iterator[type[BaseEvent]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)
