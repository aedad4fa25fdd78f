"""The graph as a table: one line an event, for those who compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from pubsub_devtools_analysis.queries.explain import next_events
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_cli.show.words import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools.model import EventGraph
    from pubsub_devtools_cli.show.counts import Counts


def table(graph: EventGraph, counts: Mapping[str, Counts]) -> Table:
    """Counts, what follows and the framework of every event."""
    index = GraphIndex(graph)
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    grid.add_column("Event", overflow="fold", style="bold")
    for title in ("Publishers", "Handlers", "In tests"):
        grid.add_column(title, justify="right")
    grid.add_column("Followed by", overflow="fold")
    grid.add_column("Framework", overflow="fold")
    for event in graph.events:
        count = counts[event.id]
        numbers = [f"{number:,}" for number in (count.publishers, count.handlers, count.tests)]
        following = ", ".join(name_of(name, index.events) for name in next_events(index, event.id))
        likely = " (likely)" if _only_likely(index, event.id) else ""
        grid.add_row(name_of(event.id, index.events) + likely, *numbers, following, ", ".join(event.dialects))
    return grid


def _only_likely(index: GraphIndex, event: str) -> bool:
    sites = index.sites_of(event)
    return bool(sites) and all(site.certainty != "sure" for site in sites)
