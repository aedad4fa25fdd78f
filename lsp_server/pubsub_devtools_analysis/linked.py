"""Graphs of other repositories joined to this one, read-only: consumers usually live elsewhere.

Each event, site and flow of a linked graph keeps the name of the repository it came from; the paths stay theirs. An
event of both graphs is one event.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import msgspec

from pubsub_devtools.model import Event, EventGraph, Flow, Site


def join(graph: EventGraph, others: list[EventGraph]) -> EventGraph:
    """One graph of this repository and the linked ones.

    Args:
        graph: this repository's.
        others: the linked ones, each named by its root.
    """
    if not others:
        return graph
    events = {event.id: event for event in graph.events}
    sites: list[Site] = list(graph.sites)
    flows: list[Flow] = list(graph.flows)
    links = {(link.source, link.target): link for link in graph.links}
    for other in others:
        for event in other.events:
            events[event.id] = _both(events.get(event.id), event)
        sites.extend(_site(site, other.root) for site in other.sites)
        flows.extend(
            msgspec.structs.replace(
                f, handler=f"{other.root}#{f.handler}", publisher=f"{other.root}#{f.publisher}"
            )
            for f in other.flows
        )
        for link in other.links:
            links.setdefault((link.source, link.target), link)
    return msgspec.structs.replace(
        graph,
        events=tuple(sorted(events.values(), key=lambda e: e.id)),
        sites=tuple(sorted(sites, key=lambda s: (s.place, s.id))),
        flows=tuple(sorted(flows, key=lambda f: (f.handler, f.publisher))),
        links=tuple(sorted(links.values(), key=lambda each: (each.source, each.target))),
    )


def outside(graph: EventGraph, patterns: tuple[str, ...]) -> EventGraph:
    """The graph with the events that the configuration says are published or handled elsewhere marked so."""
    if not patterns:
        return graph
    events = tuple(
        msgspec.structs.replace(event, origin="external")
        if event.origin == "workspace" and any(fnmatchcase(event.name, p) for p in patterns)
        else event
        for event in graph.events
    )
    return msgspec.structs.replace(graph, events=events)


def _both(ours: Event | None, theirs: Event) -> Event:
    """An event of both graphs: ours, with what theirs adds."""
    if ours is None:
        return msgspec.structs.replace(theirs, origin="linked")
    return msgspec.structs.replace(
        ours,
        dialects=tuple(sorted({*ours.dialects, *theirs.dialects})),
        aliases=tuple(sorted({*ours.aliases, *theirs.aliases})),
        schemas=ours.schemas or theirs.schemas,
        doc=ours.doc or theirs.doc,
    )


def _site(site: Site, origin: str) -> Site:
    return msgspec.structs.replace(site, id=f"{origin}#{site.id}", origin=site.origin or origin)
