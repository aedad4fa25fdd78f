"""JSON: what pydantic writes and reads. One pass each way, from the fields to bytes and from bytes to the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic_core import PydanticSerializationError, from_json

from pubsub_devtools.serialization.buffers import as_bytes
from pubsub_devtools.serialization.codec import Buffer, Codec
from pubsub_devtools.serialization.errors import EncodingError
from pubsub_devtools.serialization.limits import Limits, check_json_depth

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["JsonCodec"]

_BYTES = (
    "bytes that are no text need model_config = ConfigDict(ser_json_bytes='base64', val_json_bytes='base64') "
    "in the class that holds them, or application/msgpack"
)


class JsonCodec(Codec):
    """Fields stand under their names, whatever their aliases; computed fields are left out, since readers compute them.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Ping(BaseEvent):
        ...     number: int
        >>> JsonCodec().encode(Ping(3))
        b'{"number":3}'
    """

    content_types: ClassVar[tuple[str, ...]] = ("application/json",)

    def encode(self, event: BaseEvent) -> bytes:
        """Write the fields."""
        try:
            return type(event).__pydantic_serializer__.to_json(event, by_alias=False, round_trip=True)
        except PydanticSerializationError as error:
            if "utf-8" not in str(error):
                raise
            raise EncodingError(f"{error}; {_BYTES}") from error

    def decode(self, cls: type[BaseEvent], data: Buffer, limits: Limits) -> BaseEvent:
        """Read the fields; nothing is an empty object, as a publisher of an event without fields may send it."""
        text = as_bytes(data) or b"{}"
        check_json_depth("the payload", text, limits)
        made: BaseEvent = cls.__pydantic_validator__.validate_json(text, by_alias=True, by_name=True)
        return made

    def payload(self, data: Buffer, limits: Limits) -> Any:
        """Read the fields without their class."""
        text = as_bytes(data) or b"{}"
        check_json_depth("the payload", text, limits)
        return from_json(text)
