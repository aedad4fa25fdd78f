"""`pubsub-tools schema`: the schemas of events."""

from __future__ import annotations

import typer

from pubsub_devtools_cli.commands.schema_check import check
from pubsub_devtools_cli.commands.schema_looking import diff, history, list_schemas, show_schema
from pubsub_devtools_cli.commands.schema_serve import serve

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def schema(context: typer.Context) -> None:
    """Look after the schemas of events."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("list")(list_schemas)
app.command("show")(show_schema)
app.command()(check)
app.command()(history)
app.command()(diff)
app.command()(serve)
