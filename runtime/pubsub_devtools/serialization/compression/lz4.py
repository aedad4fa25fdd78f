"""LZ4 in its frame format, by the package ``lz4``. Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md"""

from __future__ import annotations

from pubsub_devtools.serialization.compression.algorithm import Stream
from pubsub_devtools.serialization.extras import needed

__all__ = ["compress", "stream"]

_frame = needed("lz4.frame", "compression")


def compress(data: bytes, level: int | None) -> bytes:
    """Return the data as one frame that tells its own size."""
    packed: bytes = _frame.compress(data, compression_level=0 if level is None else level)
    return packed


def stream(limit: int) -> Stream:
    """Begin to unpack a frame; its blocks are of 4 MiB at most."""
    made: Stream = _frame.LZ4FrameDecompressor()
    return made
