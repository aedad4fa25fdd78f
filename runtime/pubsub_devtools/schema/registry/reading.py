"""The type of any registered schema: exact for event classes, as near as the type language gets for the others."""

from __future__ import annotations

from pubsub_devtools.model.field_type import FieldType
from pubsub_devtools.schema.formats.avro_reading import avro_records
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema_reading import json_type
from pubsub_devtools.schema.formats.protobuf_reading import protobuf_records
from pubsub_devtools.schema.registry.errors import RegistryError
from pubsub_devtools.schema.registry.event_schemas import document
from pubsub_devtools.schema.registry.values import Schema

__all__ = ["schema_type"]


def schema_type(schema: Schema) -> FieldType:
    """Return the type of the messages of a schema; of several records that of the last in Avro, the first in protobuf.

    Raises:
        RegistryError: The schema cannot be read.
    """
    try:
        if schema.type == "JSON":
            return json_type(document(schema))
        if schema.type == "AVRO":
            return list(avro_records(document(schema)).values())[-1]
        return next(iter(protobuf_records(schema.text).values()))
    except (SchemaError, IndexError, StopIteration) as error:
        raise RegistryError(
            f"the {schema.type} schema cannot be read: {error or 'it holds no record'}"
        ) from None
