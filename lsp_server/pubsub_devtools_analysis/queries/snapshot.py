"""All that is known of one root at one moment, made quick to ask. Editors' questions are functions of it.

A snapshot never changes: an edit makes another one, which shares with it all that the edit left alone. It is made of
values alone, so that it can be told to another process.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from pubsub_devtools.model import Event, EventGraph, Finding, Site
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.lookups import Lookups
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_analysis.queries.vocabulary import Vocabulary
from pubsub_devtools_analysis.queries.words import Words

Occurrences = Mapping[str, tuple[Occurrence, ...]]


class Snapshot:
    """One root as it is known now.

    Args:
        graph: its event graph; with fields once they are known.
        occurrences: by path what each file's text says of events, sorted; a file that is not there says nothing, or has
            not been looked at yet.
        findings: by path what the checks found.
        words: by path how each file says things of events.
        is_complete: whether every file has been looked at, fields and findings included.
        lookups: those of the snapshot before, if there was one.
    """

    def __init__(
        self,
        graph: EventGraph,
        occurrences: Occurrences,
        findings: Mapping[str, tuple[Finding, ...]],
        words: Mapping[str, Words] | None = None,
        *,
        is_complete: bool = True,
        lookups: Lookups | None = None,
    ) -> None:
        self.graph = graph
        self.occurrences = occurrences
        self.findings = findings
        self.words = words or {}
        self.is_complete = is_complete
        self.lookups = lookups or Lookups()

    @cached_property
    def index(self) -> GraphIndex:
        """Look-ups over the graph."""
        return GraphIndex(self.graph)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """How calls publish and register in this root."""
        return Vocabulary(self.words)

    @cached_property
    def sites_by_path(self) -> dict[str, list[Site]]:
        """The sites of each file."""
        found: dict[str, list[Site]] = {}
        for site in self.graph.sites:
            if not site.origin:
                found.setdefault(site.place.path, []).append(site)
        return found

    @cached_property
    def events_by_last_name(self) -> dict[str, list[Event]]:
        """Events by the last part of their names and aliases: what a class, a task or a constant is called."""
        found: dict[str, dict[str, Event]] = {}
        for event in self.graph.events:
            for name in (event.name, *event.aliases):
                found.setdefault(name.rpartition(".")[2], {})[event.id] = event
        return {name: list(events.values()) for name, events in found.items()}

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
