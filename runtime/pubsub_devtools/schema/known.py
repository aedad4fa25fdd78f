"""Which class an event of a name and version is built as: every subclass of `BaseEvent` that this process has loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from pubsub_devtools.schema.declare import EventSchema
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["UnknownEventError", "event_class", "event_classes"]

_found: WeakValueDictionary[EventSchema, type[BaseEvent]] = WeakValueDictionary()
"""What was looked up since a class was last made or named. Weak, so that a class of a test does not outlive it."""


class UnknownEventError(LookupError):
    """No loaded class, or no single one, is the event of this name and version; the message says what is known."""


def event_class(type: str, version: str = "") -> type[BaseEvent]:
    """Return the loaded class of an event.

    A class of a module goes before one that a function made; of those the newest is taken, since it has replaced the others.

    Args:
        type: The event's name.
        version: Its version, empty where the class declares none.

    Raises:
        UnknownEventError: No class is that event, or several modules hold one.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_schema
        >>> @event_schema(name="parcels.sent", version="1.0.0")
        ... class ParcelSent(BaseEvent): ...
        >>> event_class("parcels.sent", "1.0.0") is ParcelSent
        True
        >>> event_class("parcels.sent", "2.0.0")
        Traceback (most recent call last):
        pubsub_devtools.schema.known.UnknownEventError: no class is parcels.sent 2.0.0; known versions are: 1.0.0
    """
    from pubsub_devtools.schema.declare import EventSchema  # noqa: PLC0415 (it asks us to forget)

    schema = EventSchema(type, version)
    if (known := _found.get(schema)) is not None:
        return known
    named = [cls for cls in _all() if cls.__event_schema__.name == type]
    found = _chosen([cls for cls in named if cls.__event_schema__ == schema], schema)
    if found is None:
        raise UnknownEventError(_why_not(schema, named))
    _found[schema] = found
    return found


def event_classes(type: str) -> list[type[BaseEvent]]:
    """Return the loaded classes of all versions of an event.

    Raises:
        UnknownEventError: Several modules hold a class of one version.

    Example:
        >>> event_classes("never.declared")
        []
    """
    named = [cls for cls in _all() if cls.__event_schema__.name == type]
    schemas = dict.fromkeys(cls.__event_schema__ for cls in named)
    chosen = (_chosen([cls for cls in named if cls.__event_schema__ == schema], schema) for schema in schemas)
    return [cls for cls in chosen if cls is not None]


def forget() -> None:
    """Look anew: a class was made, or got another name."""
    _found.clear()


def _all() -> Iterator[type[BaseEvent]]:
    from pubsub_devtools.schema.event import BaseEvent  # noqa: PLC0415 (it asks us to forget)

    todo: list[type[BaseEvent]] = BaseEvent.__subclasses__()
    seen: set[type[BaseEvent]] = set()
    for cls in todo:  # grows while it is walked
        if cls not in seen:
            seen.add(cls)
            todo.extend(cls.__subclasses__())
            yield cls


def _chosen(classes: list[type[BaseEvent]], schema: EventSchema) -> type[BaseEvent] | None:
    lasting = [cls for cls in classes if "<locals>" not in cls.__qualname__]
    places = dict.fromkeys(f"{cls.__module__}.{cls.__qualname__}" for cls in lasting)
    if len(places) > 1:
        raise UnknownEventError(
            f"{_spelled(schema)} is declared by {' and by '.join(places)}: give each a name and version of its own "
            "with @event_schema"
        )
    found = lasting or classes
    return found[-1] if found else None


def _why_not(schema: EventSchema, named: list[type[BaseEvent]]) -> str:
    wanted = _spelled(schema)
    if named:
        versions = dict.fromkeys(cls.__event_schema__.version or "none" for cls in named)
        return f"no class is {wanted}; known versions are: {', '.join(versions)}"
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    near = get_close_matches(schema.name, {cls.__event_schema__.name for cls in _all()}, n=3)
    hint = f"; similar are: {', '.join(near)}" if near else ""
    return f"no class is {wanted}: import the module that declares it{hint}"


def _spelled(schema: EventSchema) -> str:
    return f"{schema.name} {schema.version}".rstrip()
