"""How messages come and go: standard input and output, or one client over TCP or a WebSocket.

Input is read in a thread of its own, as fast as it comes: so a cancellation overtakes the request that it cancels, and a
slow answer never keeps the server from noticing that the client is gone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from io import BufferedReader
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

from pubsub_devtools_lsp.parent import is_alive

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

LOST = 1
"""The exit code where the client is gone without a word."""

_LOOK_AT_PARENT = 3.0
_AT_ONCE = 1 << 20
_END_OF_HEADER = b"\r\n\r\n"


class Pipe:
    """Writes messages with their header."""

    def __init__(self, sink: BinaryIO, lost: Callable[[], None]) -> None:
        self._sink = sink
        self._lost = lost

    def write(self, data: bytes) -> None:
        """Send a message."""
        try:
            self._sink.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
            self._sink.flush()
        except (OSError, ValueError):
            self._lost()

    def close(self) -> None:
        """Nothing: what is written is flushed."""


def serve_stdio(server: PubSubServer) -> int:
    """Serve the client at standard input and output until it is gone. Gives the exit code."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    # Whatever else prints must not come between messages.
    os.dup2(2, 1)
    return asyncio.run(_serve(server, source, sink))


def serve_tcp(server: PubSubServer, host: str, port: int, ready: Callable[[str, int], None]) -> int:
    """Serve the first client that connects until it is gone. Gives the exit code."""
    with socket.create_server((host, port)) as listening:
        ready(*listening.getsockname()[:2])
        connection, _ = listening.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return asyncio.run(_serve(server, connection.makefile("rb"), connection.makefile("wb")))


async def _serve(server: PubSubServer, source: BufferedReader, sink: BinaryIO) -> int:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[int] = loop.create_future()

    def end(code: int = LOST) -> None:
        if not done.done():
            done.set_result(code)

    def read() -> None:
        try:
            for bodies in messages(source):
                loop.call_soon_threadsafe(server.protocol.arrive, *bodies)
            loop.call_soon_threadsafe(end)
        except RuntimeError:
            pass  # the loop is closed: nobody waits for messages any more

    server.protocol.set_writer(Pipe(sink, end))
    server.protocol.ended = end
    Thread(target=read, daemon=True, name="input").start()
    return await until(server, done)


async def until(server: PubSubServer, done: asyncio.Future[int]) -> int:
    """Wait for the end of the session, or of the process that wanted it, and end what was begun."""
    try:
        while not done.done():
            await asyncio.wait([done], timeout=_LOOK_AT_PARENT)
            if server.process_id is not None and not is_alive(server.process_id):
                return LOST
        return done.result()
    finally:
        server.close()


def messages(source: BufferedReader) -> Iterator[list[bytes]]:
    """The bodies of messages, those together that have come at once, until the input ends or is none."""
    held = b""
    try:
        while data := source.read1(_AT_ONCE):
            held += data
            bodies, held = _parted(held)
            if bodies:
                yield bodies
    except (OSError, ValueError):
        pass


def _parted(data: bytes) -> tuple[list[bytes], bytes]:
    """The bodies of the whole messages, and the beginning of the one that is not whole yet. Raises for what is none."""
    bodies: list[bytes] = []
    at = 0
    while (end := data.find(_END_OF_HEADER, at)) >= 0:
        start = end + len(_END_OF_HEADER)
        length = _length(data[at:end])
        if len(data) < start + length:
            break
        bodies.append(data[start : start + length])
        at = start + length
    return bodies, data[at:]


def _length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ValueError("a message without a length")


def complain(text: str) -> None:
    """Say something to whoever started the server by hand."""
    print(text, file=sys.stderr, flush=True)
