"""Messages of `.proto` files, read without `protoc`: https://protobuf.dev/reference/protobuf/proto3-spec/

Read are messages, their fields and enums. Services, options and extensions are passed over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

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
from pubsub_devtools.schema.unions import NULL, choice_of, union_of

_TOKEN = re.compile(
    r"""(?P<gap>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<word>[\w.+-]+)|(?P<mark>[{}()\[\]<>=;,:/])""",
    re.DOTALL,
)
_INTEGERS = (
    "int32",
    "int64",
    "uint32",
    "uint64",
    "sint32",
    "sint64",
    "fixed32",
    "fixed64",
    "sfixed32",
    "sfixed64",
)
_SCALARS: dict[str, ScalarName] = {
    "double": "float",
    "float": "float",
    "bool": "bool",
    "string": "str",
    "bytes": "bytes",
    "google.protobuf.Timestamp": "datetime",
    "google.protobuf.Duration": "timedelta",
    **dict.fromkeys(_INTEGERS, "int"),
}
_PASSED_OVER = frozenset({"option", "reserved", "extensions", "import", "syntax", "edition", "package", ";"})


_MOST = 10_000
"""Records that are made for one file: those inside others are made again in each."""


class _Field(NamedTuple):
    label: str
    type: str
    name: str
    key: str = ""


class _Message(NamedTuple):
    fields: list[_Field]


def protobuf_records(text: str) -> dict[str, Record]:
    """The messages of a file, by their full names.

    Raises:
        SchemaError: it is not well written.

    Example:
        >>> record = protobuf_records("message Order { string id = 1; repeated int64 lines = 2; }")["Order"]
        >>> [field.name for field in record.fields]
        ['id', 'lines']
    """
    parser = _Parser(text)
    parser.file()
    types = _Types(parser)
    return {name: types.record(name, ()) for name in parser.messages}


class _Parser:
    """Goes through the words of a file, and collects messages and enums by their full names."""

    def __init__(self, text: str) -> None:
        self.words = list(_words(text))
        self.at = 0
        self.messages: dict[str, _Message] = {}
        self.enums: dict[str, list[str]] = {}

    def file(self) -> None:
        package = ""
        while self.at < len(self.words):
            if self.words[self.at] == "package":
                package = f"{self.words[self.at + 1]}." if self.at + 1 < len(self.words) else ""
            self.statement(package, None)

    def next(self, expected: str = "") -> str:
        if self.at >= len(self.words):
            raise SchemaError(f"it ends where `{expected or 'more'}` should come")
        word = self.words[self.at]
        if expected and word != expected:
            raise SchemaError(f"`{expected}` should stand in the place of `{word}`")
        self.at += 1
        return word

    def statement(self, scope: str, message: _Message | None) -> None:
        word = self.next()
        if word == "message":
            self.message(scope)
        elif word == "enum":
            self.enum(scope)
        elif word == "oneof" and message is not None:
            self.next()
            self.block(scope, message)
        elif message is None or word in _PASSED_OVER or word in ("extend", "group"):
            self.at -= 1
            self.pass_over()
        else:
            self.field(word, message)

    def message(self, scope: str) -> None:
        name = scope + self.next()
        self.messages[name] = _Message([])
        self.block(f"{name}.", self.messages[name])

    def block(self, scope: str, message: _Message) -> None:
        self.next("{")
        while self.next() != "}":
            self.at -= 1
            self.statement(scope, message)

    def enum(self, scope: str) -> None:
        values = self.enums.setdefault(scope + self.next(), [])
        self.next("{")
        while (word := self.next()) != "}":
            if word in _PASSED_OVER:
                self.at -= 1
            else:
                values.append(word)
            self.pass_over()

    def field(self, word: str, message: _Message) -> None:
        label = word if word in ("optional", "repeated", "required") else ""
        type_ = self.next() if label else word
        key = ""
        if type_ == "map":
            self.next("<")
            key = self.next()
            self.next(",")
            type_ = self.next()
            self.next(">")
        message.fields.append(_Field(label, type_, self.next(), key))
        self.next("=")
        self.pass_over()

    def pass_over(self) -> None:
        """Go behind the end of a statement: its semicolon, or the brace that closes the first it opens."""
        depth = 0
        while True:
            word = self.next()
            depth += (word in "{[(") - (word in "}])")
            if depth <= 0 and word in ";}":
                return


class _Types:
    """The messages of a file as types; names are looked for from the inside out."""

    def __init__(self, parser: _Parser) -> None:
        self.parser = parser
        self.made = 0

    def record(self, name: str, around: tuple[str, ...]) -> Record:
        self.made += 1
        if self.made > _MOST:
            raise SchemaError(f"its messages hold one another in more than {_MOST} ways")
        inside = (*around, name)
        fields = tuple(self.field(field, inside) for field in self.parser.messages[name].fields)
        return Record(name.rpartition(".")[2], fields)

    def field(self, field: _Field, inside: tuple[str, ...]) -> RecordField:
        type_ = self.named(field.type, inside)
        if field.key:
            type_ = Map(self.named(field.key, inside), type_)
        elif field.label == "repeated":
            type_ = Array("list", type_)
        is_required = field.label == "required"
        return RecordField(field.name, type_, is_required, not is_required)

    def named(self, name: str, inside: tuple[str, ...]) -> FieldType:
        plain = name.removeprefix(".")
        if plain in _SCALARS:
            return Scalar(_SCALARS[plain])
        scope = inside[-1]
        while True:
            full = f"{scope}.{plain}" if scope else plain
            if full in inside:
                return Ref(full.rpartition(".")[2])
            if full in self.parser.messages:
                return union_of((self.record(full, inside), NULL))
            if full in self.parser.enums:
                return choice_of(self.parser.enums[full])
            if not scope:
                return Unknown(plain)
            scope = scope.rpartition(".")[0]


def _words(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise SchemaError(f"line {line} holds `{text[at]}`, which no schema does")
        if match.lastgroup != "gap":
            found.append(match.group())
        at = match.end()
    return found
