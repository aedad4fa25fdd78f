"""A file as its serialized ``FileDescriptorProto``, which clients in Python send and clients in JavaScript ask for.

Source: https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto. Options are left out,
except for ``allow_alias``, what changes the wire format (``packed``) and the names in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from pubsub_devtools.schema.judges.protobuf.file import (
    Enum,
    Field,
    File,
    Import,
    Message,
    Method,
    ProtoError,
    Service,
)
from pubsub_devtools.schema.judges.protobuf.names import Names
from pubsub_devtools.schema.judges.protobuf.wire import held, numbered, parts, signed

__all__ = ["descriptor_of", "file_of"]

TYPES = (
    "", "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group", "message",
    "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64",
)  # fmt: skip
LABELS = ("", "optional", "required", "repeated")
GROUP, MESSAGE, ENUM = TYPES.index("group"), TYPES.index("message"), TYPES.index("enum")


class _Parts:
    """The fields of a message by their numbers."""

    def __init__(self, data: bytes | int) -> None:
        self.found: dict[int, list[int | bytes]] = {}
        for number, value in parts(data if isinstance(data, bytes) else b""):
            self.found.setdefault(number, []).append(value)

    def all(self, number: int) -> list[_Parts]:
        return [_Parts(value) for value in self.found.get(number, [])]

    def texts(self, number: int) -> list[str]:
        return [_text(value) for value in self.found.get(number, [])]

    def text(self, number: int) -> str:
        return next(iter(self.texts(number)), "")

    def numbers(self, number: int) -> list[int]:
        return [signed(value) for value in self.found.get(number, [])]

    def number(self, number: int, otherwise: int = 0) -> int:
        return next(iter(self.numbers(number)), otherwise)


def file_of(data: bytes) -> File:
    """Return the file that a serialized descriptor describes.

    Raises:
        ProtoError: It is no descriptor of a file.
    """
    said = _Parts(data)
    if not said.text(1) and not said.found.get(4):
        raise ProtoError("it is no descriptor of a file")
    public = set(said.numbers(10))
    syntax = said.text(12) or "proto2"
    return File(
        syntax,
        said.text(2),
        tuple(Import(path, index in public) for index, path in enumerate(said.texts(3))),
        tuple(_message(each, syntax) for each in said.all(4)),
        tuple(_enum(each) for each in said.all(5)),
        tuple(_service(each) for each in said.all(6)),
    )


def _message(said: _Parts, syntax: str) -> Message:
    nested = [(_message(each, syntax), each) for each in said.all(3)]
    maps = {inner.name: inner for inner, each in nested if any(options.number(7) for options in each.all(7))}
    oneofs = [each.text(1) for each in said.all(8)]
    fields = [_field(each, oneofs, maps, syntax) for each in said.all(2)]
    return Message(
        said.text(1),
        tuple(fields),
        tuple(inner for inner, _ in nested if inner.name not in maps),
        tuple(_enum(each) for each in said.all(4)),
        tuple((each.number(1), each.number(2) - 1) for each in said.all(9)),
        tuple(said.texts(10)),
    )


def _field(said: _Parts, oneofs: Sequence[str], maps: dict[str, Message], syntax: str) -> Field:
    kind, label, type_ = said.number(5), LABELS[said.number(4) & 3], said.text(6)
    if not 0 < kind < len(TYPES):
        raise ProtoError("a field has a type that is not known")
    index = said.number(9, -1)
    in_oneof = 0 <= index < len(oneofs) and not said.number(17)
    if label == "optional" and (in_oneof or (syntax != "proto2" and not said.number(17))):
        label = ""
    field = Field(said.text(1), said.number(3), type_ or TYPES[kind], label, group=kind == GROUP)
    entry = maps.get(type_.rpartition(".")[2]) if label == "repeated" else None
    if entry is not None and len(entry.fields) == 2:
        key, value = entry.fields
        return msgspec.structs.replace(field, type=value.type, key=key.type, label="")
    return msgspec.structs.replace(field, oneof=oneofs[index]) if in_oneof else field


def _enum(said: _Parts) -> Enum:
    aliased = any(options.number(2) for options in said.all(3))
    values = tuple((each.text(1), each.number(2)) for each in said.all(2))
    return Enum(said.text(1), values, (("allow_alias", "true"),) if aliased else ())


def _service(said: _Parts) -> Service:
    methods = [
        Method(each.text(1), each.text(2), each.text(3), bool(each.number(5)), bool(each.number(6)))
        for each in said.all(2)
    ]
    return Service(said.text(1), tuple(methods))


def _text(value: int | bytes) -> str:
    try:
        return value.decode() if isinstance(value, bytes) else ""
    except UnicodeDecodeError:
        raise ProtoError("it is no descriptor") from None


def descriptor_of(names: Names, path: str = "default.proto") -> bytes:
    """Return the serialized descriptor of a file.

    Args:
        names: The file, and what it imports.
        path: The name that the descriptor gives it.

    Raises:
        ProtoError: A type is not known.
    """
    return _Writer(names).file(names.file, path)


class _Writer:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.proto3 = names.file.syntax != "proto2"

    def file(self, file: File, path: str) -> bytes:
        space = file.package
        return b"".join(
            [
                held(1, path),
                held(2, space) if space else b"",
                *(held(3, used.path) for used in file.imports),
                *(held(4, self.message(message, space)) for message in file.messages),
                *(held(5, _enum_written(enum)) for enum in file.enums),
                *(held(6, self.service(service, space)) for service in file.services),
                *(numbered(10, index) for index, used in enumerate(file.imports) if used.public),
                held(12, file.syntax) if self.proto3 else b"",
            ]
        )

    def message(self, message: Message, scope: str) -> bytes:
        full = f"{scope}.{message.name}" if scope else message.name
        oneofs = [*message.oneofs]
        synthetic = [f for f in message.fields if self.proto3 and f.label == "optional"]
        every = [*oneofs, *(f"_{field.name}" for field in synthetic)]
        entries = [field for field in message.fields if field.key]
        return b"".join(
            [
                held(1, message.name),
                *(held(2, self.field(field, full, every)) for field in message.fields),
                *(held(3, self.message(inner, full)) for inner in message.messages),
                *(held(3, self.entry(field, full)) for field in entries),
                *(held(4, _enum_written(enum)) for enum in message.enums),
                *(held(8, held(1, name)) for name in every),
                *(held(9, numbered(1, first) + numbered(2, last + 1)) for first, last in message.reserved),
                *(held(10, name) for name in message.reserved_names),
            ]
        )

    def field(self, field: Field, scope: str, oneofs: Sequence[str]) -> bytes:
        synthetic = self.proto3 and field.label == "optional"
        oneof = f"_{field.name}" if synthetic else field.oneof
        label = LABELS.index(field.label or "optional") if not field.key else 3
        packed = [value for name, value in field.options if name == "packed"]
        json_name = [value[1:-1] for name, value in field.options if name == "json_name"]
        kind, type_name = (MESSAGE, f".{scope}.{_entry(field)}") if field.key else self.typed(field, scope)
        return b"".join(
            [
                held(1, field.name),
                numbered(3, field.number),
                numbered(4, label),
                numbered(5, kind),
                held(6, type_name) if type_name else b"",
                held(8, numbered(2, packed[0] == "true")) if packed else b"",
                numbered(9, oneofs.index(oneof)) if oneof else b"",
                held(10, json_name[0] if json_name else _camel(field.name, upper=False)),
                numbered(17, 1) if synthetic else b"",
            ]
        )

    def typed(self, field: Field, scope: str) -> tuple[int, str]:
        if field.type in TYPES[1:] and field.type not in ("group", "message", "enum"):
            return TYPES.index(field.type), ""
        full = self.names.full(field.type, scope)
        if field.group:
            return GROUP, f".{full}"
        return (ENUM if isinstance(self.names.known.get(full), Enum) else MESSAGE), f".{full}"

    def entry(self, field: Field, scope: str) -> bytes:
        """Return the message of a map's entries."""
        pair: Iterable[Field] = (Field("key", 1, field.key), Field("value", 2, field.type))
        written = [held(2, self.field(each, scope, ())) for each in pair]
        return b"".join([held(1, _entry(field)), *written, held(7, numbered(7, 1))])

    def service(self, service: Service, scope: str) -> bytes:
        methods = [
            held(1, method.name)
            + held(2, f".{self.names.full(method.takes, scope)}")
            + held(3, f".{self.names.full(method.gives, scope)}")
            + (numbered(5, 1) if method.takes_many else b"")
            + (numbered(6, 1) if method.gives_many else b"")
            for method in service.methods
        ]
        return held(1, service.name) + b"".join(held(2, method) for method in methods)


def _enum_written(enum: Enum) -> bytes:
    values = [held(2, held(1, name) + numbered(2, number)) for name, number in enum.values]
    aliased = ("allow_alias", "true") in enum.options
    return held(1, enum.name) + b"".join(values) + (held(3, numbered(2, 1)) if aliased else b"")


def _entry(field: Field) -> str:
    return f"{_camel(field.name, upper=True)}Entry"


def _camel(name: str, *, upper: bool) -> str:
    found, raised = "", upper
    for letter in name:
        if letter == "_":
            raised = True
        else:
            found += letter.upper() if raised else letter
            raised = False
    return found
