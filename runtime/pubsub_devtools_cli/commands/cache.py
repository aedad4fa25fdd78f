"""`pubsub-tools cache`: what the analysis remembers between runs."""

from __future__ import annotations

from pathlib import Path

import typer

from pubsub_devtools_cli import options  # noqa: TC001 (typer reads the annotations)
from pubsub_devtools_cli.engine import forget

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def cache() -> None:
    """Look after what the analysis remembers between runs."""


@app.command()
def clear(path: options.Root = Path()) -> None:
    """Forget what was remembered about PATH; the next run reads every file again."""
    typer.echo("Cleared." if forget(path) else "There was nothing to clear.")
