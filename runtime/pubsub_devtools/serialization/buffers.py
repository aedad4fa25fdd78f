"""Bytes of any kind as ``bytes``, without a copy where they are that already."""

from __future__ import annotations

__all__ = ["as_bytes"]


def as_bytes(data: bytes | bytearray | memoryview) -> bytes:
    """Return the same bytes. A view of a whole ``bytes`` object gives that very object.

    Example:
        >>> whole = b"payload"
        >>> as_bytes(memoryview(whole)) is whole
        True
    """
    if isinstance(data, memoryview):
        whole = data.obj
        if isinstance(whole, bytes) and len(whole) == data.nbytes and data.c_contiguous:
            return whole
    return data if isinstance(data, bytes) else bytes(data)
