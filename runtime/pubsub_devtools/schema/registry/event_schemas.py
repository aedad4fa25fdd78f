"""Event classes as schemas of a registry, and the types of schemas that were written so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model.field_type import FieldType
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema import from_json_schema, to_json_schema
from pubsub_devtools.schema.formats.json_schema_reading import own_part
from pubsub_devtools.schema.registry.errors import RegistryError
from pubsub_devtools.schema.registry.values import Schema

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["declared_version", "document", "event_schema_of", "event_type"]


def event_schema_of(cls: type[BaseEvent]) -> Schema:
    """Return the schema of an event class: JSON Schema, from which its type is read exactly.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Paid(BaseEvent):
        ...     total: int
        >>> event_type(event_schema_of(Paid)).fields[0].name
        'total'
    """
    from pubsub_devtools.schema.described import describe  # noqa: PLC0415 - loads pydantic

    written, _ = to_json_schema(describe(cls))
    return Schema(msgspec.json.encode(written).decode())


def event_type(schema: Schema) -> FieldType | None:
    """Return the type of a schema that was made of an event class; None for any other, which its own rules judge."""
    found = document(schema) if schema.type == "JSON" else None
    if own_part(found) is None:
        return None
    try:
        return from_json_schema(found).type
    except SchemaError as error:
        raise RegistryError(f"the schema cannot be read: {error}") from None


def declared_version(schema: Schema) -> str:
    """Return the version that a schema of an event class carries in its text; nothing where it carries none."""
    own = own_part(document(schema)) if schema.type == "JSON" else None
    return str((own or {}).get("version", ""))


def document(schema: Schema) -> object:
    """Return the JSON value that a schema's text is.

    Raises:
        RegistryError: It is no JSON.
    """
    try:
        return msgspec.json.decode(schema.text)
    except msgspec.DecodeError as error:
        raise RegistryError(f"the {schema.type} schema is no valid JSON: {error}") from None
