"""The text of a `.proto` file, read without `protoc`: https://protobuf.dev/reference/protobuf/proto3-spec/

Extensions of other messages are passed over: they change nothing in what the file's own messages write.
"""

from __future__ import annotations

import re

import msgspec

from pubsub_devtools.schema.judges.protobuf.file import (
    MOST,
    Enum,
    Field,
    File,
    Import,
    Message,
    Method,
    ProtoError,
    Range,
    Service,
)

__all__ = ["read_proto"]

_TOKEN = re.compile(
    r"""(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<word>[\w.+-]+)|(?P<mark>[{}()\[\]<>=;,:/])""",
    re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TYPE = re.compile(r"\.?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_LABELS = frozenset({"optional", "required", "repeated"})

Options = tuple[tuple[str, str], ...]


def read_proto(text: str) -> File:
    """Return what a file declares.

    Raises:
        ProtoError: It is not well written.

    Example:
        >>> read_proto('syntax = "proto3"; message Order { string id = 1; }').messages[0].fields[0].number
        1
    """
    return _Parser(_words(text)).file()


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ProtoError(f"{text[at : at + 10]!r} means nothing in line {text.count(chr(10), 0, at) + 1}")
        if found.lastgroup != "gap":
            words.append(found.group())
        at = found.end()
    return words


class _Body:
    """What is collected of a message."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: list[Field] = []
        self.messages: list[Message] = []
        self.enums: list[Enum] = []
        self.reserved: list[Range] = []
        self.reserved_names: list[str] = []
        self.options: list[tuple[str, str]] = []

    def made(self) -> Message:
        numbers = [field.number for field in self.fields]
        for field in self.fields:
            if numbers.count(field.number) > 1:
                raise ProtoError(f"{self.name} gives the number {field.number} to two fields")
            if any(first <= field.number <= last for first, last in self.reserved):
                raise ProtoError(f"{self.name}.{field.name} has the number {field.number}, which is reserved")
            if field.name in self.reserved_names:
                raise ProtoError(f"{self.name}.{field.name} has a name that is reserved")
        return Message(
            self.name,
            tuple(self.fields),
            tuple(self.messages),
            tuple(self.enums),
            tuple(self.reserved),
            tuple(self.reserved_names),
            tuple(self.options),
        )


class _Parser:
    """Goes through the words of a file."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0

    def next(self, expected: str = "") -> str:
        if self.at >= len(self.words):
            raise ProtoError(f"it ends where {expected or 'more'!r} should come")
        word = self.words[self.at]
        if expected and word != expected:
            raise ProtoError(f"{expected!r} should stand in the place of {word!r}")
        self.at += 1
        return word

    def taken(self, word: str) -> bool:
        """Go past a word if it is the next one."""
        if self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            return True
        return False

    def named(self, form: re.Pattern[str] = _NAME) -> str:
        word = self.next()
        if not form.fullmatch(word):
            raise ProtoError(f"{word!r} is no name")
        return word

    def text(self) -> str:
        found = [self.next()]
        while self.at < len(self.words) and self.words[self.at][0] in "\"'":
            found.append(self.next())
        if found[0][0] not in "\"'":
            raise ProtoError(f"a text should stand in the place of {found[0]!r}")
        return "".join(part[1:-1] for part in found)

    def number(self) -> int:
        word = self.next()
        try:
            return int(word, 8) if re.fullmatch(r"-?0[0-7]+", word) else int(word, 0)
        except ValueError:
            raise ProtoError(f"a number should stand in the place of {word!r}") from None

    def file(self) -> File:
        file, whole = File(), _Body("the file")
        imports: list[Import] = []
        services: list[Service] = []
        while self.at < len(self.words):
            match word := self.next():
                case "syntax" | "edition":
                    self.next("=")
                    file = msgspec.structs.replace(file, syntax=self.text())
                    self.next(";")
                case "package":
                    file = msgspec.structs.replace(file, package=self.named(_TYPE))
                    self.next(";")
                case "import":
                    public = self.taken("public")
                    _ = self.taken("weak") or self.taken("option")
                    imports.append(Import(self.text(), public))
                    self.next(";")
                case "service":
                    services.append(self.service())
                case _:
                    self.declaration(word, whole)
        if whole.fields or whole.reserved:
            raise ProtoError("a field stands outside of all messages")
        return msgspec.structs.replace(
            file,
            imports=tuple(imports),
            messages=tuple(whole.messages),
            enums=tuple(whole.enums),
            services=tuple(services),
            options=tuple(whole.options),
        )

    def declaration(self, word: str, body: _Body) -> None:
        """Read what may stand in a file and in a message."""
        match word:
            case ";":
                pass
            case "message":
                body.messages.append(self.message())
            case "enum":
                body.enums.append(self.enum())
            case "option":
                body.options.append(self.option())
            case "extend":
                self.named(_TYPE)
                self.block()
            case _:
                raise ProtoError(f"{word!r} begins nothing that is known")

    def message(self, name: str = "") -> Message:
        body = _Body(name or self.named())
        self.next("{")
        while (word := self.next()) != "}":
            self.member(word, body)
        return body.made()

    def member(self, word: str, body: _Body) -> None:
        match word:
            case "reserved":
                self.reserved(body)
            case "extensions":
                self.past(";")
            case "oneof":
                oneof = self.named()
                self.next("{")
                while (inner := self.next()) != "}":
                    if inner == "option":
                        self.option()
                    elif inner != ";":
                        self.field(inner, body, oneof)
            case ";" | "message" | "enum" | "option" | "extend":
                self.declaration(word, body)
            case _:
                self.field(word, body)

    def field(self, word: str, body: _Body, oneof: str = "") -> None:
        label, key = (word, "") if word in _LABELS else ("", "")
        type_ = self.next() if label else word
        if type_ == "map" and self.taken("<"):
            key = self.named(_TYPE)
            self.next(",")
            type_ = self.named(_TYPE)
            self.next(">")
        elif not _TYPE.fullmatch(type_):
            raise ProtoError(f"{type_!r} is no type")
        name = self.named()
        self.next("=")
        number = self.number()
        if not 0 < number <= MOST:
            raise ProtoError(f"{body.name}.{name} has the number {number}, which no field may have")
        options = self.bracketed() if self.taken("[") else ()
        group = type_ == "group"
        if group:
            body.messages.append(self.message(name))
            type_ = name
        else:
            self.next(";")
        body.fields.append(
            Field(name.lower() if group else name, number, type_, label, key, oneof, group, options)
        )

    def reserved(self, body: _Body) -> None:
        while True:
            word = self.words[self.at] if self.at < len(self.words) else ""
            if word[:1] in "\"'" and word:
                body.reserved_names.append(self.text())
            elif _NAME.fullmatch(word):
                body.reserved_names.append(self.next())
            else:
                body.reserved.append(self.range())
            if not self.taken(","):
                break
        self.next(";")

    def range(self) -> Range:
        first = self.number()
        if not self.taken("to"):
            return first, first
        return first, MOST if self.taken("max") else self.number()

    def enum(self) -> Enum:
        name, values, options = self.named(), list[tuple[str, int]](), list[tuple[str, str]]()
        self.next("{")
        while (word := self.next()) != "}":
            if word == "option":
                options.append(self.option())
            elif word == "reserved":
                self.past(";")
            elif word != ";":
                self.next("=")
                values.append((word, self.number()))
                if self.taken("["):
                    self.bracketed()
                self.next(";")
        return Enum(name, tuple(values), tuple(options))

    def service(self) -> Service:
        name, methods = self.named(), list[Method]()
        self.next("{")
        while (word := self.next()) != "}":
            if word == "option":
                self.option()
            elif word == "rpc":
                methods.append(self.method())
            elif word != ";":
                raise ProtoError(f"{word!r} begins nothing that a service holds")
        return Service(name, tuple(methods))

    def method(self) -> Method:
        name, ends = self.named(), list[tuple[str, bool]]()
        for index in range(2):
            if index:
                self.next("returns")
            self.next("(")
            many = self.taken("stream")
            ends.append((self.named(_TYPE), many))
            self.next(")")
        if not self.taken(";"):
            self.block()
        return Method(name, ends[0][0], ends[1][0], ends[0][1], ends[1][1])

    def option(self) -> tuple[str, str]:
        name = self.until("=")
        value = self.until(";")
        return name, value

    def bracketed(self) -> Options:
        options: list[tuple[str, str]] = []
        while True:
            name = self.until("=")
            value = self.until(",", "]", keep=True)
            options.append((name, value))
            if self.next() == "]":
                return tuple(options)

    def until(self, *ends: str, keep: bool = False) -> str:
        """Return the words before one of these ends that stands in no brackets."""
        found: list[str] = []
        depth = 0
        while True:
            word = self.next(ends[0] if self.at >= len(self.words) else "")
            if word in ends and not depth:
                self.at -= keep
                return " ".join(found)
            depth += (word in "{[(<") - (word in "}])>")
            if depth < 0:
                raise ProtoError(f"{word!r} closes nothing")
            found.append(word)

    def past(self, end: str) -> None:
        while self.next(end if self.at >= len(self.words) else "") != end:
            pass

    def block(self) -> None:
        """Go past a block in braces."""
        self.next("{")
        depth = 1
        while depth:
            word = self.next("}" if self.at >= len(self.words) else "")
            depth += (word == "{") - (word == "}")
