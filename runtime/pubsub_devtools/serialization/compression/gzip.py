"""gzip, by the standard library's zlib. Source: RFC 1952."""

from __future__ import annotations

import zlib

from pubsub_devtools.serialization.compression.algorithm import Stream

__all__ = ["compress", "stream"]

_GZIP = 31  # the window of 2**15 bytes, with gzip's header and trailer


def compress(data: bytes, level: int | None) -> bytes:
    """Return the data as one gzip member without a time stamp, so that equal data gives equal bytes."""
    packer = zlib.compressobj(6 if level is None else level, wbits=_GZIP)
    return packer.compress(data) + packer.flush()


def stream(limit: int) -> Stream:
    """Begin to unpack a member; its memory does not depend on the data."""
    return _Gzip()


class _Gzip:
    """``zlib``'s object gives back what it has not looked at; here it is kept."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=_GZIP)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._stream.decompress(data or self._stream.unconsumed_tail, max_length)
