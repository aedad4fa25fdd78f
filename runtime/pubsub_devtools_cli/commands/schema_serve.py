"""`pubsub-tools schema serve`: a registry for clients of Confluent's Schema Registry, in any language."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.store import SchemaStore

MEMORY = "memory"


def serve(
    *,
    registry: Annotated[
        str, typer.Option(metavar="FOLDER", help="Keep the schemas here; `memory` keeps them until it stops.")
    ] = "schemas",
    host: Annotated[
        str, typer.Option(help="The address to listen at; other machines reach it only where this is told.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 8081,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name by which clients may call it; may be repeated."),
    ] = None,
    policy: Annotated[
        Literal["STRICT", "LENIENT"],
        typer.Option(help="LENIENT takes it that writers write only what their JSON Schemas name."),
    ] = "STRICT",
) -> None:
    """Serve schemas over the HTTP API of Confluent's Schema Registry, until it is stopped.

    Point clients at it as at that registry: `schema.registry.url=http://127.0.0.1:8081`. Ctrl-C or SIGTERM end it when the
    requests that are running have been answered.
    """
    from pubsub_devtools.schema.serving import Desk, RegistryServer  # noqa: PLC0415 (only this command needs it)

    try:
        desk = Desk(_store(registry), policy=policy)
        server = RegistryServer(desk, host=host, port=port, allowed_hosts=allowed_host or ())
    except OSError as error:
        raise Failure(f"cannot listen at {host}:{port}: {error.strerror or error}") from None
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server.start()
    kept = "kept in memory" if registry == MEMORY else f"kept in {registry}"
    typer.echo(f"Schemas are served at {server.url}, {kept}. Ctrl-C ends it.")
    stopped.wait()
    server.stop()


def _store(registry: str) -> SchemaStore:
    from pubsub_devtools.schema.registry import FileRegistry, MemoryRegistry  # noqa: PLC0415

    return MemoryRegistry().store if registry == MEMORY else FileRegistry(registry).store
