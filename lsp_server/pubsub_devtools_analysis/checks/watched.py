"""A graph that changes, quick to ask: who looks at a row of it is asked again when that row is another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from pubsub_devtools.model import EventGraph, Kind, Saga, Site
from pubsub_devtools_analysis.queries.index import GraphIndex, grouped
from pubsub_devtools_analysis.told import Told

if TYPE_CHECKING:
    from pubsub_devtools_analysis.memo import Memo


class Watched(GraphIndex):
    """Look-ups over the graph of now, by file and by transport too. What comes from other repositories has no file here."""

    def __init__(self, name: str, memo: Memo) -> None:
        super().__init__(EventGraph(root=""))
        told: list[Told[Any]] = [Told(f"{name} {number}", memo) for number in range(len(self.tables()))]
        self.events, self.sites, self._by_event, self._links_from, self._links_to, *flows = told
        self._flows_by_handler, self._flows_by_publisher = flows
        self.by_file: Told[tuple[Site, ...]] = Told(f"{name} files", memo)
        self.sagas: Told[tuple[Saga, ...]] = Told(f"{name} sagas", memo)
        self.by_transport: Told[tuple[str, ...]] = Told(f"{name} transports", memo)
        """The events of each transport by id."""
        self._ids: Told[tuple[str, ...]] = Told(f"{name} ids", memo)
        self.unnamed: Told[tuple[tuple[Kind, str], ...]] = Told(f"{name} unnamed", memo)
        """The sites of each transport whose event could not be named: of what kind, and in which file."""

    def ids(self) -> tuple[str, ...]:
        """All events by id."""
        found: tuple[str, ...] = self._ids.get("", ())
        return found

    def take(self, graph: EventGraph) -> set[Hashable]:
        """Have this graph from now on. Gives what is told differently."""
        self.graph = graph
        rows = GraphIndex(graph).tables()
        changed = set[Hashable]().union(
            *(mine.take(new) for mine, new in zip(self.tables(), rows, strict=True) if isinstance(mine, Told))
        )
        transports = {dialect: event.transport for event in graph.events for dialect in event.dialects}
        changed |= self.by_file.take(grouped((s.place.path, s) for s in graph.sites if not s.origin))
        changed |= self.sagas.take(grouped((saga.place.path, saga) for saga in graph.sagas))
        changed |= self._ids.take({"": tuple(event.id for event in graph.events)})
        changed |= self.by_transport.take(grouped((event.transport, event.id) for event in graph.events))
        return changed | self.unnamed.take(
            grouped(
                (transports.get(missed.dialect, missed.dialect), (missed.kind, missed.place.path))
                for missed in graph.unnamed
            )
        )
