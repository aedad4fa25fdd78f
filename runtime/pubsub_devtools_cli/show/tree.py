"""The graph as text: each event with its publishers, its handlers, and what each handler publishes in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from pubsub_devtools_analysis.queries.certainty import weakest
from pubsub_devtools_analysis.queries.cycles import cycles
from pubsub_devtools_analysis.queries.index import GraphIndex, Reach
from pubsub_devtools_analysis.queries.view import counted
from pubsub_devtools_cli.show.words import DIM, NAME, mark, name_of, site_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from pubsub_devtools.model import Event, EventGraph
    from pubsub_devtools_cli.show.counts import Counts


def tree(graph: EventGraph, counts: Mapping[str, Counts]) -> Iterator[RenderableType]:
    """One small tree an event, then the cycles. ``counts`` knows of tests that ``graph`` may no longer hold."""
    index = GraphIndex(graph)
    for event in graph.events:
        yield _event(event, index, counts[event.id])
    yield from _cycles(graph, index)


def _event(event: Event, index: GraphIndex, count: Counts) -> Tree:
    root = Tree(_heading(event, count), guide_style=DIM)
    for reach in index.publishers(event.id):
        root.add(Text("publishes  ", "green") + _line(reach, index))
    for reach in index.handlers(event.id):
        branch = root.add(Text("handles    ", "blue") + _line(reach, index))
        for flow in index.flows_from(reach.site.id):
            publisher = index.sites.get(flow.publisher)
            if publisher is not None:
                name = name_of(publisher.event, index.events)
                branch.add(Text(f"→ {name}") + mark(weakest((flow.certainty, publisher.certainty))))
    if not root.children:
        for site in index.sites_of(event.id, "declare"):
            root.add(Text("declared   ", DIM) + site_line(Reach(site, site.certainty), index.events))
    return root


def _line(reach: Reach, index: GraphIndex) -> Text:
    return site_line(reach, index.events) + Text("  in tests" if reach.site.in_tests else "", DIM)


def _heading(event: Event, count: Counts) -> Text:
    heading = Text.assemble((name_of(event.id, {event.id: event}), NAME), "  ", count.words)
    heading.append(f"  {', '.join(event.dialects)}", DIM)
    if event.origin != "workspace":
        heading.append(f", {event.origin}", DIM)
    return heading


def _cycles(graph: EventGraph, index: GraphIndex) -> Iterator[RenderableType]:
    found = cycles(graph)
    if not found:
        return
    yield Text(f"\n{counted(len(found), 'cycle')}", NAME)
    for cycle in found:
        names = [name_of(event, index.events) for event in (*cycle.events, cycle.events[0])]
        yield Text(f"  {' → '.join(names)}")
