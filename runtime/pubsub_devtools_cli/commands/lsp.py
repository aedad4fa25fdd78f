"""`pubsub-tools lsp`: the language server, for editors to start."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools_lsp.run import Transport

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
    from pubsub_devtools_lsp.run import LOOPBACK, UsageError, address, serve  # noqa: PLC0415 (needs the extra)

    kind: Transport = "tcp" if tcp is not None else "ws" if ws is not None else "stdio"
    given = tcp if tcp is not None else ws
    try:
        host, port = address(given) if given is not None else (LOOPBACK, 0)
        code = serve(kind, host, port)
    except UsageError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(f"cannot listen at {given}: {error.strerror or error}") from None
    sys.stderr.flush()
    os._exit(code)  # a thread may still wait for input that never comes
