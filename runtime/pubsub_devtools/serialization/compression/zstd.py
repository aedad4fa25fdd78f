"""Zstandard: the standard library's from Python 3.14 on, else the package ``zstandard``. Source: RFC 8878."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from pubsub_devtools.serialization.compression.algorithm import Stream
from pubsub_devtools.serialization.extras import needed

__all__ = ["compress", "stream"]

_IS_BUILT_IN = sys.version_info >= (3, 14)
_zstd: Any = import_module("compression.zstd") if _IS_BUILT_IN else needed("zstandard", "compression")

_LEVEL = 3
_LEAST_WINDOW, _LARGEST_WINDOW = (
    23,
    27,
)  # exponents of two: what RFC 8878 asks of every decoder, and the reference tool's
_SIP = 512


def compress(data: bytes, level: int | None) -> bytes:
    """Return the data as one frame that tells its own size."""
    chosen = _LEVEL if level is None else level
    packed: bytes = (
        _zstd.compress(data, chosen) if _IS_BUILT_IN else _zstd.ZstdCompressor(level=chosen).compress(data)
    )
    return packed


def stream(limit: int) -> Stream:
    """Begin to unpack a frame. It may ask for a window of memory, which is not granted beyond the limit or 8 MiB."""
    exponent = min(max(limit.bit_length(), _LEAST_WINDOW), _LARGEST_WINDOW)
    if _IS_BUILT_IN:
        made: Stream = _zstd.ZstdDecompressor(options={_zstd.DecompressionParameter.window_log_max: exponent})
        return made
    return _Sipping(_zstd.ZstdDecompressor(max_window_size=1 << exponent).decompressobj())


class _Sipping:
    """``zstandard`` unpacks all that it is given. In sips of this size it can become 16 MiB at most (a block of 4 bytes
    may stand for 128 KiB).
    """

    def __init__(self, whole: Any) -> None:
        self._whole = whole
        self._left = memoryview(b"")

    @property
    def eof(self) -> bool:
        return bool(self._whole.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._whole.unused_data) + bytes(self._left)

    def decompress(self, data: bytes, _: int, /) -> bytes:
        self._left = memoryview(data) if data else self._left
        piece = b""
        while not piece and self._left and not self.eof:
            sip, self._left = self._left[:_SIP], self._left[_SIP:]
            piece = self._whole.decompress(sip)
        return piece
