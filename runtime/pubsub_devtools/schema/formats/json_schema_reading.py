"""JSON Schemas of objects as types: properties, what is required, limits, references inside the file.

What our own writer says beyond the standard stands under ``x-pubsub``, which other tools pass over.
Source: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import msgspec

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Collection,
    Extra,
    FieldType,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    ScalarName,
    Tuple,
    Unknown,
)
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.limiting import limited, limits_from
from pubsub_devtools.schema.unions import literal_of, union_of

__all__ = ["EXTENSION", "FORMATS", "JSON_LIMITS", "json_records", "json_type", "own_part"]

EXTENSION = "x-pubsub"
"""The keyword under which stands what JSON Schema has no word for."""

_TYPES: dict[str, ScalarName] = {
    "null": "null",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "string": "str",
}
FORMATS: dict[str, ScalarName] = {
    "date": "date",
    "date-time": "datetime",
    "time": "time",
    "duration": "timedelta",
    "uuid": "uuid",
    "decimal": "decimal",
    "binary": "bytes",
}
_BOUNDS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
}
JSON_LIMITS: dict[str, dict[str, str]] = {
    "integer": _BOUNDS,
    "number": _BOUNDS,
    "string": {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"},
    "array": {"minItems": "min_length", "maxItems": "max_length"},
    "object": {"minProperties": "min_length", "maxProperties": "max_length"},
}
"""By the kind of value: the keyword of each limit, and what it is called here."""

_DEEPEST = 50


def own_part(schema: object) -> dict[str, Any] | None:
    """What our writer says at the root of a JSON Schema that it wrote: its type is known exactly. None for any other."""
    own = cast("dict[str, Any]", schema).get(EXTENSION) if isinstance(schema, dict) else None
    is_ours = isinstance(own, dict) and cast("dict[str, Any]", own).get("format") == 1
    return cast("dict[str, Any]", own) if is_ours else None


def json_records(schema: Any, name: str) -> dict[str, Record]:
    """The record that a schema is, by its title, else by the name of its file.

    Raises:
        SchemaError: it is not well written.
    """
    found = json_type(schema, name)
    return {found.name: found} if isinstance(found, Record) else {}


def json_type(schema: Any, name: str = "") -> FieldType:
    """The type that a schema stands for; records are called by their titles only where our writer wrote them.

    Raises:
        SchemaError: it is not well written.

    Example:
        >>> json_type({"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}).value.limits.ge
        1
    """
    if not isinstance(schema, dict):
        raise SchemaError("a schema is an object")
    root = cast("dict[str, Any]", schema)
    reader = _Reader(root)
    try:
        return reader.read(root, str(root.get("title") or name), "#")
    except (TypeError, ValueError, msgspec.ValidationError) as error:
        raise SchemaError(f"it is not well written: {error}") from None


class _Around(NamedTuple):
    """What is being read around here: the path that leads there from the root, and the record that it is, if it is one."""

    path: str
    record: str | None


class _Reader:
    """Reads one file. References into other files are unknown."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.is_ours = own_part(root) is not None
        self.around: list[_Around] = []

    def read(self, schema: Any, name: str, path: str = "") -> FieldType:
        if not isinstance(schema, dict):
            return Anything()
        given = cast("dict[str, Any]", schema)
        if "$ref" in given:
            return self.referred(str(given["$ref"]))
        for key in ("anyOf", "oneOf"):
            if isinstance(given.get(key), list) and given[key]:
                return union_of([self.read(each, name, path) for each in given[key]])
        if "const" in given or isinstance(given.get("enum"), list):
            return _choice(given["enum"] if "enum" in given else [given["const"]])
        if (unknown := self.extra(given).get("unknown")) is not None:
            return Unknown(str(unknown))
        kinds = given.get("type", "object" if "properties" in given else None)
        if isinstance(kinds, list) and kinds:
            return union_of([self.kind(given, kind, name, path) for kind in cast("list[object]", kinds)])
        return Anything() if kinds is None and "allOf" not in given else self.kind(given, kinds, name, path)

    def extra(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What our writer added, if it wrote this."""
        found = given.get(EXTENSION) if self.is_ours else None
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def kind(self, given: dict[str, Any], kind: Any, name: str, path: str) -> FieldType:
        if not isinstance(kind, str):
            return Unknown(name)
        limits = self.limits(given, kind)
        if kind == "object":
            return limited(self.object(given, name, path), limits)
        if kind == "array":
            return limited(self.array(given, name), limits)
        if kind == "string" and given.get("format") in FORMATS:
            return limited(Scalar(FORMATS[given["format"]]), limits)
        return limited(Scalar(_TYPES[kind]), limits) if kind in _TYPES else Unknown(name)

    def limits(self, given: Mapping[str, Any], kind: str) -> Limits:
        own = self.extra(given).get("limits")
        if isinstance(own, dict):
            return limits_from(cast("dict[str, Any]", own).items())
        named = JSON_LIMITS.get(kind, {})
        return limits_from((limit, given.get(keyword)) for keyword, limit in named.items())

    def array(self, given: dict[str, Any], name: str) -> FieldType:
        fixed: Any = given.get("prefixItems", [])
        if given.get("items") is False and isinstance(fixed, list):
            items = tuple(self.read(each, name) for each in cast("list[object]", fixed))
            return self.positional(given, items) or Tuple(items)
        of: Collection = "tuple" if self.extra(given).get("of") else "list"
        of = "set" if given.get("uniqueItems") is True else of
        return Array(of, self.read(given.get("items", True), name))

    def positional(self, given: dict[str, Any], items: tuple[FieldType, ...]) -> FieldType | None:
        """The record whose fields are told by their places, where our writer says so."""
        own = self.extra(given)
        if "fields" not in own:
            return None
        fields = msgspec.convert(own["fields"], list[_Placed])
        pairs = zip(fields, items, strict=True)
        made = (RecordField(f.name, type_, f.required, f.default, tuple(f.aliases)) for f, type_ in pairs)
        return Record(str(own.get("record", "")), tuple(made), own.get("extra", "ignore"), positional=True)

    def object(self, given: dict[str, Any], name: str, path: str) -> FieldType:
        properties = given.get("properties")
        if properties is None:
            return self.map(given, name)
        if not isinstance(properties, dict):
            raise SchemaError("`properties` must be an object")
        required = given.get("required", [])
        if not isinstance(required, list):
            raise SchemaError("`required` must be a list")
        title = str(given["title"]) if self.is_ours and "title" in given else name
        self.around.append(_Around(path, title))
        fields = tuple(
            self.field(key, each, key in required) for key, each in cast("dict[str, Any]", properties).items()
        )
        self.around.pop()
        more = given.get("additionalProperties")
        open_: Extra = "ignore" if self.is_ours and more is None else "allow"
        return Record(title, fields, "forbid" if more is False else open_)

    def field(self, key: str, schema: Any, required: bool) -> RecordField:
        given = cast("dict[str, Any]", schema) if isinstance(schema, dict) else {}
        own = self.extra(given)
        aliases = own.get("aliases")
        names = tuple(map(str, cast("list[object]", aliases))) if isinstance(aliases, list) else ()
        return RecordField(
            key, self.read(schema, key), required, "default" in given or "default" in own, names
        )

    def map(self, given: dict[str, Any], name: str) -> FieldType:
        key = self.extra(given).get("key", given.get("propertyNames"))
        keys = (
            self.read({"type": "string", **cast("dict[str, Any]", key)}, name)
            if isinstance(key, dict)
            else Scalar("str")
        )
        return Map(keys, self.read(given.get("additionalProperties", True), name))

    def referred(self, path: str) -> FieldType:
        """What stands at a path of the file; a record around the reference is referred to by its name."""
        start, *rest = path.split("/")
        if start != "#":
            return Unknown(path)
        if known := [around for around in self.around if around.path == path]:
            record = known[-1].record
            return Unknown(path) if record is None else Ref(record)
        found: Any = self.root
        for key in rest:
            found = cast("dict[str, Any]", found).get(key) if isinstance(found, dict) else None
        name = rest[-1] if rest else ""
        if not isinstance(found, dict) or len(self.around) > _DEEPEST:
            return Unknown(name)
        self.around.append(_Around(path, None))
        try:
            return self.read(found, name, path)
        finally:
            self.around.pop()


class _Placed(msgspec.Struct):
    """A field of a record whose message is an array."""

    name: str
    required: bool = True
    default: bool = False
    aliases: list[str] = msgspec.field(default_factory=list[str])


def _choice(values: list[Any]) -> FieldType:
    plain = [value for value in values if value is None or isinstance(value, bool | int | float | str)]
    return literal_of(plain) if plain and len(plain) == len(values) else Anything()
