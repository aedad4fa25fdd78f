"""A file's facts as bytes, and back: whole, or each scope and call only when it is asked for.

Of most files a few calls matter. To decode these alone costs a tenth of decoding all, and a file that is held so weighs
a fraction of one that is laid open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

import msgspec

from pubsub_devtools_analysis.facts import Call, FileFacts, Scope, Store

T = TypeVar("T")


class Parts(Sequence[T]):
    """A list that is decoded entry by entry."""

    __slots__ = ("_decode", "_parts")

    def __init__(self, parts: list[Any], decode: Callable[[msgspec.Raw], T]) -> None:
        self._parts = parts
        self._decode = decode

    @overload
    def __getitem__(self, index: int, /) -> T: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[T]: ...
    def __getitem__(self, index: Any, /) -> Any:
        part: Any = self._parts[index]
        if type(part) is msgspec.Raw:
            part = self._parts[index] = self._decode(part)
        elif isinstance(index, slice):
            part = [*self][index]
        return part

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[T]:
        for index, part in enumerate(self._parts):
            if type(part) is msgspec.Raw:
                self._parts[index] = self._decode(part)
        return iter(self._parts)


_DECODERS: dict[str, Callable[[msgspec.Raw], object]] = {
    "scopes": msgspec.msgpack.Decoder(Scope).decode,
    "calls": msgspec.msgpack.Decoder(Call).decode,
    "stores": msgspec.msgpack.Decoder(Store).decode,
}
_FIELDS = msgspec.structs.fields(FileFacts)
_FORM = msgspec.defstruct(
    "Packed",
    [(each.name, list[msgspec.Raw] if each.name in _DECODERS else each.type) for each in _FIELDS],
    array_like=True,
    gc=False,
)
_PARTS = [_DECODERS.get(each.name) for each in _FIELDS]
_encoder = msgspec.msgpack.Encoder(enc_hook=list)
_whole: msgspec.msgpack.Decoder[FileFacts] = msgspec.msgpack.Decoder(FileFacts)
_packed: msgspec.msgpack.Decoder[msgspec.Struct] = msgspec.msgpack.Decoder(_FORM)


def encode(facts: FileFacts) -> bytes:
    """The bytes that the cache keeps and worker processes send."""
    return _encoder.encode(facts)


def decode(data: bytes | memoryview) -> FileFacts:
    """The facts again, whole. Raises msgspec.DecodeError or msgspec.ValidationError for anything else."""
    return _whole.decode(data)


def unpack(data: bytes) -> FileFacts:
    """The facts again, with scopes, calls and stores that are decoded when they are asked for.

    Raises:
        msgspec.MsgspecError: these are no facts; later, that a part is none.
    """
    values: tuple[Any, ...] = msgspec.structs.astuple(_packed.decode(data))
    parts: list[Any] = [
        value if part is None else Parts(value, part) for value, part in zip(values, _PARTS, strict=True)
    ]
    return FileFacts(*parts)
