"""Bodies compressed above a threshold, and unpacked up to a limit."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import msgspec

from pubsub_devtools.serialization.buffers import as_bytes
from pubsub_devtools.serialization.codec import Buffer
from pubsub_devtools.serialization.compression.algorithm import Algorithm, Stream
from pubsub_devtools.serialization.errors import DecodingError, LimitExceededError, SerializationError
from pubsub_devtools.serialization.limits import Limits

__all__ = ["Compression", "compressed", "decompressed"]

_ALGORITHMS = ("gzip", "lz4", "zstd")
_PIECE = 256 * 1024


class Compression(msgspec.Struct, frozen=True):
    """How a body is compressed.

    ``algorithm`` is ``zstd``, ``lz4`` or ``gzip``; the first two need the extra ``compression``. Bodies of fewer bytes than
    ``threshold``, and those that would not become smaller, stay as they are. ``level`` is the algorithm's own.

    Example:
        >>> Compression("gzip").threshold
        1024
    """

    algorithm: str
    threshold: int = 1024
    level: int | None = None


def compressed(body: bytes, how: Compression) -> bytes | None:
    """Return the body compressed, or None where it should stay as it is.

    Raises:
        SerializationError: The algorithm is not known.
        ModuleNotFoundError: Its library is not installed; the message says how to install it.

    Example:
        >>> compressed(b"short", Compression("gzip")) is None
        True
    """
    algorithm = _algorithm(how.algorithm)
    if len(body) < how.threshold:
        return None
    smaller = algorithm.compress(body, how.level)
    return smaller if len(smaller) < len(body) else None


def decompressed(body: Buffer, algorithm: str, limits: Limits, what: str = "the message") -> bytes:
    """Return the unpacked body.

    Args:
        body: One frame, and nothing behind it.
        algorithm: As in ``content-encoding``, in any case; ``identity`` and nothing stand for no compression.
        limits: ``decompressed`` bounds what is unpacked, and so the memory that it takes.
        what: What to call the message in errors.

    Raises:
        DecodingError: The bytes are not what the algorithm writes, or end too early.
        LimitExceededError: More would be unpacked than is allowed.
        ModuleNotFoundError: The library is not installed.
    """
    data = as_bytes(body)
    name = algorithm.strip().lower()
    if name in ("", "identity"):
        return data
    stream = _algorithm(name).stream(limits.decompressed)
    pieces: list[bytes] = []
    size = 0
    for piece in _unpacked(stream, data, name, what):
        size += len(piece)
        if size > limits.decompressed:
            raise LimitExceededError(
                f"{what} is more than {limits.decompressed:,} bytes when unpacked by {name} (Limits.decompressed)"
            )
        pieces.append(piece)
    if stream.unused_data:
        raise DecodingError(f"{what} goes on behind the end of a {name} frame")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _unpacked(stream: Stream, data: bytes, name: str, what: str) -> Iterator[bytes]:
    given = data
    while not stream.eof:
        try:
            piece = stream.decompress(given, _PIECE)
        except Exception as error:
            raise DecodingError(f"{what} is not what {name} writes: {error}") from error
        if not piece and not given and not stream.eof:
            raise DecodingError(f"{what} ends in the middle of a {name} frame")
        given = b""
        yield piece


def _algorithm(name: str) -> Algorithm:
    wanted = {"x-gzip": "gzip"}.get(name, name)
    if wanted not in _ALGORITHMS:
        raise SerializationError(f"no compression is called {name!r}; there are: {', '.join(_ALGORITHMS)}")
    found: Any = import_module(f"pubsub_devtools.serialization.compression.{wanted}")
    algorithm: Algorithm = found
    return algorithm
