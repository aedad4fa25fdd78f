"""Events as messages: codecs by content type, compression, CloudEvents both ways, and limits on what is read.

Names are imported on first use, so that the errors and limits can be used without pydantic.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.serialization.codec import Codec, register_codec, unregister_codec
    from pubsub_devtools.serialization.compression import Compression
    from pubsub_devtools.serialization.decoding import decode, decode_batch
    from pubsub_devtools.serialization.encoding import Encoded, encode, encode_batch
    from pubsub_devtools.serialization.errors import (
        DecodingError,
        EncodingError,
        InvalidPayloadError,
        LimitExceededError,
        SerializationError,
        UnknownMessageError,
    )
    from pubsub_devtools.serialization.limits import Limits

__all__ = [
    "Codec",
    "Compression",
    "DecodingError",
    "Encoded",
    "EncodingError",
    "InvalidPayloadError",
    "LimitExceededError",
    "Limits",
    "SerializationError",
    "UnknownMessageError",
    "decode",
    "decode_batch",
    "encode",
    "encode_batch",
    "register_codec",
    "unregister_codec",
]

_HOMES = {
    "Codec": "codec",
    "Compression": "compression",
    "DecodingError": "errors",
    "Encoded": "encoding",
    "EncodingError": "errors",
    "InvalidPayloadError": "errors",
    "LimitExceededError": "errors",
    "Limits": "limits",
    "SerializationError": "errors",
    "UnknownMessageError": "errors",
    "decode": "decoding",
    "decode_batch": "decoding",
    "encode": "encoding",
    "encode_batch": "encoding",
    "register_codec": "codec",
    "unregister_codec": "codec",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
