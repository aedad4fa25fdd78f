"""JSON Schemas of objects: properties, what is required, references inside the file."""

from __future__ import annotations

from typing import Any, cast

from pubsub_devtools.model.field_type import (
    Anything,
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
from pubsub_devtools.schema.unions import literal_of, union_of
from pubsub_devtools_analysis.schema_files.error import SchemaError

_TYPES: dict[str, ScalarName] = {
    "null": "null",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "string": "str",
}
_FORMATS: dict[str, ScalarName] = {
    "date": "date",
    "date-time": "datetime",
    "time": "time",
    "duration": "timedelta",
    "uuid": "uuid",
}


def json_records(schema: Any, name: str) -> dict[str, Record]:
    """The record that a schema is, by its title, else by the name of its file.

    Raises:
        SchemaError: it is not well written.
    """
    if not isinstance(schema, dict):
        raise SchemaError("a schema is an object")
    root = cast("dict[str, Any]", schema)
    title = str(root.get("title") or name)
    found = _Reader(root).read(root, title)
    return {title: found} if isinstance(found, Record) else {}


class _Reader:
    """Reads one file. References into other files are unknown."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.inside: list[str] = []

    def read(self, schema: Any, name: str) -> FieldType:
        if not isinstance(schema, dict):
            return Anything()
        given = cast("dict[str, Any]", schema)
        if "$ref" in given:
            return self.referred(str(given["$ref"]))
        for key in ("anyOf", "oneOf"):
            if isinstance(given.get(key), list) and given[key]:
                return union_of([self.read(each, name) for each in given[key]])
        if "const" in given or isinstance(given.get("enum"), list):
            return _choice(given["enum"] if "enum" in given else [given["const"]])
        kinds = given.get("type", "object" if "properties" in given else None)
        if isinstance(kinds, list) and kinds:
            return union_of([self.kind(given, kind, name) for kind in cast("list[object]", kinds)])
        return Anything() if kinds is None and "allOf" not in given else self.kind(given, kinds, name)

    def kind(self, given: dict[str, Any], kind: Any, name: str) -> FieldType:
        if kind == "object":
            return self.object(given, name)
        if kind == "array":
            return Array("list", self.read(given.get("items", True), name))
        if kind == "string" and given.get("format") in _FORMATS:
            return Scalar(_FORMATS[given["format"]])
        return Scalar(_TYPES[kind]) if isinstance(kind, str) and kind in _TYPES else Unknown(name)

    def object(self, given: dict[str, Any], name: str) -> FieldType:
        properties = given.get("properties")
        more = given.get("additionalProperties", True)
        if properties is None:
            return Map(Scalar("str"), self.read(more, name))
        if not isinstance(properties, dict):
            raise SchemaError("`properties` must be an object")
        required = given.get("required", [])
        if not isinstance(required, list):
            raise SchemaError("`required` must be a list")
        self.inside.append(name)
        fields = tuple(
            RecordField(
                key, self.read(each, key), key in required, isinstance(each, dict) and "default" in each
            )
            for key, each in cast("dict[str, Any]", properties).items()
        )
        self.inside.pop()
        return Record(name, fields, "forbid" if more is False else "allow")

    def referred(self, path: str) -> FieldType:
        """What stands at a path of the file; a record around the reference is referred to by its name."""
        start, *rest = path.split("/")
        if start != "#":
            return Unknown(path)
        name = rest[-1] if rest else (self.inside[0] if self.inside else "")
        if name in self.inside:
            return Ref(name)
        found: Any = self.root
        for key in rest:
            found = cast("dict[str, Any]", found).get(key) if isinstance(found, dict) else None
        if not isinstance(found, dict) or len(self.inside) > 50:
            return Unknown(name)
        self.inside.append(name)
        try:
            return self.read(found, name)
        finally:
            self.inside.pop()


def _choice(values: list[Any]) -> FieldType:
    plain = [value for value in values if value is None or isinstance(value, bool | int | float | str)]
    return literal_of(plain) if plain and len(plain) == len(values) else Anything()
