"""The same over a WebSocket, for editors in a browser. Only pages of this machine may connect, unless another host is bound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from pubsub_devtools_lsp.transport import LOST, until

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Sender:
    """Sends messages in their order, without keeping the server waiting."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._task = asyncio.ensure_future(self._send())

    def write(self, data: bytes) -> None:
        """Send a message."""
        self._waiting.put_nowait(data)

    def close(self) -> None:
        """Send no more."""
        self._task.cancel()

    async def _send(self) -> None:
        while True:
            data = await self._waiting.get()
            try:
                await self._connection.send(data, text=True)
            except ConnectionClosed:
                return


def serve_web_socket(server: PubSubServer, host: str, port: int, ready: Callable[[str, int], None]) -> int:
    """Serve the first client that connects until it is gone. Gives the exit code."""
    return asyncio.run(_serve(server, host, port, ready))


async def _serve(server: PubSubServer, host: str, port: int, ready: Callable[[str, int], None]) -> int:
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    is_taken = False

    def end(code: int = LOST) -> None:
        if not done.done():
            done.set_result(code)

    async def converse(connection: ServerConnection) -> None:
        nonlocal is_taken
        if is_taken:
            await connection.close(1013, "one client at a time")
            return
        is_taken = True
        sender = Sender(connection)
        server.protocol.set_writer(sender, include_headers=False)
        server.protocol.ended = end
        try:
            async for message in connection:
                server.protocol.arrive(message.encode() if isinstance(message, str) else message)
        except ConnectionClosed:
            pass
        sender.close()
        end()

    def screen(_connection: ServerConnection, request: Request) -> Response | None:
        if is_ours(request.headers, host):
            return None
        return Response(HTTPStatus.FORBIDDEN, "Forbidden", Headers(), b"Not from here.\n")

    async with serve(converse, host, port, process_request=screen, max_size=None) as listening:
        ready(*next(iter(listening.sockets)).getsockname()[:2])
        return await until(server, done)


def is_ours(headers: Headers, bound: str) -> bool:
    """Whether a request names this machine, or the host that was bound, as its host, and as the origin of its page."""
    known = LOOPBACK | {bound}
    names = [urlsplit(f"//{each}").hostname for each in headers.get_all("Host")]
    names += [urlsplit(each).hostname for each in headers.get_all("Origin")]
    return bool(names) and all(name in known for name in names)
