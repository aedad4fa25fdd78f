"""Encoded facts, laid down in a file without a name: they are many, each is wanted now and then, and read in microseconds.

Held in memory they would be a quarter of what a large root takes. Where no file can be made, or the disk is full, they
are held in memory all the same.
"""

from __future__ import annotations

from contextlib import suppress
from tempfile import TemporaryFile
from weakref import finalize


class Spool:
    """Bytes by their digests. What is put stays until the spool is gone, and its file with it."""

    def __init__(self) -> None:
        self._places: dict[bytes, tuple[int, int]] = {}
        self._end = 0
        self._held: dict[bytes, bytes] = {}
        self._file = None
        with suppress(OSError):
            self._file = TemporaryFile(buffering=0, prefix="pubsub-devtools-")  # noqa: SIM115 - closed with the spool
            finalize(self, self._file.close)

    def __contains__(self, name: bytes) -> bool:
        """Whether there are bytes of this name."""
        return name in self._places or name in self._held

    def get(self, name: bytes) -> bytes | None:
        """The bytes of this name; nothing where there are none, or they cannot be read."""
        place = self._places.get(name)
        if place is None or self._file is None:
            return self._held.get(name)
        start, size = place
        try:
            self._file.seek(start)
            data = self._file.read(size)
        except OSError:
            return None
        return data if len(data) == size else None

    def put(self, name: bytes, data: bytes) -> None:
        """Keep bytes by this name."""
        if name in self:
            return
        if self._is_written(data):
            self._places[name] = (self._end, len(data))
            self._end += len(data)
        else:
            self._held[name] = data

    def _is_written(self, data: bytes) -> bool:
        """Whether bytes stand at the end of the file now; a part of them is overwritten by the next."""
        try:
            return (
                self._file is not None
                and self._file.seek(self._end) >= 0
                and self._file.write(data) == len(data)
            )
        except OSError:
            return False
