"""A graph that changes, quick to ask: who looks at a row of it is asked again when that row is another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pubsub_devtools.model import Event, EventGraph, Kind, Saga, Site
from pubsub_devtools_analysis.queries.index import GraphIndex, grouped
from pubsub_devtools_analysis.told import Told

if TYPE_CHECKING:
    from pubsub_devtools_analysis.memo import Memo

T = TypeVar("T")


class Watched(GraphIndex):
    """Look-ups over the graph of now, by file and by transport too. What comes from other repositories has no file here."""

    def __init__(self, name: str, memo: Memo) -> None:
        super().__init__(EventGraph(root=""))
        told: list[Told[Any]] = [Told(f"{name} {number}", memo) for number in range(len(self.tables()))]
        self._told = told
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
        before, self.graph = self.graph, graph
        events, sites, by_event, links_from, links_to, by_handler, by_publisher = self._told
        old_events, new_events = _others(before.events, graph.events)
        old_sites, new_sites = _others(before.sites, graph.sites)
        old_links, new_links = _others(before.links, graph.links)
        old_flows, new_flows = _others(before.flows, graph.flows)
        changed = events.put(_rows(old_events, new_events))
        changed |= sites.put(_rows(old_sites, new_sites))
        changed |= _regroup(by_event, lambda site: site.event, old_sites, new_sites, _place)
        changed |= _regroup(links_from, lambda link: link.source, old_links, new_links, _ends)
        changed |= _regroup(links_to, lambda link: link.target, old_links, new_links, _ends)
        changed |= _regroup(by_handler, lambda flow: flow.handler, old_flows, new_flows, _way)
        changed |= _regroup(by_publisher, lambda flow: flow.publisher, old_flows, new_flows, _way)
        changed |= _regroup(self.by_file, _file, _ours(old_sites), _ours(new_sites), _place)
        changed |= self.sagas.take(grouped((saga.place.path, saga) for saga in graph.sagas))
        if old_events or new_events:
            changed |= self._ids.take({"": tuple(event.id for event in graph.events)})
            changed |= self.by_transport.take(grouped((e.transport, e.id) for e in graph.events))
        if old_events or new_events or before.unnamed != graph.unnamed:
            changed |= self.unnamed.take(_unnamed(graph))
        return changed


def _others(old: Sequence[T], new: Sequence[T]) -> tuple[list[T], list[T]]:
    """What is gone, and what is new: a graph keeps what it has not made anew."""
    before, after = set(map(id, old)), set(map(id, new))
    return [each for each in old if id(each) not in after], [each for each in new if id(each) not in before]


def _rows(old: Iterable[Event | Site], new: Iterable[Event | Site]) -> dict[str, Any]:
    gone: dict[str, Any] = {each.id: None for each in old}
    return gone | {each.id: each for each in new}


def _regroup(
    table: Told[tuple[T, ...]],
    key: Callable[[T], str],
    old: Sequence[T],
    new: Sequence[T],
    order: Callable[[T], Any],
) -> set[Hashable]:
    """Have the groups of now: those that lose or win something are sorted again."""
    gone = set(map(id, old))
    won = grouped((key(each), each) for each in new)
    rows: dict[str, tuple[T, ...] | None] = {}
    for name in {*map(key, old), *won}:
        left = [each for each in table.known(name) or () if id(each) not in gone]
        rows[name] = tuple(sorted((*left, *won.get(name, ())), key=order)) or None
    return table.put(rows)


def _unnamed(graph: EventGraph) -> dict[str, tuple[tuple[Kind, str], ...]]:
    transports = {dialect: event.transport for event in graph.events for dialect in event.dialects}
    return grouped(
        (transports.get(missed.dialect, missed.dialect), (missed.kind, missed.place.path))
        for missed in graph.unnamed
    )


def _ours(sites: Sequence[Site]) -> list[Site]:
    return [site for site in sites if not site.origin]


def _file(site: Site) -> str:
    return site.place.path


def _place(site: Site) -> tuple[Any, ...]:
    return site.place, site.id


def _ends(link: Any) -> tuple[str, str]:
    return link.source, link.target


def _way(flow: Any) -> tuple[str, str]:
    return flow.handler, flow.publisher
