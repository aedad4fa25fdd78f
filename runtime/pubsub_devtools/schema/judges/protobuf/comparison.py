"""What may change between two `.proto` files: fields by their numbers, types within one group of the wire format.

Sources: https://protobuf.dev/programming-guides/proto3/#updating, and what Confluent's registry makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.protobuf.file import Enum, Field, Message
from pubsub_devtools.schema.judges.protobuf.names import SCALARS, Names
from pubsub_devtools.schema.judges.recursion import Recursion

__all__: list[str] = []

GROUPS = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "bool"), "a plain number"),
    **dict.fromkeys(("sint32", "sint64"), "a signed number"),
    **dict.fromkeys(("string", "bytes"), "bytes"),
    **dict.fromkeys(("fixed32", "sfixed32"), "four bytes"),
    **dict.fromkeys(("fixed64", "sfixed64"), "eight bytes"),
    "float": "a float",
    "double": "a double",
}
"""What types write in the same way; an enum is a plain number."""


class Comparison:
    """Compares two files, one written with, one read with."""

    def __init__(self, written: Names, read: Names, *, old_writes: bool) -> None:
        self.written, self.read = written, read
        self.w, self.r = ("old", "new") if old_writes else ("new", "old")
        self.recursion = Recursion()

    def files(self) -> Iterator[Finding]:
        before, after = self.written.file, self.read.file
        if before.package != after.package:
            text = f"is in the package {before.package!r} in the {self.w} version, {after.package!r} in the {self.r} one"
            yield Place().found("PACKAGE_CHANGED", text)
        yield from self.declared(before, after, before.package, after.package, Place())

    def declared(self, w: object, r: object, scope_w: str, scope_r: str, place: Place) -> Iterator[Finding]:
        """Compare the messages and enums that are declared in two files or messages, by their names."""
        read = {message.name: message for message in getattr(r, "messages", ())}
        for message in getattr(w, "messages", ()):
            at = place.to(message.name)
            if message.name not in read:
                yield at.found(
                    "MESSAGE_REMOVED", f"the message {message.name} is gone from the {self.r} version"
                )
                continue
            names = _joined(scope_w, message.name), _joined(scope_r, message.name)
            yield from self.messages(message, read[message.name], *names, at)
            yield from self.declared(message, read[message.name], *names, at)
        enums = {enum.name: enum for enum in getattr(r, "enums", ())}
        for enum in getattr(w, "enums", ()):
            if enum.name in enums:
                yield from self.enums(enum, enums[enum.name], place.to(enum.name))

    def messages(self, w: Message, r: Message, name_w: str, name_r: str, place: Place) -> list[Finding]:
        pair = name_w, name_r
        return self.recursion.entered(pair, place, lambda: list(self.between(w, r, name_w, name_r, place)))

    def between(self, w: Message, r: Message, name_w: str, name_r: str, place: Place) -> Iterator[Finding]:
        before = {field.number: field for field in w.fields}
        after = {field.number: field for field in r.fields}
        yield from self.oneofs(w, r, before, place)
        yield from self.reserved(w, before, after, place)
        for number in sorted(before.keys() | after.keys()):
            if number not in after:
                yield from self.removed(before[number], w, after, place)
            elif number not in before:
                yield from self.added(after[number], place)
            else:
                yield from self.field(before[number], after[number], name_w, name_r, place)

    def oneofs(self, w: Message, r: Message, before: dict[int, Field], place: Place) -> Iterator[Finding]:
        """Find fields that could be set together and no longer can."""
        for name, members in r.oneofs.items():
            known = [before[field.number] for field in members if field.number in before]
            alone = [field for field in known if not field.oneof]
            origins = {field.oneof or field.number for field in known}
            if len(origins) > 1:
                kind = "MULTIPLE_FIELDS_MOVED_TO_ONEOF" if len(alone) > 1 else "FIELD_MOVED_TO_EXISTING_ONEOF"
                told = ", ".join(f"`{field.name}`" for field in known)
                text = f"{told} may be there together in the {self.w} version, in the {self.r} one only one of oneof {name}"
                yield place.to(name).found(kind, text)

    def reserved(
        self, w: Message, before: dict[int, Field], after: dict[int, Field], place: Place
    ) -> Iterator[Finding]:
        for number, field in after.items():
            taken = (
                any(first <= number <= last for first, last in w.reserved) or field.name in w.reserved_names
            )
            if taken and number not in before:
                text = f"has the number {number} or a name that the {self.w} version has reserved"
                yield _at(place, field).found("RESERVED_FIELD_USED", text, "risky")

    def removed(self, field: Field, w: Message, after: dict[int, Field], place: Place) -> Iterator[Finding]:
        if field.label == "required":
            text = f"is required in the {self.w} version, and gone from the {self.r} one"
            yield _at(place, field).found("REQUIRED_FIELD_REMOVED", text)
        elif field.oneof and any(member.number in after for member in w.oneofs[field.oneof]):
            text = f"is gone from the {self.r} version, others of oneof {field.oneof} are not: which is set is no longer told"
            yield _at(place, field).found("ONEOF_FIELD_REMOVED", text)

    def added(self, field: Field, place: Place) -> Iterator[Finding]:
        if field.label == "required":
            text = f"is required in the {self.r} version, and not in the {self.w} one"
            yield _at(place, field).found("REQUIRED_FIELD_ADDED", text)

    def field(self, w: Field, r: Field, name_w: str, name_r: str, place: Place) -> Iterator[Finding]:
        at = _at(place, r)
        if w.name != r.name:
            text = f"is called {w.name} in the {self.w} version, {r.name} in the {self.r} one; as JSON they are two"
            yield at.found("FIELD_NAME_CHANGED", text, "compatible")
        if r.label == "required" and w.label != "required":
            yield at.found(
                "REQUIRED_FIELD_ADDED", f"is required in the {self.r} version, not in the {self.w} one"
            )
        if _kind(w, r):
            told = f"{'map' if w.key else w.type} in the {self.w} version, {'map' if r.key else r.type} in the {self.r} one"
            yield at.found("FIELD_KIND_CHANGED", f"is {told}")
            return
        if w.key:
            yield from self.types(w.key, r.key, name_w, name_r, at)
        yield from self.types(w.type, r.type, name_w, name_r, at)
        if not w.key:
            yield from self.labels(w, r, name_w, at)

    def labels(self, w: Field, r: Field, name_w: str, at: Place) -> Iterator[Finding]:
        if (w.label == "repeated") == (r.label == "repeated"):
            return
        one, many = (self.r, self.w) if w.label == "repeated" else (self.w, self.r)
        text = f"is one in the {one} version, many in the {many} one"
        scalar = w.type if w.type in SCALARS else self.enum(self.written, w.type, name_w) and "int32"
        if not scalar:
            yield at.found("FIELD_MESSAGE_LABEL_CHANGED", text, "compatible")
        elif GROUPS[scalar] == "bytes":
            yield at.found("FIELD_STRING_OR_BYTES_LABEL_CHANGED", text, "compatible")
        else:
            yield at.found("FIELD_NUMERIC_LABEL_CHANGED", text)

    def types(self, w: str, r: str, name_w: str, name_r: str, at: Place) -> Iterator[Finding]:
        group_w = GROUPS.get(w) or self.enum(self.written, w, name_w)
        group_r = GROUPS.get(r) or self.enum(self.read, r, name_r)
        text = f"is {w} in the {self.w} version, {r} in the {self.r} one"
        if not group_w and not group_r:
            yield from self.named(w, r, name_w, name_r, at)
        elif not group_w or not group_r:
            yield at.found("FIELD_KIND_CHANGED", text)
        elif group_w != group_r:
            yield at.found("FIELD_SCALAR_KIND_CHANGED", f"{text}, which is written in another way")
        elif w != r and (w in SCALARS or r in SCALARS):
            yield at.found("FIELD_TYPE_CHANGED", f"{text}: what does not fit is cut or misread", "compatible")

    def named(self, w: str, r: str, name_w: str, name_r: str, at: Place) -> Iterator[Finding]:
        """Compare two messages that fields hold: of one name beside their packages, and each able to read the other."""
        full_w, full_r = self.written.full(w, name_w), self.read.full(r, name_r)
        if self.written.local(full_w) != self.read.local(full_r):
            text = f"is {full_w} in the {self.w} version, {full_r} in the {self.r} one"
            yield at.found("FIELD_NAMED_TYPE_CHANGED", text)
            return
        before, after = self.written.known.get(full_w), self.read.known.get(full_r)
        if isinstance(before, Message) and isinstance(after, Message):
            yield from self.messages(before, after, full_w, full_r, at)

    def enum(self, names: Names, type_: str, scope: str) -> str:
        """Return the group of an enum, nothing for a message."""
        return "a plain number" if isinstance(names.known.get(names.full(type_, scope)), Enum) else ""

    def enums(self, w: Enum, r: Enum, place: Place) -> Iterator[Finding]:
        known = {number for _, number in r.values}
        gone = [f"{name} = {number}" for name, number in w.values if number not in known]
        if gone:
            text = f"the {self.r} version does not know {', '.join(gone[:6])}"
            yield place.found("ENUM_CONST_REMOVED", text, "compatible")


def _kind(w: Field, r: Field) -> bool:
    return bool(w.key) != bool(r.key) or w.group != r.group


def _at(place: Place, field: Field) -> Place:
    steps: Sequence[str | int] = (field.oneof, field.number) if field.oneof else (field.number,)
    return place.named(field.name, *steps)


def _joined(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name
