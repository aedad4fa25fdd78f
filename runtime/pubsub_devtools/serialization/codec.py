"""`Codec`: how the fields of an event become bytes and come back; codecs are found by content type."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from pubsub_devtools.serialization.content_type import is_json, media_type
from pubsub_devtools.serialization.errors import DecodingError, SerializationError

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent
    from pubsub_devtools.serialization.limits import Limits

__all__ = ["Buffer", "Codec", "codec_for", "register_codec", "unregister_codec"]

Buffer = bytes | bytearray | memoryview
"""What decoders take: anything of bytes."""


class Codec(ABC):
    """Base of a codec. It carries the payload alone: id, name and version of the event travel in the envelope.

    Attributes:
        content_types: The media types that it reads, in lower case.

    Example:
        >>> class Lines(Codec):
        ...     content_types = ("text/x-lines",)
        ...     def encode(self, event):
        ...         return "\\n".join(f"{name}={value}" for name, value in event.model_dump().items()).encode()
        ...     def decode(self, cls, data, limits):
        ...         return cls(**dict(line.split("=", 1) for line in bytes(data).decode().splitlines()))
        >>> register_codec(Lines())
        >>> from pubsub_devtools import BaseEvent
        >>> from pubsub_devtools.serialization import decode, encode
        >>> class Weighed(BaseEvent):
        ...     grams: int
        >>> encoded = encode(Weighed(5), content_type="text/x-lines")
        >>> encoded.body
        b'grams=5'
        >>> decode(encoded.body, encoded.content_type, encoded.headers)[0].grams
        5
        >>> unregister_codec("text/x-lines")
    """

    content_types: ClassVar[tuple[str, ...]]

    @abstractmethod
    def encode(self, event: BaseEvent) -> bytes:
        """Return the event's payload. Any ``Exception`` is told as an ``EncodingError`` that names the event."""

    @abstractmethod
    def decode(self, cls: type[BaseEvent], data: Buffer, limits: Limits) -> BaseEvent:
        """Return an event of the class. Any ``Exception`` is told as a ``DecodingError`` that names the event."""

    def payload(self, data: Buffer, limits: Limits) -> Any:
        """Return the payload as JSON holds it, for migrations, which have no class of the version that was written."""
        raise DecodingError(f"{self.content_types[0]} cannot be read without the class that wrote it")


_lock = threading.Lock()
_codecs: dict[str, Codec] = {}
_BUILT_IN = {
    "application/json": "json_codec:JsonCodec",
    "application/msgpack": "msgpack_codec:MsgpackCodec",
    "application/vnd.msgpack": "msgpack_codec:MsgpackCodec",
    "application/x-msgpack": "msgpack_codec:MsgpackCodec",
    "application/protobuf": "protobuf.codec:ProtobufCodec",
    "application/vnd.google.protobuf": "protobuf.codec:ProtobufCodec",
    "application/x-protobuf": "protobuf.codec:ProtobufCodec",
}


def register_codec(codec: Codec, *, replace: bool = False) -> None:
    """Use a codec for its content types, in the whole process.

    Args:
        codec: The codec.
        replace: Let it take content types that another codec reads, the built-in ones included.

    Raises:
        ValueError: A content type is taken already, or has parameters or upper case.
    """
    with _lock:
        for content_type in codec.content_types:
            if content_type != media_type(content_type) or "/" not in content_type:
                raise ValueError(
                    f"{content_type!r} is no media type in lower case without parameters, such as 'application/x-mine'"
                )
            if not replace and (content_type in _codecs or content_type in _BUILT_IN):
                raise ValueError(f"{content_type} has a codec already: replace=True takes its place")
        _codecs.update(dict.fromkeys(codec.content_types, codec))


def unregister_codec(content_type: str) -> None:
    """Take a registered codec away from a content type; a built-in one comes back.

    Raises:
        LookupError: No codec was registered for it.
    """
    with _lock:
        if _codecs.pop(content_type, None) is None:
            raise LookupError(f"no codec was registered for {content_type}")


def codec_for(content_type: str) -> Codec:
    """Return the codec of a content type; one with the suffix ``+json`` is read as JSON.

    Raises:
        SerializationError: There is none; the message lists those that there are.

    Example:
        >>> type(codec_for("application/vnd.shop+json; charset=utf-8")).__name__
        'JsonCodec'
    """
    wanted = media_type(content_type)
    found = _codecs.get(wanted) or _built_in(wanted)
    if found is None and is_json(wanted):
        found = _codecs.get("application/json") or _built_in("application/json")
    if found is None:
        known = ", ".join(sorted({*_codecs, *_BUILT_IN}))
        raise SerializationError(
            f"no codec reads or writes {content_type!r}; there are: {known}; register_codec adds one"
        )
    return found


_made: dict[str, Codec] = {}


def _built_in(content_type: str) -> Codec | None:
    place = _BUILT_IN.get(content_type)
    if place is None:
        return None
    if place not in _made:
        module, _, name = place.partition(":")
        make: Callable[[], Codec] = getattr(import_module(f"pubsub_devtools.serialization.{module}"), name)
        _made[place] = make()
    return _made[place]
