"""`pubsub-tools cache`: what the analysis remembers between runs."""

from __future__ import annotations

from pathlib import Path

import typer

from pubsub_devtools_cli import options
from pubsub_devtools_cli.engine import forget

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def cache(context: typer.Context) -> None:
    """Look after what the analysis remembers between runs."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def clear(path: options.Root = Path()) -> None:
    """Forget what was remembered about PATH; the next run reads every file again."""
    typer.echo("Cleared." if forget(path) else "There was nothing to clear.")
