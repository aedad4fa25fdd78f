"""Protobuf as a codec. Source: https://protobuf.dev/programming-guides/encoding/, descriptors as in ``descriptor.proto``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from pubsub_devtools.schema.from_pydantic import model_type
from pubsub_devtools.serialization.buffers import as_bytes
from pubsub_devtools.serialization.codec import Buffer, Codec
from pubsub_devtools.serialization.extras import needed
from pubsub_devtools.serialization.limits import Limits, check_depth

needed("google.protobuf", "protobuf")

from pubsub_devtools.serialization.protobuf.generated import Generated, generate  # noqa: E402 (needs the extra)
from pubsub_devtools.serialization.protobuf.own import read_message, write_message  # noqa: E402

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["ProtobufCodec", "message_class", "register_message"]

_own: WeakKeyDictionary[type[BaseEvent], type[Message]] = WeakKeyDictionary()
_generated: WeakKeyDictionary[type[BaseEvent], Generated] = WeakKeyDictionary()


def register_message(cls: type[BaseEvent], message: type[Message]) -> None:
    """Write and read an event class as a message class of your own, such as ``protoc`` makes.

    Fields are matched by name. ``Timestamp``, ``Duration``, ``Struct`` and the wrappers become Python's types; an enum is its name
    where the event's field is one of texts, else its number.

    Args:
        cls: The event class. Its subclasses are not meant.
        message: The message class.
    """
    _own[cls] = message


def message_class(cls: type[BaseEvent]) -> type[Message]:
    """Return the message class that events of a class are written as: the registered one, else the generated one.

    Its ``DESCRIPTOR`` says everything that readers in other languages need.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Sent(BaseEvent):
        ...     parcel: str
        >>> [field.name for field in message_class(Sent).DESCRIPTOR.fields]
        ['parcel']
    """
    return _own.get(cls) or _made(cls).message


class ProtobufCodec(Codec):
    """Payloads as messages.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Sent(BaseEvent):
        ...     parcel: str
        >>> ProtobufCodec().encode(Sent("p-1"))
        b'\\n\\x03p-1'
    """

    content_types: ClassVar[tuple[str, ...]] = (
        "application/protobuf",
        "application/vnd.google.protobuf",
        "application/x-protobuf",
    )

    def encode(self, event: BaseEvent) -> bytes:
        """Write the fields."""
        cls = type(event)
        fields: dict[str, Any] = cls.__pydantic_serializer__.to_python(event, by_alias=False, round_trip=True)
        if own := _own.get(cls):
            message = own()
            write_message(message, fields)
            return message.SerializeToString()
        made = _made(cls)
        return made.message(**made.write(fields)).SerializeToString()

    def decode(self, cls: type[BaseEvent], data: Buffer, limits: Limits) -> BaseEvent:
        """Read the fields. Not strictly, for protobuf holds ids, times and sets in other types than their own."""
        own = _own.get(cls)
        if own:
            fields = read_message(own.FromString(as_bytes(data)), model_type(cls))
        else:
            made = _made(cls)
            fields = made.read(made.message.FromString(as_bytes(data)))
        check_depth("the payload", fields, limits)
        event: BaseEvent = cls.__pydantic_validator__.validate_python(
            fields, strict=False, by_alias=True, by_name=True
        )
        return event


def _made(cls: type[BaseEvent]) -> Generated:
    known = _generated.get(cls)
    if known is None:
        known = _generated[cls] = generate(model_type(cls), f"{cls.__module__}.{cls.__qualname__}")
    return known
