"""`pubsub-tools generate`: files that are made from the events of an application."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pubsub_devtools_cli import options
from pubsub_devtools_cli.application import App, load_bus
from pubsub_devtools_cli.console import emit, say
from pubsub_devtools_cli.failure import FINDINGS, Failure
from pubsub_devtools_cli.typed_names import named, typed_module

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def generate(context: typer.Context) -> None:
    """Make files from the events of an application."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def types(
    *,
    app: App = None,
    output: options.Output = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit with 1 where the file is not what would be written."
        ),
    ] = False,
) -> None:
    """Write a module in which type checkers know the events by their names.

    Handlers declared by name, with `event_handler` imported from that module, are then checked to take the event.

    Exit codes: 0 done, 1 the file is stale (--check), 2 wrong usage, 3 the application could not be imported.
    """
    load_bus(app)
    from pubsub_devtools.schema.declare import declared  # noqa: PLC0415 - loads pydantic

    events = named(declared())
    if not events:
        raise Failure("the application declares no events: @event_schema(name=..., version=...) declares one")
    text = typed_module(events)
    if not check:
        emit(text, output)
    elif output is None:
        raise Failure("--check needs --output FILE: the file that is checked")
    elif _read(output) != text:
        say(f"{output} is stale: run pubsub-tools generate types --output {output}")
        raise typer.Exit(FINDINGS)


def _read(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read {file}: {error}") from None
