"""What is selected of a graph as a document: one function for all formats that are written as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools_analysis.queries.explain import explain
from pubsub_devtools_analysis.queries.select import Selection, select
from pubsub_devtools_analysis.queries.view import view
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_analysis.render.html import html
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_analysis.render.mermaid import mermaid
from pubsub_devtools_analysis.render.sequence import sequence

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph
    from pubsub_devtools_analysis.queries.view import View

Document = Literal["json", "mermaid", "sequence", "html", "dot", "svg"]


def document(
    whole: EventGraph, selection: Selection, format: Document, engine: Literal["wasm", "dot"] = "wasm"
) -> str:
    """What is selected of the graph, in one format.

    Args:
        whole: the graph.
        selection: what of it is shown; a sequence shows the first of its events.
        format: how it is written.
        engine: what lays out an SVG.

    Raises:
        RenderError: an event that is asked for is not in the selection, a sequence is asked for without one, or the picture
            cannot be made.
    """
    shown = selected(whole, selection)
    if format == "html":
        return _page(whole, selection)
    if format == "json":
        return encode(shown)
    if format == "sequence":
        if not selection.events:
            raise RenderError("a sequence is that of one event: name it")
        return flow_of(shown, selection.events[0])
    picture = view(shown, _title(shown, selection))
    return mermaid(picture) if format == "mermaid" else _drawing(picture, format, engine)


def selected(whole: EventGraph, selection: Selection) -> EventGraph:
    """The selection.

    Raises:
        RenderError: an event that is asked for by name is not in it.
    """
    shown = select(whole, selection)
    missing = set(selection.events) - {event.id for event in shown.events}
    if missing:
        raise RenderError(f"nothing to show of {min(missing)}: {_why(whole, min(missing), selection)}")
    return shown


def flow_of(graph: EventGraph, event: str) -> str:
    """The sequence diagram of one event."""
    return sequence(explain(graph, event), {known.id: known for known in graph.events})


def _title(shown: EventGraph, selection: Selection) -> str:
    names = [event.name for event in shown.events if event.id in selection.events]
    return f"Around {', '.join(names)} in {shown.root}" if names else f"Events of {shown.root}"


def _why(whole: EventGraph, event: str, selection: Selection) -> str:
    sites = [site for site in whole.sites if site.event == event]
    if sites and not selection.tests and all(site.in_tests for site in sites):
        return "it is only used in tests (--tests)"
    if not select(whole, msgspec.structs.replace(selection, certainty="guess")).events:
        return "the other filters leave it out"
    return "what is known of it is not certain enough (--certainty guess)"


def _drawing(picture: View, format: Literal["dot", "svg"], engine: Literal["wasm", "dot"]) -> str:
    if format == "dot":
        from pubsub_devtools_analysis.render.dot import dot  # noqa: PLC0415 (loads graphviz)

        return dot(picture)
    from pubsub_devtools_analysis.render.svg import svg  # noqa: PLC0415 (loads graphviz)

    return svg(picture, engine=engine)


def _page(whole: EventGraph, selection: Selection) -> str:
    """The page moves and filters by itself: it gets everything that is trusted, opened where it was asked to."""
    unfocused = msgspec.structs.replace(selection, events=(), services=(), depth=None, tests=True)
    start = {
        "event": next(iter(selection.events), None),
        "service": next(iter(selection.services), None),
        "depth": selection.depth,
        "direction": selection.direction if selection.events or selection.services else None,
    }
    wishes = {key: value for key, value in start.items() if value is not None}
    return html(select(whole, unfocused), wishes or None)
