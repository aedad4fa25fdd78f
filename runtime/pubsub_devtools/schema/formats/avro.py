"""Types as Avro schemas. Avro knows no limits, sets or closed records: such is noted. What it has no word for is refused.

Source: https://avro.apache.org/docs/1.12.0/specification/
"""

from __future__ import annotations

import re
from typing import Any, cast

from pubsub_devtools.model.field_type import (
    Array,
    Choice,
    FieldType,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    Union,
)
from pubsub_devtools.schema.formats.avro_reading import avro_records
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.notes import Note, Notes
from pubsub_devtools.schema.formats.walking import joined
from pubsub_devtools.schema.spelling import spell, spell_limits
from pubsub_devtools.schema.unions import NULL

__all__ = ["from_avro", "to_avro"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SCALARS: dict[str, Any] = {
    "null": "null",
    "bool": "boolean",
    "int": "long",
    "float": "double",
    "str": "string",
    "bytes": "bytes",
    "date": {"type": "int", "logicalType": "date"},
    "time": {"type": "long", "logicalType": "time-micros"},
    "datetime": {"type": "long", "logicalType": "timestamp-micros"},
    "uuid": {"type": "string", "logicalType": "uuid"},
    "decimal": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 9},
}
_ZEROS: dict[str, Any] = {"bool": False, "int": 0, "float": 0.0, "str": "", "bytes": ""}


def to_avro(described: Description) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """Return the Avro schema of an event, and what it cannot say.

    Raises:
        SchemaError: A field is of a type that Avro has no word for, or has a name that Avro does not allow.

    Example:
        >>> paid = Record("Paid", (RecordField("total", Scalar("int")),))
        >>> to_avro(Description(paid))[0]["fields"]
        [{'name': 'total', 'type': 'long'}]
    """
    writer = _Writer(described)
    schema: dict[str, Any] = writer.record(described.type, "")
    if described.doc:
        schema["doc"] = described.doc
    about = {key: value for key in ("name", "version") if (value := getattr(described, key))}
    return ({**schema, "x-pubsub": about} if about else schema), writer.notes.all()


def from_avro(schema: Any) -> Description:
    """Return the event that an Avro record describes.

    Raises:
        SchemaError: It is no record, or not well written.
    """
    found = avro_records(schema)
    if not isinstance(schema, dict) or not found:
        raise SchemaError("an event's Avro schema is a record")
    given = cast("dict[str, Any]", schema)
    own = given.get("x-pubsub")
    about = cast("dict[str, Any]", own) if isinstance(own, dict) else {}
    name, version = str(about.get("name", "")), str(about.get("version", ""))
    return Description(list(found.values())[-1], name, version, str(given.get("doc", "")))


