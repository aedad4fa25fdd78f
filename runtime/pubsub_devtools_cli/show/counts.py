"""How many take part in each event: the one line that a reader scans for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.view import counted

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


class Counts(msgspec.Struct, frozen=True):
    """Publishers, handlers (those behind links too) and sites in tests of one event."""

    publishers: int
    handlers: int
    tests: int

    @property
    def words(self) -> str:
        """``2 publishers · 3 handlers · 5 in tests``; tests only where there are any."""
        tests = [f"{self.tests:,} in tests"] if self.tests else []
        return " · ".join([counted(self.publishers, "publisher"), counted(self.handlers, "handler"), *tests])


def counts(graph: EventGraph) -> dict[str, Counts]:
    """The counts of every event of a graph that still has its tests."""
    index = GraphIndex(graph)
    return {event.id: _of(index, event.id) for event in graph.events}


def _of(index: GraphIndex, event: str) -> Counts:
    publishers = [reach.site for reach in index.publishers(event)]
    handlers = [reach.site for reach in index.handlers(event)]
    tests = sum(site.in_tests for site in (*publishers, *handlers))
    return Counts(
        sum(not site.in_tests for site in publishers), sum(not site.in_tests for site in handlers), tests
    )
