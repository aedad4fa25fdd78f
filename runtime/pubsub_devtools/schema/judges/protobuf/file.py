"""What a `.proto` file declares, as values; the same from its text and from its descriptor."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

__all__ = ["Enum", "Field", "File", "Import", "Message", "Method", "ProtoError", "Range", "Service"]

Range = tuple[int, int]
"""The first and the last number."""

MOST = 536_870_911
"""The highest number that a field may have."""


class ProtoError(ValueError):
    """A file is not well written, in words."""


class Field(msgspec.Struct, frozen=True):
    """A field. ``key`` is that of a map, whose ``type`` is its values'; ``options`` stand as they are written."""

    name: str
    number: int
    type: str
    label: str = ""
    key: str = ""
    oneof: str = ""
    group: bool = False
    options: tuple[tuple[str, str], ...] = ()


class Enum(msgspec.Struct, frozen=True):
    """An enum: its constants with their numbers."""

    name: str
    values: tuple[tuple[str, int], ...] = ()
    options: tuple[tuple[str, str], ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A message, and what is declared in it."""

    name: str
    fields: tuple[Field, ...] = ()
    messages: tuple[Message, ...] = ()
    enums: tuple[Enum, ...] = ()
    reserved: tuple[Range, ...] = ()
    reserved_names: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    @property
    def oneofs(self) -> dict[str, list[Field]]:
        """The fields of each oneof, by its name."""
        found: dict[str, list[Field]] = {}
        for field in self.fields:
            if field.oneof:
                found.setdefault(field.oneof, []).append(field)
        return found


class Method(msgspec.Struct, frozen=True):
    """A method of a service."""

    name: str
    takes: str
    gives: str
    takes_many: bool = False
    gives_many: bool = False


class Service(msgspec.Struct, frozen=True):
    """A service."""

    name: str
    methods: tuple[Method, ...] = ()


class Import(msgspec.Struct, frozen=True):
    """Another file that is used; a public one is handed on to whoever imports this file."""

    path: str
    public: bool = False


class File(msgspec.Struct, frozen=True):
    """A whole file."""

    syntax: str = "proto2"
    package: str = ""
    imports: tuple[Import, ...] = ()
    messages: tuple[Message, ...] = ()
    enums: tuple[Enum, ...] = ()
    services: tuple[Service, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    def declared(self) -> Iterator[tuple[str, Message | Enum]]:
        """Yield all messages and enums with their full names."""
        start = f"{self.package}." if self.package else ""
        yield from ((f"{start}{enum.name}", enum) for enum in self.enums)
        for message in self.messages:
            yield from _declared(message, start)


def _declared(message: Message, start: str) -> Iterator[tuple[str, Message | Enum]]:
    name = f"{start}{message.name}"
    yield name, message
    yield from ((f"{name}.{enum.name}", enum) for enum in message.enums)
    for inner in message.messages:
        yield from _declared(inner, f"{name}.")
