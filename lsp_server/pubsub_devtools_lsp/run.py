"""Starts the server: puts transport, server and analysts together."""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import Literal

from pubsub_devtools_analysis.freeing import free_at_once, give_back
from pubsub_devtools_lsp import transport
from pubsub_devtools_lsp.analyst.starting import Ahead

Transport = Literal["stdio", "tcp", "ws"]
LOOPBACK = "127.0.0.1"


class UsageError(Exception):
    """Options that cannot be used."""


def serve(kind: Transport = "stdio", host: str = LOOPBACK, port: int = 0) -> int:
    """Serve one client. Gives the exit code: 0 if it said goodbye.

    Raises:
        OSError: the address cannot be listened at.
    """
    # Messages hold code: they are never logged, here or by what is used here.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    free_at_once()
    ahead = Ahead()
    from pubsub_devtools_lsp.analyst.process import ProcessLink  # noqa: PLC0415 (while the first analyst loads)
    from pubsub_devtools_lsp.lean import slim_protocol  # noqa: PLC0415 (as below)
    from pubsub_devtools_lsp.server import PubSubServer  # noqa: PLC0415 (as before)

    server = PubSubServer(lambda session: ProcessLink(session, server.log, new=ahead.take))
    slim_protocol()
    gc.freeze()
    give_back()
    if kind == "tcp":
        return transport.serve_tcp(server, host, port, _tell)
    if kind == "ws":
        from pubsub_devtools_lsp.web_socket import serve_web_socket  # noqa: PLC0415 (needs one more package)

        return serve_web_socket(server, host, port, _tell)
    return transport.serve_stdio(server)


def main(arguments: list[str]) -> None:
    """Serve as the command's options say, and leave at once: a thread may still wait for input that never comes."""
    try:
        code = serve(*options(arguments))
    except UsageError as error:
        transport.complain(str(error))
        code = 2
    except OSError as error:
        transport.complain(f"cannot listen there: {error.strerror or error}")
        code = 2
    sys.stderr.flush()
    os._exit(code)


def options(arguments: list[str]) -> tuple[Transport, str, int]:
    """What ``--stdio``, ``--tcp ADDRESS`` or ``--ws ADDRESS`` mean. Raises `UsageError` for anything else."""
    match arguments:
        case [] | ["--stdio"]:
            return "stdio", LOOPBACK, 0
        case ["--tcp" | "--ws" as kind, text]:
            return ("tcp" if kind == "--tcp" else "ws"), *address(text)
        case _:
            raise UsageError("--stdio, --tcp HOST:PORT or --ws HOST:PORT")


def address(text: str) -> tuple[str, int]:
    """A host and a port; a port alone is this machine's. Raises `UsageError` where it is none."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"{text!r} is no address: HOST:PORT, or PORT alone for this machine")
    return host.strip("[]") or LOOPBACK, int(port)


def _tell(host: str, port: int) -> None:
    transport.complain(f"listening at {host}:{port}")
