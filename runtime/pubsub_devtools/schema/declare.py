"""`event_schema`: the declared name and version of an event class. The name is what handlers listen to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pubsub_devtools.schema.known import forget
from pubsub_devtools.schema.versions import parsed_version

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

EventT = TypeVar("EventT", bound="BaseEvent")

_NAME = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"  # compiled when a first event is declared


class EventSchema(msgspec.Struct, frozen=True):
    """The name and version of an event. ``version`` is empty where the class declares none."""

    name: str
    version: str = ""


def event_schema(name: str, version: str) -> Callable[[type[EventT]], type[EventT]]:
    """Declare the name and version under which an event class is published.

    Args:
        name: Dotted segments of letters, digits, ``_`` and ``-``: ``"OrderPlaced"``, ``"orders.placed"``.
        version: ``MAJOR.MINOR.PATCH``, as in semantic versioning.

    Returns:
        A decorator that returns the same class.

    Raises:
        ValueError: The name or the version is not of this form.
        TypeError: The decorated object is no subclass of ``BaseEvent``.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> @event_schema(name="orders.placed", version="2.0.0")
        ... class OrderPlaced(BaseEvent):
        ...     order_id: str
        >>> OrderPlaced("o-1").type, OrderPlaced("o-1").version
        ('orders.placed', '2.0.0')
    """
    for argument, value in (("name", name), ("version", version)):
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f'event_schema({argument}={value!r}): write @event_schema(name="OrderPlaced", version="1.0.0")'
            )
    if not re.fullmatch(_NAME, name):
        raise ValueError(f"{name!r} is no event name: use dotted segments of letters, digits, '_' and '-'")
    if not parsed_version(version):
        raise ValueError(f"{version!r} is no version of {name}: use MAJOR.MINOR.PATCH, for instance '1.0.0'")
    schema = EventSchema(name, version)

    def declare(cls: type[EventT]) -> type[EventT]:
        if not hasattr(cls, "__event_schema__"):
            raise TypeError(f"@event_schema belongs on a subclass of BaseEvent, not on {cls!r}")
        cls.__event_schema__ = schema
        _declared.append(cls)
        for heard in _watchers:
            heard(cls)
        forget()
        return cls

    return declare


def watch(heard: Callable[[type[BaseEvent]], None]) -> None:
    """Call ``heard`` with every class declared so far, and with each further one when it is declared."""
    _watchers.append(heard)
    for cls in _declared:
        heard(cls)


def declared() -> tuple[type[BaseEvent], ...]:
    """Return every class declared so far, in the order of their declaration."""
    return tuple(_declared)


_declared: list[type[BaseEvent]] = []
_watchers: list[Callable[[type[BaseEvent]], None]] = []


def schema_of(cls: type[BaseEvent]) -> EventSchema:
    """Return the name and version of an event class: the declared ones, else its own name and no version.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Ping(BaseEvent): ...
        >>> schema_of(Ping)
        EventSchema(name='Ping', version='')
    """
    return cls.__event_schema__
