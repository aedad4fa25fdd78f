"""Schemas in files of their own: Avro (`.avsc`), JSON Schema (`.json`) and protobuf (`.proto`), as `FieldType`. Pure.

A file holds the records that it names. Imports of other files are not followed: what comes from there is unknown.
"""

from pubsub_devtools.schema.formats.reading import SUFFIXES, SchemaError, read_schema

__all__ = ["SUFFIXES", "SchemaError", "read_schema"]
