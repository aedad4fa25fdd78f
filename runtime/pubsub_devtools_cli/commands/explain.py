"""`pubsub-tools explain EVENT`: everything about one event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from pubsub_devtools_analysis.queries.explain import explain as explained
from pubsub_devtools_analysis.queries.fields import field_table
from pubsub_devtools_analysis.queries.select import Selection
from pubsub_devtools_analysis.queries.view import view
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_analysis.render.mermaid import mermaid
from pubsub_devtools_cli import options
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.documents import flow_of, selected
from pubsub_devtools_cli.engine import load_graph, resolve_event
from pubsub_devtools_cli.failure import Failure
from pubsub_devtools_cli.show.coverage import coverage_lines
from pubsub_devtools_cli.show.explanation import explanation
from pubsub_devtools_cli.show.fields import fields as show_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pubsub_devtools.model import EventGraph

Format = Literal["text", "json", "mermaid", "sequence"]

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def explain(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="A name, an alias, or the end of one.")],
    *,
    path: options.RootOption = Path(),
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to write it.", show_default="text")
    ] = None,
    json: options.Json = False,
    fields: Annotated[
        bool,
        typer.Option("--fields", help="Show which publishers give each field and which handlers read it."),
    ] = False,
    output: options.Output = None,
    certainty: options.LeastCertainty = "likely",
    config: options.Config = None,
    exclude: options.Exclude = None,
    no_cache: options.NoCache = False,
) -> None:
    """Show who publishes and handles one event, its schema, what follows, and the evidence."""
    if json and format not in (None, "json"):
        raise Failure(f"--json and --format {format} exclude each other")
    if fields and format in ("mermaid", "sequence"):
        raise Failure(f"--fields is a table, --format {format} a picture: leave one of them out")
    chosen: Format = "json" if json else format or "text"
    whole = load_graph(path, config, exclude, use_cache=not no_cache, fields=fields)
    found = resolve_event(whole, event)
    tested = chosen in ("text", "json")  # these tell tests apart; a drawing shows the code alone
    focus = Selection(events=(found.id,), certainty=certainty, tests=tested)
    shown = selected(whole, focus)
    if chosen == "text":
        show(_text(whole, shown, found.id, fields=fields), output)
        return
    emit(_document(shown, found.id, chosen), output)
    say("\n".join(coverage_lines(whole)))


def _document(shown: EventGraph, event: str, format: Literal["json", "mermaid", "sequence"]) -> str:
    if format == "json":
        return encode(explained(shown, event))
    if format == "sequence":
        return flow_of(shown, event)
    return mermaid(view(shown, f"What leads to {event} and what follows"))


def _text(whole: EventGraph, shown: EventGraph, event: str, *, fields: bool) -> Iterator[RenderableType]:
    yield from explanation(explained(shown, event), {known.id: known for known in whole.events})
    if fields:
        yield from show_fields(field_table(shown, event))
    yield Text()
    for line in coverage_lines(whole):
        yield Text(line, "dim")
