"""The wire format of protobuf, as far as descriptors need it: https://protobuf.dev/programming-guides/encoding/"""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.schema.judges.protobuf.file import ProtoError

__all__: list[str] = []

VARINT, LENGTH = 0, 2
_SIZES = {1: 8, 5: 4}


def parts(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a message with their numbers: numbers, or bytes.

    Raises:
        ProtoError: It is no message.
    """
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        size = _SIZES.get(kind, -1)
        if kind == LENGTH:
            size, at = _varint(data, at)
        if size < 0 or at + size > len(data) or not number:
            raise ProtoError("it is no descriptor")
        yield number, data[at : at + size]
        at += size


def numbered(number: int, value: int) -> bytes:
    """Return a field that holds a number."""
    return _written(number << 3 | VARINT) + _written(value if value >= 0 else value + (1 << 64))


def held(number: int, value: bytes | str) -> bytes:
    """Return a field that holds bytes, a text or a message."""
    data = value.encode() if isinstance(value, str) else value
    return _written(number << 3 | LENGTH) + _written(len(data)) + data


def signed(value: int | bytes) -> int:
    """Return a number that may be negative."""
    number = value if isinstance(value, int) else 0
    return number - (1 << 64) if number >= 1 << 63 else number


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ProtoError("it is no descriptor")


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
