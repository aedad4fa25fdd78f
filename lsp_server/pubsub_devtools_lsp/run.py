"""Starts the server: puts transport, server and analysts together."""

from __future__ import annotations

import gc
import logging
import os
from typing import Literal

from pubsub_devtools_lsp import transport
from pubsub_devtools_lsp.analyst.process import ProcessLink
from pubsub_devtools_lsp.server import PubSubServer

Transport = Literal["stdio", "tcp", "ws"]


def serve(kind: Transport = "stdio", host: str = "127.0.0.1", port: int = 0) -> int:
    """Serve one client. Gives the exit code: 0 if it said goodbye.

    Raises:
        OSError: the address cannot be listened at.
    """
    # Messages hold code: they are never logged, here or by what is used here.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    server = PubSubServer(lambda session: ProcessLink(session, server.log))
    gc.freeze()
    if kind == "tcp":
        return transport.serve_tcp(server, host, port, _tell)
    if kind == "ws":
        from pubsub_devtools_lsp.web_socket import serve_web_socket  # noqa: PLC0415 (needs one more package)

        return serve_web_socket(server, host, port, _tell)
    return transport.serve_stdio(server)


def main() -> None:
    """Serve the client at standard input and output, and leave at once: nothing that is still read holds it up."""
    os._exit(serve())


def _tell(host: str, port: int) -> None:
    transport.complain(f"listening at {host}:{port}")
