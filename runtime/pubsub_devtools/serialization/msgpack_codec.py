"""MessagePack: the same fields as JSON, smaller, with bytes as they are. Source: https://github.com/msgpack/msgpack/blob/master/spec.md"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from pydantic_core import to_jsonable_python

from pubsub_devtools.serialization.codec import Buffer, Codec
from pubsub_devtools.serialization.errors import DecodingError
from pubsub_devtools.serialization.limits import Limits, check_depth

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["MsgpackCodec"]


class MsgpackCodec(Codec):
    """A map of the fields by name. Times with a zone are MessagePack timestamps, what it has no type for is as in JSON.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Ping(BaseEvent):
        ...     number: int
        >>> MsgpackCodec().encode(Ping(3))
        b'\\x81\\xa6number\\x03'
    """

    content_types: ClassVar[tuple[str, ...]] = (
        "application/msgpack",
        "application/vnd.msgpack",
        "application/x-msgpack",
    )

    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder(enc_hook=_otherwise).encode
        self._decode = msgspec.msgpack.Decoder(ext_hook=_refuse).decode

    def encode(self, event: BaseEvent) -> bytes:
        """Write the fields."""
        fields = type(event).__pydantic_serializer__.to_python(event, by_alias=False, round_trip=True)
        return self._encode(fields)

    def decode(self, cls: type[BaseEvent], data: Buffer, limits: Limits) -> BaseEvent:
        """Read the fields. Not strictly, for MessagePack holds ids, decimals and sets in other types than their own."""
        fields = self._fields(data, limits)
        made: BaseEvent = cls.__pydantic_validator__.validate_python(
            fields, strict=False, by_alias=True, by_name=True
        )
        return made

    def payload(self, data: Buffer, limits: Limits) -> Any:
        """Read the fields without their class, as JSON would hold them."""
        return to_jsonable_python(self._fields(data, limits), inf_nan_mode="strings")

    def _fields(self, data: Buffer, limits: Limits) -> object:
        fields: object = self._decode(data) if len(data) else {}
        check_depth("the payload", fields, limits)
        return fields


def _otherwise(value: object) -> object:
    return to_jsonable_python(value, round_trip=True)


def _refuse(code: int, _: memoryview) -> object:
    raise DecodingError(f"it holds a MessagePack extension of type {code}, which is not known")
