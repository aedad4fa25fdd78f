"""Types as proto3. Numbers are what holds a message together: those of an earlier text are kept, those of fields that went
are reserved.

Source: https://protobuf.dev/reference/protobuf/proto3-spec/, https://protobuf.dev/programming-guides/proto3/#updating
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.notes import Note, Notes
from pubsub_devtools.schema.formats.protobuf_numbers import Numbers, numbers_in
from pubsub_devtools.schema.formats.protobuf_reading import protobuf_records
from pubsub_devtools.schema.formats.walking import joined
from pubsub_devtools.schema.spelling import spell, spell_limits
from pubsub_devtools.schema.unions import NULL, union_of

__all__ = ["from_protobuf", "to_protobuf"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_SCALARS = {
    "bool": "bool",
    "int": "int64",
    "float": "double",
    "str": "string",
    "bytes": "bytes",
    "datetime": "google.protobuf.Timestamp",
    "timedelta": "google.protobuf.Duration",
}
_AS_TEXT = frozenset({"date", "time", "uuid", "decimal"})
_IMPORTS = {"datetime": "google/protobuf/timestamp.proto", "timedelta": "google/protobuf/duration.proto"}


def to_protobuf(described: Description, *, earlier: str = "") -> tuple[str, tuple[Note, ...]]:
    """Return the proto3 text of an event, and what it cannot say.

    Args:
        described: The event.
        earlier: The text of the version before: fields keep their numbers, and numbers of fields that went are reserved.

    Raises:
        SchemaError: A field is of a type that proto3 has no word for, or ``earlier`` is not well written.

    Example:
        >>> paid = Description(Record("Paid", (RecordField("total", Scalar("int"), False, True),)))
        >>> print(to_protobuf(paid, earlier="message Paid { string note = 1; }")[0])
        syntax = "proto3";
        <BLANKLINE>
        message Paid {
          reserved 1;
          int64 total = 2;
        }
        <BLANKLINE>
    """
    writer = _Writer(numbers_in(earlier))
    lines = writer.message(described.type, "", "", "")
    package = described.name.rpartition(".")[0]
    heads = [f'import "{name}";' for name in sorted(writer.imports)]
    head = ['syntax = "proto3";', *([f"package {package};"] if _is_package(package) else []), *heads]
    doc = [f"// {line}".rstrip() for line in described.doc.splitlines()]
    return "\n".join([*head, "", *doc, *lines, ""]), writer.notes.all()


def from_protobuf(text: str) -> Description:
    """Return the event that the first message of a text describes.

    Raises:
        SchemaError: It is not well written, or holds no message.
    """
    found = protobuf_records(text)
    if not found:
        raise SchemaError("it holds no message")
    name, record = next(iter(found.items()))
    return Description(record, name if "." in name else "")


def _is_package(name: str) -> bool:
    return bool(name) and all(_NAME.fullmatch(part) for part in name.split("."))


class _Writer:
    """Writes one file. Records are messages inside those that hold them."""

    def __init__(self, numbers: Mapping[str, Numbers]) -> None:
        self.numbers = numbers
        self.notes = Notes()
        self.imports: set[str] = set()
        self.around: list[tuple[str, str]] = []
        """The records around here, and the full names of their messages."""

    def message(self, record: Record, path: str, scope: str, indent: str, name: str = "") -> list[str]:
        name = name or _message_name(record.name)
        full = joined(scope, name)
        if record.positional:
            raise SchemaError(
                f"`{path}` is a {record.name} told by places: proto3 tells fields by their numbers"
            )
        if record.extra != "ignore":
            self.notes.add(path, f"its extra fields are {record.extra}: proto3 keeps unknown numbers")
        self.around.append((record.name, full))
        earlier = self.numbers.get(full, Numbers())
        inner: list[str] = []
        fields = [
            f"{indent}  {self.field(field, joined(path, field.name), full, indent, inner)} = {number};"
            for field, number in zip(
                record.fields, earlier.for_fields(f.name for f in record.fields), strict=True
            )
        ]
        self.around.pop()
        gone = earlier.gone({field.name for field in record.fields})
        reserved = [f"{indent}  reserved {', '.join(map(str, gone))};"] if gone else []
        return [f"{indent}message {name} {{", *reserved, *inner, *fields, f"{indent}}}"]

    def field(self, field: RecordField, path: str, scope: str, indent: str, inner: list[str]) -> str:
        if not _NAME.fullmatch(field.name):
            raise SchemaError(f"`{path}` is no name in proto3: letters, digits and `_`, a letter first")
        if field.aliases:
            self.notes.add(
                path, f"is also read as {', '.join(field.aliases)}: proto3 knows fields by their numbers"
            )
        if field.required:
            self.notes.add(path, "is required, which proto3 cannot say")
        elif not field.default:
            self.notes.add(path, "may be absent, which proto3 reads as its zero value")
        type_, optional = _without_null(field.type)
        if optional:
            self.notes.add(path, "may be None, which in proto3 is to be absent")
        match type_:
            case Array(of=of, items=items, limits=limits):
                self.limits(limits, path)
                if optional:
                    self.notes.add(path, "is empty where it is absent")
                if of != "list":
                    self.notes.add(path, f"is a {of}: proto3 has repeated fields alone")
                return f"repeated {self.plain(items, path, scope, indent, inner)} {field.name}"
            case Map(key=key, value=value, limits=limits):
                self.limits(limits, path)
                if key not in (Scalar("str"), Scalar("int"), Scalar("bool")):
                    raise SchemaError(
                        f"the keys of `{path}` are {spell(key)}: those of proto3's maps are str, int or bool"
                    )
                kind = self.plain(value, path, scope, indent, inner)
                return f"map<{self.plain(key, path, scope, indent, inner)}, {kind}> {field.name}"
            case _:
                word = self.plain(type_, path, scope, indent, inner)
                return f"{'optional ' if optional else ''}{word} {field.name}"

    def plain(self, type_: FieldType, path: str, scope: str, indent: str, inner: list[str]) -> str:
        """Return the word for a type that is neither repeated nor a map."""
        match type_:
            case Scalar(name=name, limits=limits) if name in _SCALARS:
                self.limits(limits, path)
                if name in _IMPORTS:
                    self.imports.add(_IMPORTS[name])
                return _SCALARS[name]
            case Scalar(name=name, limits=limits) if name in _AS_TEXT:
                self.limits(limits, path)
                self.notes.add(path, f"is a {name} written as text")
                return "string"
            case Choice(values=values) if all(isinstance(value, str) for value in values):
                self.notes.add(path, f"is {spell(type_)}, written as text")
                return "string"
            case Record(name=name):
                own = _message_name(name)
                taken = any(line == f"{indent}  message {own} {{" for line in inner)
                if taken or any(own == full.rpartition(".")[2] for _, full in self.around):
                    own = _message_name(path)  # paths are used once in a message
                inner += self.message(type_, path, scope, f"{indent}  ", own)
                return own
            case Ref(name=name):
                return next(full for known, full in reversed(self.around) if known == name)
            case _:
                raise SchemaError(f"`{path}` is {spell(type_)}, which proto3 has no word for")

    def limits(self, limits: Limits, path: str) -> None:
        if limits != Limits():
            self.notes.add(path, f"its limits ({spell_limits(limits)}) are not told in proto3")


def _without_null(type_: FieldType) -> tuple[FieldType, bool]:
    if isinstance(type_, Union) and NULL in type_.members:
        return union_of(member for member in type_.members if member != NULL), True
    return type_, False


def _message_name(name: str) -> str:
    parts: Sequence[str] = re.findall(r"[A-Za-z0-9]+", name)
    joined_name = "".join(part[:1].upper() + part[1:] for part in parts)
    return joined_name if joined_name[:1].isalpha() else f"M{joined_name}"
