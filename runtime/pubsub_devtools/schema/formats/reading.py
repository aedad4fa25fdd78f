"""A schema's file, in the language that its name tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import msgspec

from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.formats.avro_reading import avro_records
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema_reading import json_records
from pubsub_devtools.schema.formats.protobuf_reading import protobuf_records

__all__ = ["SUFFIXES", "SchemaError", "read_schema"]

Records = dict[str, Record]
"""Records by the full names that the file gives them."""


def read_schema(name: str, data: bytes) -> Records:
    """The records of a schema's file.

    Args:
        name: the file's name, whose ending tells the language.
        data: the file.

    Raises:
        SchemaError: it is in none of the languages, or not well written.

    Example:
        >>> order = b'{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}'
        >>> read_schema("order.avsc", order)["Order"].fields[0].type.name
        'int'
    """
    path = PurePosixPath(name)
    if path.suffix not in _READERS:
        raise SchemaError(f"`{path.suffix or path.name}` is none of {', '.join(SUFFIXES)}")
    try:
        found = _READERS[path.suffix](data.decode("utf-8-sig"), path.stem)
    except UnicodeDecodeError:
        raise SchemaError("it is no valid UTF-8") from None
    except RecursionError:
        raise SchemaError("it is nested too deeply") from None
    if not found:
        raise SchemaError("it holds no record with fields")
    return found


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise SchemaError(f"it is no valid JSON: {error}") from None


_READERS: dict[str, Callable[[str, str], Records]] = {
    ".avsc": lambda text, _: avro_records(_json(text)),
    ".json": lambda text, stem: json_records(_json(text), stem.removesuffix(".schema")),
    ".proto": lambda text, _: protobuf_records(text),
}

SUFFIXES = tuple(_READERS)
