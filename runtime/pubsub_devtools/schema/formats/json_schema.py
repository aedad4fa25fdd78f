"""Types as JSON Schema, in the dialect 2020-12, so that reading them again gives the same type.

What JSON Schema has no word for (sets apart from lists are ``uniqueItems``; tuples of any length, aliases, what becomes of
extra fields, limits of a text's bytes) stands under ``x-pubsub``. It narrows nothing: whoever passes over it takes
whatever we take, and a note tells where they take more.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any, cast

import msgspec

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Choice,
    FieldType,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    Tuple,
    Union,
    Unknown,
)
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema_reading import (
    EXTENSION,
    FORMATS,
    JSON_LIMITS,
    json_type,
    own_part,
)
from pubsub_devtools.schema.formats.notes import Note, Notes
from pubsub_devtools.schema.formats.walking import joined, refers
from pubsub_devtools.schema.spelling import spell, spell_limits

__all__ = ["from_json_schema", "to_json_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KINDS = {"null": "null", "bool": "boolean", "int": "integer", "float": "number", "str": "string"}
_FORMATS = {name: format for format, name in FORMATS.items()}


def to_json_schema(described: Description) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """Return the JSON Schema of an event, and what it leaves open.

    Example:
        >>> order = Record("Order", (RecordField("total", Scalar("int", Limits(ge=0)), required=False, default=True),))
        >>> schema, notes = to_json_schema(Description(order, "orders.placed", "1.0.0", defaults={"total": 0}))
        >>> schema["properties"]["total"]
        {'type': 'integer', 'minimum': 0, 'default': 0}
        >>> from_json_schema(schema).type == order
        True
    """
    writer = _Writer(described)
    body = writer.record(described.type, "")
    about = {key: value for key in ("name", "version") if (value := getattr(described, key))}
    document: dict[str, Any] = {"$schema": DIALECT, **body}
    document[EXTENSION] = {"format": 1, **about, **body.get(EXTENSION, {})}
    if described.doc:
        document["description"] = described.doc
    if writer.definitions:
        document["$defs"] = writer.definitions
    return document, writer.notes.all()


def from_json_schema(schema: Any, name: str = "") -> Description:
    """Return the event that a JSON Schema describes: any, but one of ours says more.

    Raises:
        SchemaError: It is not well written, or describes no object.
    """
    type_ = json_type(schema, name)
    if not isinstance(type_, Record):
        raise SchemaError(
            f"it describes {spell(type_)}: the message of an event is an object with properties"
        )
    about = own_part(schema) or {}
    defaults, docs = dict[str, Any](), dict[str, str]()
    _tell(schema, "", defaults, docs)
    doc = docs.pop("", "")
    return Description(type_, about.get("name", ""), about.get("version", ""), doc, defaults, docs)


def _tell(schema: Any, path: str, defaults: dict[str, Any], docs: dict[str, str]) -> None:
    """Collect defaults and descriptions, without following references."""
    if not isinstance(schema, dict):
        return
    given = cast("dict[str, Any]", schema)
    if "default" in given and path:
        defaults[path] = given["default"]
    if isinstance(given.get("description"), str):
        docs[path] = given["description"]
    properties = given.get("properties")
    for name, each in cast("dict[str, Any]", properties).items() if isinstance(properties, dict) else ():
        _tell(each, f"{path}.{name}" if path else name, defaults, docs)
    for inner in ("items", "additionalProperties"):
        if isinstance(given.get(inner), dict) and "properties" in given[inner]:
            _tell({"properties": given[inner]["properties"]}, path, defaults, docs)


class _Writer:
    """Writes one document. Records stand where they are used; those that refer to themselves under ``$defs``."""

    def __init__(self, described: Description) -> None:
        self.described = described
        self.definitions: dict[str, Any] = {}
        self.notes = Notes()
        self.around: list[tuple[str, str]] = []
        """The records around here and the references that lead to them, the outermost first."""

    def record(self, record: Record, path: str, reference: str = "#") -> dict[str, Any]:
        self.around.append((record.name, reference))
        try:
            return self.array_of_fields(record, path) if record.positional else self.object(record, path)
        finally:
            self.around.pop()

    def object(self, record: Record, path: str) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "object", "title": record.name}
        made["properties"] = {
            field.name: self.field(field, joined(path, field.name)) for field in record.fields
        }
        if required := [field.name for field in record.fields if field.required]:
            made["required"] = required
        if record.extra != "ignore":
            made["additionalProperties"] = record.extra == "allow"
        return made

    def array_of_fields(self, record: Record, path: str) -> dict[str, Any]:
        items = tuple(field.type for field in record.fields)
        own = {
            "record": record.name,
            "fields": [_placed(field) for field in record.fields],
            "extra": record.extra,
        }
        least = len(items)
        while least and not record.fields[least - 1].required:
            least -= 1
        return {**self.fixed(items, path), "minItems": least, EXTENSION: own}

    def field(self, field: RecordField, path: str) -> dict[str, Any]:
        made = self.type(field.type, path)
        if path in self.described.docs:
            made["description"] = self.described.docs[path]
        own: dict[str, Any] = {"aliases": list(field.aliases)} if field.aliases else {}
        if field.aliases:
            self.notes.add(path, f"is also read as {', '.join(field.aliases)}, which JSON Schema cannot say")
        if field.default and path in self.described.defaults:
            made["default"] = self.described.defaults[path]
        elif field.default:
            own["default"] = True
        if own:
            made[EXTENSION] = {**made.get(EXTENSION, {}), **own}
        return made

    def type(self, type_: FieldType, path: str) -> dict[str, Any]:
        match type_:
            case Anything():
                return {}
            case Unknown(name=name):
                self.notes.add(
                    path, f"is {name or 'unknown'}, of which nothing is known: anything is allowed"
                )
                return {EXTENSION: {"unknown": name}}
            case Scalar():
                return self.scalar(type_, path)
            case Choice(values=values):
                return {"enum": list(values)}
            case Array(of=of, items=items, limits=limits):
                made = {"type": "array", "items": self.type(items, path), **_limits("array", limits)}
                marks: dict[str, dict[str, Any]] = {
                    "set": {"uniqueItems": True},
                    "tuple": {EXTENSION: {"of": "tuple"}},
                    "list": {},
                }
                return {**made, **marks[of]}
            case Tuple(items=items):
                return self.fixed(items, path)
            case Map():
                return self.map(type_, path)
            case Union(members=members):
                return {"anyOf": [self.type(member, path) for member in members]}
            case Record():
                return self.inner_record(type_, path)
            case Ref(name=name):
                return {"$ref": next(to for known, to in reversed(self.around) if known == name)}

    def scalar(self, scalar: Scalar, path: str) -> dict[str, Any]:
        if scalar.name in _KINDS:
            kind = _KINDS[scalar.name]
            return {"type": kind, **_limits(kind, scalar.limits)}
        made: dict[str, Any] = {"type": "string", "format": _FORMATS[scalar.name]}
        if scalar.limits != Limits():
            self.notes.add(path, f"its limits ({spell_limits(scalar.limits)}) are not those of its text")
            made[EXTENSION] = {"limits": msgspec.to_builtins(scalar.limits)}
        return made

    def fixed(self, items: tuple[FieldType, ...], path: str) -> dict[str, Any]:
        sizes = {"items": False, "minItems": len(items), "maxItems": len(items)}
        if not items:
            return {"type": "array", **sizes}  # an empty list of schemas is not allowed
        return {"type": "array", "prefixItems": [self.type(item, path) for item in items], **sizes}

    def map(self, map_: Map, path: str) -> dict[str, Any]:
        made = {
            "type": "object",
            "additionalProperties": self.type(map_.value, path),
            **_limits("object", map_.limits),
        }
        if map_.key == Scalar("str"):
            return made
        key = self.type(map_.key, path)
        if isinstance(map_.key, Choice) and all(isinstance(value, str) for value in map_.key.values):
            return {**made, "propertyNames": key}
        if isinstance(map_.key, Scalar) and map_.key.name == "str":
            return {**made, "propertyNames": key}
        self.notes.add(path, f"its keys are {spell(map_.key)}, which are texts in JSON")
        return {**made, EXTENSION: {"key": key}}

    def inner_record(self, record: Record, path: str) -> dict[str, Any]:
        if not refers(record, record.name):
            return self.record(record, path, "")
        key = self.free_key(record.name)
        self.definitions[key] = {}  # its place among them, before those inside it
        self.definitions[key] = self.record(record, path, f"#/$defs/{key}")
        return {"$ref": f"#/$defs/{key}"}

    def free_key(self, name: str) -> str:
        plain = re.sub(r"\W", "_", name) or "_"
        return next(
            key for n in count(1) if (key := plain if n == 1 else f"{plain}_{n}") not in self.definitions
        )


def _limits(kind: str, limits: Limits) -> dict[str, Any]:
    pairs = ((keyword, getattr(limits, limit)) for keyword, limit in JSON_LIMITS.get(kind, {}).items())
    return {keyword: value for keyword, value in pairs if value is not None}


def _placed(field: RecordField) -> dict[str, Any]:
    return {
        "name": field.name,
        "required": field.required,
        "default": field.default,
        "aliases": list(field.aliases),
    }