class _Writer:
    """Writes one schema. A named type is written where it is first used, and is its name from then on."""

    def __init__(self, described: Description) -> None:
        self.described = described
        self.notes = Notes()
        self.names: dict[str, FieldType] = {}
        self.around: list[tuple[str, str]] = []
        """The records around here, as they are called in the type and here."""

    def record(self, record: Record, path: str) -> Any:
        name, known = self.name(record.name, record)
        if known:
            return name
        if record.positional:
            raise SchemaError(f"`{path}` is a {record.name} told by places: Avro tells fields by their names")
        if record.extra != "ignore":
            self.notes.add(path, f"its extra fields are {record.extra}: Avro drops them")
        self.around.append((record.name, name))
        fields = [self.field(field, joined(path, field.name)) for field in record.fields]
        self.around.pop()
        return {"type": "record", "name": name, "fields": fields}

    def name(self, wanted: str, of: FieldType) -> tuple[str, bool]:
        """Return what a named type is called, and whether it is written already: the same alone, not what refers outwards."""
        plain = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        plain = plain if _NAME.fullmatch(plain) else f"_{plain}"
        name, number = plain, 1
        while name in self.names and self.names[name] != of:
            number += 1
            name = f"{plain}_{number}"
        known = name in self.names
        self.names[name] = of
        return name, known

    def field(self, field: RecordField, path: str) -> dict[str, Any]:
        if not _NAME.fullmatch(field.name):
            raise SchemaError(f"`{path}` is no name in Avro: letters, digits and `_`, no digit first")
        made: dict[str, Any] = {"name": field.name, "type": self.type(field.type, path)}
        if path in self.described.docs:
            made["doc"] = self.described.docs[path]
        if field.aliases:
            made["aliases"] = list(field.aliases)
        if not field.required:
            self.optional(field, path, made)
        return made

    def optional(self, field: RecordField, path: str, made: dict[str, Any]) -> None:
        """Give the default that a reader fills in; Avro has no other way to leave a field out."""
        takes_null = field.type == NULL or (isinstance(field.type, Union) and NULL in field.type.members)
        if not field.default:
            self.notes.add(path, "may be absent: Avro writes its default in its place")
        if takes_null and self.described.defaults.get(path) is None:
            made["default"] = None
            if isinstance(made["type"], list):  # a default is one of the first member
                members = cast("list[object]", made["type"])
                made["type"] = ["null", *(member for member in members if member != "null")]
        elif path in self.described.defaults and isinstance(field.type, Scalar) and field.type.name in _ZEROS:
            made["default"] = self.described.defaults[path]
        else:
            made["default"] = self.zero(field.type, path)

    def zero(self, type_: FieldType, path: str) -> Any:
        zero: Any = None
        if isinstance(type_, Scalar):
            zero = _ZEROS.get(type_.name)
        elif isinstance(type_, Array | Map):
            zero = [] if isinstance(type_, Array) else {}
        if zero is None:
            raise SchemaError(
                f"`{path}` may be left out, but Avro has no default for {spell(type_)}: let it be None"
            )
        if path not in self.described.defaults or self.described.defaults[path] != zero:
            self.notes.add(path, f"its default is not known to Avro: {zero!r} stands for it")
        return zero

    def type(self, type_: FieldType, path: str) -> Any:
        match type_:
            case Scalar(name="timedelta"):
                self.notes.add(path, "is told in microseconds, of which Avro knows only the number")
                return "long"
            case Scalar(name=name, limits=limits):
                self.limits(limits, path)
                if name == "decimal":
                    self.notes.add(path, "holds 38 digits, 9 of them behind the point")
                return _SCALARS[name]
            case Choice(values=values):
                return self.choice(type_, [value for value in values if isinstance(value, str)], path)
            case Array(of=of, items=items, limits=limits):
                self.limits(limits, path)
                if of != "list":
                    self.notes.add(path, f"is a {of}: Avro has arrays alone")
                return {"type": "array", "items": self.type(items, path)}
            case Map(key=key, value=value, limits=limits):
                self.limits(limits, path)
                if key != Scalar("str"):
                    self.notes.add(path, f"its keys are {spell(key)}: those of Avro's maps are texts")
                return {"type": "map", "values": self.type(value, path)}
            case Union(members=members):
                return self.union([self.type(member, path) for member in members], type_, path)
            case Record():
                return self.record(type_, path)
            case Ref(name=name):
                return next(here for known, here in reversed(self.around) if known == name)
            case _:
                raise SchemaError(f"`{path}` is {spell(type_)}, which Avro has no word for")

    def choice(self, type_: Choice, texts: list[str], path: str) -> Any:
        if len(texts) == len(type_.values) and all(_NAME.fullmatch(text) for text in texts):
            name, known = self.name(path.replace(".", "_").title() or "Choice", type_)
            return name if known else {"type": "enum", "name": name, "symbols": texts}
        kinds = {type(value) for value in type_.values}
        if len(kinds) > 1:
            raise SchemaError(f"`{path}` is {spell(type_)}: Avro's enums hold texts alone")
        self.notes.add(path, f"is {spell(type_)}: Avro's enums hold names alone")
        return {bool: "boolean", int: "long", float: "double", str: "string"}[kinds.pop()]

    def union(self, members: list[Any], type_: FieldType, path: str) -> list[Any]:
        kinds = [_kind(member) for member in members]
        if len(set(kinds)) < len(kinds):
            raise SchemaError(f"`{path}` is {spell(type_)}: two of them are the same to Avro")
        return members

    def limits(self, limits: Limits, path: str) -> None:
        if limits != Limits():
            self.notes.add(path, f"its limits ({spell_limits(limits)}) are not told in Avro")


def _kind(member: Any) -> str:
    """Return what tells a member of a union from the others: its name, or its bare type."""
    if isinstance(member, str):
        return member
    return member["name"] if member["type"] in ("record", "enum") else str(member["type"])
