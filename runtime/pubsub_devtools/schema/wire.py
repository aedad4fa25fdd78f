"""Events as JSON with their identity. ``model_dump_json`` gives the payload alone; what travels or is kept needs the id too."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent, adopt_id
from pubsub_devtools.schema.event_metadata import metadata

EventT = TypeVar("EventT", bound=BaseEvent)


class _Wire(msgspec.Struct):
    id: str
    type: str
    version: str
    data: msgspec.Raw


def encode(event: BaseEvent) -> bytes:
    """Return the event as a JSON object with ``id``, ``type``, ``version`` and its payload as ``data``.

    Example:
        >>> class Ping(BaseEvent):
        ...     count: int
        >>> ping = Ping(1)
        >>> decode(Ping, encode(ping)).id == ping.id
        True
    """
    about = metadata(event)
    payload = msgspec.Raw(event.model_dump_json().encode())
    return msgspec.json.encode(_Wire(about.id, about.type, about.version, payload))


def decode(cls: type[EventT], raw: bytes | str) -> EventT:
    """Return the event that ``encode`` wrote, with the id that it had.

    Args:
        cls: The class to build; its name and version must be those that were written.
        raw: The JSON text.

    Raises:
        ValueError: The text is not what ``encode`` writes, or is an event of another name or version.
        pydantic.ValidationError: The payload does not fit the class.
    """
    try:
        wire = msgspec.json.decode(raw, type=_Wire)
    except msgspec.DecodeError as error:
        raise ValueError(f"not an encoded event: {error}") from error
    schema = schema_of(cls)
    if (wire.type, wire.version) != (schema.name, schema.version):
        raise ValueError(
            f"this is {wire.type} {wire.version}, not {schema.name} {schema.version}".replace("  ", " ")
        )
    event = cls.model_validate_json(bytes(wire.data))
    adopt_id(event, wire.id)
    return event
