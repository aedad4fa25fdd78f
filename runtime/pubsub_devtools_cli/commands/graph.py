"""`pubsub-tools graph`: the events of a code base, as text, data or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer
from rich.text import Text

from pubsub_devtools_analysis.queries.select import Selection, select
from pubsub_devtools_cli import options
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.documents import document, selected
from pubsub_devtools_cli.engine import check_known, load_graph, resolve_event
from pubsub_devtools_cli.failure import Failure
from pubsub_devtools_cli.show.counts import counts
from pubsub_devtools_cli.show.coverage import coverage_lines, left_out_line
from pubsub_devtools_cli.show.table import table
from pubsub_devtools_cli.show.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pubsub_devtools.model import EventGraph

Format = Literal["tree", "table", "json", "dot", "mermaid", "sequence", "svg", "html"]
Names = list[str] | None

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def graph(
    path: options.Root = Path(),
    *,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to write it.", show_default="tree")
    ] = None,
    json: options.Json = False,
    output: options.Output = None,
    event: Annotated[
        Names,
        typer.Option(metavar="EVENT", help="Only what leads to this event and what follows; repeatable."),
    ] = None,
    service: Annotated[
        Names, typer.Option(metavar="NAME", help="Only events of this service; repeatable.")
    ] = None,
    dialect: Annotated[
        Names, typer.Option(metavar="NAME", help="Only events of this framework; repeatable.")
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="How many events away from --event or --service to go."),
    ] = None,
    direction: Annotated[
        Literal["up", "down", "both"] | None,
        typer.Option(
            help="Which way from --event or --service: to causes, effects or both.", show_default="both"
        ),
    ] = None,
    certainty: options.LeastCertainty = "likely",
    tests: Annotated[
        bool, typer.Option("--tests", help="Show publishers and handlers in tests too.")
    ] = False,
    builtins: Annotated[
        bool,
        typer.Option("--builtins/--no-builtins", help="Show events of the frameworks, such as post_save."),
    ] = True,
    engine: Annotated[
        Literal["wasm", "dot"] | None,
        typer.Option(
            help="What lays out --format svg: the renderer shipped or an installed dot.", show_default="wasm"
        ),
    ] = None,
    config: options.Config = None,
    exclude: options.Exclude = None,
    no_cache: options.NoCache = False,
) -> None:
    """Show which events there are, who publishes and who handles them, and what follows."""
    chosen = _format(format, json=json)
    if engine and chosen != "svg":
        raise Failure("--engine lays out pictures: add --format svg")
    if chosen == "sequence" and len(event or ()) != 1:
        raise Failure("--format sequence shows the flow of one event: add one --event")
    if not event and not service and (depth is not None or direction):
        raise Failure(f"{'--direction' if direction else '--depth'} needs a start: add --event or --service")

    whole = load_graph(path, config, exclude, use_cache=not no_cache, fields=chosen == "json")
    selection = msgspec.structs.replace(
        _focus(whole, event or [], service or [], dialect or []),
        depth=depth,
        direction=direction or "both",
        certainty=certainty,
        tests=tests,
        builtins=builtins,
    )
    if chosen == "tree" or chosen == "table":  # noqa: PLR1714 (this narrows the type, a set would not)
        show(_text(whole, selection, chosen), output)
    else:
        emit(document(whole, selection, chosen, engine or "wasm"), output)
        say("\n".join(coverage_lines(whole)))


def _format(format: Format | None, *, json: bool) -> Format:
    if json and format not in (None, "json"):
        raise Failure(f"--json and --format {format} exclude each other")
    return "json" if json else format or "tree"


def _focus(whole: EventGraph, events: list[str], services: list[str], dialects: list[str]) -> Selection:
    check_known(
        "service",
        services,
        {service.name for service in whole.services} | {site.service for site in whole.sites} - {""},
    )
    check_known("framework", dialects, {dialect for event in whole.events for dialect in event.dialects})
    found = tuple(resolve_event(whole, text).id for text in events)
    return Selection(events=found, services=tuple(services), dialects=tuple(dialects))


def _text(
    whole: EventGraph, selection: Selection, format: Literal["tree", "table"]
) -> Iterator[RenderableType]:
    shown = selected(whole, selection)
    numbers = counts(select(whole, msgspec.structs.replace(selection, tests=True)))
    widest = select(whole, msgspec.structs.replace(selection, certainty="guess", tests=True, builtins=True))
    if not shown.events:
        yield Text("Nothing is left after this selection." if whole.events else "No events found.")
    elif format == "tree":
        yield from tree(shown, numbers)
    else:
        yield table(shown, numbers)
    yield Text()
    for line in (*coverage_lines(whole), *left_out_line(widest, shown)):
        yield Text(line, "dim")
