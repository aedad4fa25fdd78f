"""`pubsub-tools lsp`: the language server, for editors to start."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools_lsp.run import Transport

LOOPBACK = "127.0.0.1"

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def lsp(
    *,
    stdio: Annotated[
        bool,
        typer.Option("--stdio", help="Speak over standard input and output; so it is unless told otherwise."),
    ] = False,
    tcp: Annotated[
        str | None,
        typer.Option(metavar="[HOST:]PORT", help="Listen for one client here; HOST is this machine."),
    ] = None,
    ws: Annotated[str | None, typer.Option(metavar="[HOST:]PORT", help="The same for a WebSocket.")] = None,
) -> None:
    """Serve an editor: who publishes and handles what, in completion, navigation, hover and findings.

    Editors start it themselves: see docs/how-to/lsp.md. It ends with the editor. Port 0 takes any that is free and tells which.
    """
    if stdio + (tcp is not None) + (ws is not None) > 1:
        raise Failure("--stdio, --tcp and --ws exclude each other")
    kind: Transport = "tcp" if tcp is not None else "ws" if ws is not None else "stdio"
    host, port = _address(tcp or ws or "0")
    from pubsub_devtools_lsp.run import serve  # noqa: PLC0415 (needs the extra)

    try:
        code = serve(kind, host, port)
    except OSError as error:
        raise Failure(f"cannot listen at {host}:{port}: {error.strerror or error}") from None
    sys.stderr.flush()
    os._exit(code)  # a thread may still wait for input that never comes


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise Failure(f"{text!r} is no address: HOST:PORT, or PORT alone for this machine")
    return host.strip("[]") or LOOPBACK, int(port)
