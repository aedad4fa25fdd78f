"""What an algorithm gives: bytes smaller, and a stream that unpacks no more than it is asked for."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Algorithm", "Stream"]


class Stream(Protocol):
    """Unpacks one frame piece by piece. ``needs_input`` and ``unused_data`` are as in the standard library's ``bz2``."""

    @property
    def eof(self) -> bool:
        """Whether the end of the frame was reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end of the frame."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most ``max_length`` further bytes. Given ``b""`` it goes on with what it was given before."""
        ...


class Algorithm(Protocol):
    """One way to compress."""

    def compress(self, data: bytes, level: int | None) -> bytes:
        """Return the data compressed; None is the algorithm's own default level."""
        ...

    def stream(self, limit: int) -> Stream:
        """Begin to unpack a frame, with memory bounded by about ``limit`` bytes."""
        ...
