"""Protobuf messages generated from event classes.

Fields have the numbers 1, 2, 3 and so on in the order in which the class declares them, those of base classes first. A message
is always read by the class of the version that wrote it, so numbers stay right as long as a class that changes gets a new
version; a class without versions may only get new fields at its end.

- ``bool``, ``int``, ``float``, ``str`` and ``bytes`` are ``bool``, ``int64``, ``double``, ``string`` and ``bytes``.
- What JSON writes as text (times, UUIDs, decimals, enums of text) is that text in a ``string``.
- A model is a message, a list or set is ``repeated``, a dict a ``map``, a tuple of fixed length a message of ``item_1`` and so on.
- All single fields are ``optional``: None is a field that is not there.
- A list or dict inside another, or one that may be None, is boxed in a message with the one field ``value``.
- What protobuf has no type for (``Any``, a union of several types) is its JSON text in a ``string``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Proto
from google.protobuf.message import Message

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    FieldType,
    Map,
    Record,
    RecordField,
    Ref,
    Tuple,
    Unknown,
)
from pubsub_devtools.schema.unions import NULL
from pubsub_devtools.serialization.errors import EncodingError
from pubsub_devtools.serialization.protobuf.forms import (
    Form,
    json_text,
    plain_form,
    without_null,
)

__all__ = ["Generated", "generate"]


class _Field(NamedTuple):
    name: str
    spelled: str
    form: Form
    is_none: bool
    """Whether its absence means None."""


class Generated(NamedTuple):
    """The message class of a record, and the way to and from it."""

    file: descriptor_pb2.FileDescriptorProto
    message: type[Message]
    write: Callable[[Any], dict[str, Any]]
    read: Callable[[Any], Any]


def generate(record: Record, name: str) -> Generated:
    """Make the message of a record.

    Args:
        record: The fields.
        name: What to call the file.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> from pubsub_devtools.schema import model_type
        >>> class Sent(BaseEvent):
        ...     parcel: str
        ...     grams: int = 0
        >>> [(field.name, field.number) for field in generate(model_type(Sent), "sent").message.DESCRIPTOR.fields]
        [('parcel', 1), ('grams', 2)]
    """
    making = _Making(name)
    top = making.record(record)
    pool = descriptor_pool.DescriptorPool()  # one for each class, so that equal names do not meet
    pool.Add(making.file)
    message = message_factory.GetMessageClass(pool.FindMessageTypeByName(top.message))
    making.pool = pool
    return Generated(making.file, message, top.write, top.read)


class _Making:
    """One file under way. It knows which records it is inside, for recursion."""

    def __init__(self, name: str) -> None:
        self.file = descriptor_pb2.FileDescriptorProto(name=f"{name}.proto", syntax="proto3")
        self.pool = descriptor_pool.DescriptorPool()
        self.inside: list[tuple[str, Form]] = []

    def record(self, record: Record) -> Form:
        spelled = self.free(record.name)
        fields: list[_Field] = []
        form = Form(Proto.TYPE_MESSAGE, _writer(record, fields), _reader(fields), spelled)
        self.inside.append((record.name, form))
        descriptor = self.file.message_type.add(name=spelled)
        fields.extend(self.field(descriptor, number, field) for number, field in enumerate(record.fields, 1))
        self.inside.pop()
        return form

    def places(self, items: Sequence[FieldType], name: str = "Tuple") -> Form:
        record = Record(
            name, tuple(RecordField(f"item_{number}", item) for number, item in enumerate(items, 1))
        )
        form = self.record(record)

        def write(value: Any) -> Any:
            return form.write({f"item_{number}": item for number, item in enumerate(value, 1)})

        def read(message: Any) -> list[Any]:
            return list(form.read(message).values())

        return form._replace(write=write, read=read)

    def field(self, descriptor: descriptor_pb2.DescriptorProto, number: int, field: RecordField) -> _Field:
        type_, nullable = without_null(field.type)
        form = self.form(type_)
        if nullable and form.repeated:
            form = self.boxed(type_)
        spelled = field.name if field.name.isascii() and field.name.isidentifier() else f"field_{number}"
        proto = descriptor.field.add(
            name=spelled, json_name=field.name, number=number, type=form.type, type_name=_typed(form)
        )
        proto.label = Proto.LABEL_REPEATED if form.repeated else Proto.LABEL_OPTIONAL
        if form.entry:
            self.entry(descriptor, proto, form.entry)
        elif not form.repeated:
            proto.proto3_optional, proto.oneof_index = True, len(descriptor.oneof_decl)
            descriptor.oneof_decl.add(name=f"_{spelled}")
        is_none = nullable or isinstance(type_, Anything | Unknown) or type_ == NULL
        return _Field(field.name, spelled, form, is_none and (field.required or field.default))

    def form(self, type_: FieldType) -> Form:
        match type_:
            case Record(positional=True, fields=fields, name=name):
                return self.places([field.type for field in fields], name)
            case Record():
                return self.record(type_)
            case Ref(name=name):
                return self.around(name)
            case Array(items=items):
                return _repeated(self.inner(items))
            case Tuple(items=items):
                return self.places(items)
            case Map(key=key, value=value) if (named := plain_form(key)) and _may_be_key(key, named):
                return self.map(named, value)
            case _:
                return plain_form(type_) or json_text()

    def around(self, name: str) -> Form:
        """Return the form of the nearest record around that has this name."""
        found: Form = next(form for known, form in reversed(self.inside) if known == name)
        return found

    def inner(self, type_: FieldType) -> Form:
        """Return the form of what stands in a list or dict, boxed where protobuf allows it only in a message."""
        bare, nullable = without_null(type_)
        form = self.form(bare)
        return self.boxed(type_) if nullable or form.repeated else form

    def boxed(self, type_: FieldType) -> Form:
        bare, _ = without_null(type_)
        form = self.record(Record("Box", (RecordField("value", bare),)))

        def write(value: Any) -> Any:
            return form.write({"value": value})

        def read(message: Any) -> Any:
            return form.read(message).get("value")

        return form._replace(write=write, read=read)

    def map(self, key: Form, value: FieldType) -> Form:
        held = self.inner(value)

        def write(values: dict[Any, Any]) -> dict[Any, Any]:
            return {key.write(name): self.made(held, item) for name, item in values.items()}

        def read(values: Any) -> dict[Any, Any]:
            return {key.read(name): held.read(values[name]) for name in values}

        return Form(Proto.TYPE_MESSAGE, write, read, repeated=True, entry=(key, held))

    def made(self, form: Form, value: Any) -> Any:
        """Return a value of a map, which takes messages, not what they are made of."""
        written = form.write(value)
        if not form.message:
            return written
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(form.message))(**written)

    def entry(
        self, descriptor: descriptor_pb2.DescriptorProto, proto: Proto, entry: tuple[Form, Form]
    ) -> None:
        name = proto.name.replace("_", " ").title().replace(" ", "") + f"{proto.number}Entry"
        nested = descriptor.nested_type.add(name=name)
        nested.options.map_entry = True
        for number, (part, form) in enumerate(zip(("key", "value"), entry, strict=True), 1):
            nested.field.add(
                name=part,
                number=number,
                type=form.type,
                type_name=_typed(form),
                label=Proto.LABEL_OPTIONAL,
            )
        proto.type_name = f".{descriptor.name}.{name}"

    def free(self, name: str) -> str:
        plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
        wanted = plain if plain[:1].isalpha() else f"Record{plain}"
        taken = {message.name for message in self.file.message_type}
        number = 1
        while (spelled := wanted if number == 1 else f"{wanted}{number}") in taken:
            number += 1
        return spelled


def _typed(form: Form) -> str | None:
    return f".{form.message}" if form.message else None


def _repeated(form: Form) -> Form:
    def write(values: Any) -> list[Any]:
        return [form.write(value) for value in values]

    def read(values: Any) -> list[Any]:
        return [form.read(value) for value in values]

    return form._replace(write=write, read=read, repeated=True)


def _may_be_key(type_: FieldType, form: Form) -> bool:
    return form.type in (Proto.TYPE_STRING, Proto.TYPE_INT64, Proto.TYPE_BOOL) and type_ != NULL


def _writer(record: Record, fields: list[_Field]) -> Callable[[Any], dict[str, Any]]:
    names = {field.name for field in record.fields}

    def write(values: dict[str, Any]) -> dict[str, Any]:
        if further := values.keys() - names:
            raise EncodingError(
                f"{record.name} has no place for {', '.join(sorted(map(str, further)))}: protobuf holds declared fields alone"
            )
        written: dict[str, Any] = {}
        for name, spelled, form, _ in fields:
            value = values.get(name)
            if value is None:
                continue
            try:
                written[spelled] = form.write(value)
            except Exception as error:
                raise EncodingError(f"{name}: {error}") from error
        return written

    return write


def _reader(fields: list[_Field]) -> Callable[[Any], dict[str, Any]]:
    def read(message: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, spelled, form, is_none in fields:
            if form.repeated or message.HasField(spelled):
                found[name] = form.read(getattr(message, spelled))
            elif is_none:
                found[name] = None
        return found

    return read
