"""Avro schemas, as the specification writes them: https://avro.apache.org/docs/1.12.0/specification/"""

from __future__ import annotations

from typing import Any, cast

from pubsub_devtools.model.field_type import (
    Array,
    FieldType,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    ScalarName,
    Unknown,
)
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.unions import choice_of, union_of

_PRIMITIVES: dict[str, ScalarName] = {
    "null": "null",
    "boolean": "bool",
    "int": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "bytes": "bytes",
    "string": "str",
    "fixed": "bytes",
}
_LOGICAL: dict[str, ScalarName] = {
    "decimal": "decimal",
    "uuid": "uuid",
    "date": "date",
    "time-millis": "time",
    "time-micros": "time",
    "timestamp-millis": "datetime",
    "timestamp-micros": "datetime",
    "local-timestamp-millis": "datetime",
    "local-timestamp-micros": "datetime",
    "duration": "timedelta",
}


def avro_records(schema: Any) -> dict[str, Record]:
    """The records of a schema, by their full names.

    Raises:
        SchemaError: it is not well written.
    """
    reader = _Reader()
    for each in cast("list[object]", schema) if isinstance(schema, list) else [schema]:
        reader.read(each, "")
    return {name: type_ for name, type_ in reader.named.items() if isinstance(type_, Record)}


class _Reader:
    """Reads one file; named types may be used where they stand and after."""

    def __init__(self) -> None:
        self.named: dict[str, FieldType] = {}
        self.inside: list[str] = []

    def read(self, schema: Any, namespace: str) -> FieldType:
        if isinstance(schema, str):
            return self.name(schema, namespace)
        if isinstance(schema, list):
            if not schema:
                raise SchemaError("a union has no members")
            return union_of([self.read(member, namespace) for member in cast("list[object]", schema)])
        if not isinstance(schema, dict):
            raise SchemaError(f"a type is a name, a list or an object, not {schema!r}")
        return self.object(cast("dict[str, Any]", schema), namespace)

    def name(self, name: str, namespace: str) -> FieldType:
        if name in _PRIMITIVES:
            return Scalar(_PRIMITIVES[name])
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        if full in self.inside:
            return Ref(full.rpartition(".")[2])
        return self.named.get(full) or Unknown(name)

    def object(self, schema: dict[str, Any], namespace: str) -> FieldType:
        kind = schema.get("type")
        logical = schema.get("logicalType")
        if isinstance(logical, str) and logical in _LOGICAL:
            return Scalar(_LOGICAL[logical])
        match kind:
            case "array":
                return Array("list", self.read(schema.get("items", "null"), namespace))
            case "map":
                return Map(Scalar("str"), self.read(schema.get("values", "null"), namespace))
            case "record" | "error" | "enum" | "fixed":
                return self.declared(schema, namespace)
            case _:
                return self.read(kind, namespace)

    def declared(self, schema: dict[str, Any], namespace: str) -> FieldType:
        name = schema.get("name")
        if not isinstance(name, str) or not name:
            raise SchemaError(f"a {schema['type']} has no name")
        space = str(schema.get("namespace", namespace))
        full = name if "." in name or not space else f"{space}.{name}"
        self.inside.append(full)
        try:
            self.named[full] = self.made(schema, full)
        finally:
            self.inside.pop()
        return self.named[full]

    def made(self, schema: dict[str, Any], full: str) -> FieldType:
        space, _, name = full.rpartition(".")
        if schema["type"] == "fixed":
            return Scalar("bytes")
        if schema["type"] == "enum":
            return choice_of([str(symbol) for symbol in _list(schema, "symbols")])
        return Record(name, tuple(self.field(field, space) for field in _list(schema, "fields")))

    def field(self, field: Any, namespace: str) -> RecordField:
        if not isinstance(field, dict) or not isinstance(cast("dict[str, Any]", field).get("name"), str):
            raise SchemaError("a field has no name")
        given = cast("dict[str, Any]", field)
        aliases = tuple(str(alias) for alias in _list(given, "aliases"))
        has_default = "default" in given
        type_ = self.read(given.get("type"), namespace)
        return RecordField(given["name"], type_, not has_default, has_default, aliases)


def _list(schema: dict[str, Any], key: str) -> list[Any]:
    found = schema.get(key, [])
    if not isinstance(found, list):
        raise SchemaError(f"`{key}` must be a list")
    return cast("list[object]", found)
