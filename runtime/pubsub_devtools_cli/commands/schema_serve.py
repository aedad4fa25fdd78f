"""`pubsub-tools schema serve`: a registry for clients of Confluent's Schema Registry, in any language."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.store import SchemaStore


def serve(
    *,
    registry: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where the schemas are: a folder, sqlite:FILE, postgresql://HOST/NAME or memory:; the project's state unless told.",
        ),
    ] = "",
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

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    server.start()
    typer.echo(f"Schemas of {registry or 'the project'} are served at {server.url}. Ctrl-C ends it.")
    stopped.wait()
    server.stop()


def _store(address: str) -> SchemaStore:
    from pubsub_devtools.schema.registry.errors import RegistryError  # noqa: PLC0415
    from pubsub_devtools.schema.registry.opening import open_registry  # noqa: PLC0415
    from pubsub_devtools.schema.registry.stored import StoredRegistry  # noqa: PLC0415

    try:
        registry = open_registry(address)
    except RegistryError as error:
        raise Failure(str(error)) from None
    if not isinstance(registry, StoredRegistry):
        raise Failure(
            f"{address} is a server already: name a folder, sqlite:FILE, postgresql://... or memory:"
        )
    return registry.store
