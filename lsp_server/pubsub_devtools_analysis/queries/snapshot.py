"""All that is known of one root at one moment, made quick to ask. Editors' questions are functions of it.

A snapshot never changes: an edit makes another one, which shares with it all that the edit left alone. It is made of
values alone, so that it can be told to another process.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from pubsub_devtools.model import EventGraph, Finding
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.occurrence import Occurrence

Occurrences = Mapping[str, tuple[Occurrence, ...]]


class Snapshot:
    """One root as it is known now.

    Args:
        graph: its event graph; with fields once they are known.
        occurrences: by path what each file's text says of events, sorted; a file that is not there says nothing, or has
            not been looked at yet.
        findings: by path what the checks found.
        is_complete: whether every file has been looked at, fields and findings included.
    """

    def __init__(
        self,
        graph: EventGraph,
        occurrences: Occurrences,
        findings: Mapping[str, tuple[Finding, ...]],
        *,
        is_complete: bool = True,
    ) -> None:
        self.graph = graph
        self.occurrences = occurrences
        self.findings = findings
        self.is_complete = is_complete

    @cached_property
    def index(self) -> GraphIndex:
        """Look-ups over the graph."""
        return GraphIndex(self.graph)

    def at(self, path: str, line: int, column: int) -> Occurrence | None:
        """What stands at a place, or ends there. Lines count from 1, columns in code points from 0."""
        found = self.occurrences.get(path, ())
        start = bisect_right(found, (line, column), key=lambda each: (each.line, each.column))
        for each in reversed(found[:start]):
            if each.line != line:
                return None
            if each.column <= column <= each.end_column:
                return each
        return None
