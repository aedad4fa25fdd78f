"""Messages on a pipe: the length of each, and then its bytes."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from pubsub_devtools_lsp.analyst.messages import FromAnalyst, ToAnalyst

_LENGTH = 4

to_analyst: msgspec.msgpack.Decoder[ToAnalyst] = msgspec.msgpack.Decoder(ToAnalyst)
from_analyst: msgspec.msgpack.Decoder[FromAnalyst] = msgspec.msgpack.Decoder(FromAnalyst)


def send(sink: BinaryIO, message: ToAnalyst | FromAnalyst) -> None:
    """Write a message. Raises OSError or ValueError where nobody reads it."""
    body = msgspec.msgpack.encode(message)
    sink.write(len(body).to_bytes(_LENGTH, "big") + body)
    sink.flush()


def receive(source: BinaryIO) -> bytes | None:
    """The bytes of the next message; nothing at the end."""
    try:
        head = source.read(_LENGTH)
        body = source.read(int.from_bytes(head, "big")) if len(head) == _LENGTH else None
    except (OSError, ValueError):
        return None
    return body if body is not None and len(body) == int.from_bytes(head, "big") else None
